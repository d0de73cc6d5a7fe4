"""What is said of the sections, on its page and in the document itself."""

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from incidents.models import Incident, Postmortem, PostmortemSection, SectionComment
from incidents.services.comments import add_comment, answer_comment
from incidents.services.drafts import start_postmortem
from incidents.services.sections import save_section
from tests.factories import NOW, make_incident

GONE = "This passage is no longer in the text."


@pytest.fixture
def postmortem(responder: User) -> Postmortem:
    return start_postmortem(make_incident(responder), actor=responder)


@pytest.fixture
def section(postmortem: Postmortem, responder: User) -> PostmortemSection:
    section = postmortem.sections.get(key="summary")
    return save_section(section, body="Then the **log disk**\nwas full.", actor=responder, now=NOW).section


@pytest.fixture
def comment(section: PostmortemSection, responder: User) -> SectionComment:
    return add_comment(section, text="Since <when>?", quote="log disk was full", actor=responder)


def at(name: str, *arguments: object) -> str:
    return reverse(f"incidents:{name}", args=[Incident.objects.get().pk, *arguments])


def read(client: Client, name: str, *arguments: object, **query: str) -> str:
    return client.get(at(name, *arguments), query).content.decode()


def test_a_comment_shows_its_passage_until_that_is_gone(
    comment: SectionComment, section: PostmortemSection, as_responder: Client, responder: User
) -> None:
    assert "Then the <mark>log disk was full</mark>." in read(as_responder, "comment_list")
    save_section(section, body="Then it stopped.", actor=responder, now=NOW)
    page = read(as_responder, "comment_list")
    assert "<del>log disk was full</del>" in page
    assert GONE in page
    as_responder.post(at("comment_answer", comment.pk), {"text": "Since Monday"})
    as_responder.post(at("comment_resolution", comment.pk), {"resolved": ""})
    page = read(as_responder, "comment_list")
    assert "Since Monday" in page
    assert "Resolved by responder" in page
    as_responder.post(at("comment_resolution", comment.pk), {"open": ""})
    comment.refresh_from_db()
    assert comment.resolved_at is None
    assert as_responder.post(at("comment_answer", comment.pk), {"text": " "}).status_code == 422


def test_the_document_marks_the_passage_and_leads_to_the_comment(
    comment: SectionComment, section: PostmortemSection, as_responder: Client, responder: User
) -> None:
    answer_comment(comment, text="Since Monday", actor=responder)
    link = (
        f'<a class="comment-mark" id="passage-{comment.pk}" href="{at("comment_list")}#comment-{comment.pk}" '
        'data-count="2" aria-label="Comment by responder: Since &lt;when&gt;?"'
    )
    page = read(as_responder, "postmortem")
    assert '<strong><mark class="passage-mark">log disk</mark></strong>' in page
    assert f'<mark class="passage-mark">was full</mark>{link}' in page
    assert f"{at('postmortem')}#passage-{comment.pk}" in read(as_responder, "comment_list")
    # Shown anew, after somebody else saved and after somebody's own writing, it is the same.
    for fragment in (
        read(as_responder, "postmortem_changes", state="summary.0"),
        as_responder.get(
            at("section_edit", "summary"), {"cancel": ""}, headers={"HX-Request": "true"}
        ).content.decode(),
    ):
        assert link in fragment
        assert "1 open comment" in fragment
    save_section(section, body="Then it stopped.", actor=responder, now=NOW)
    page = read(as_responder, "postmortem")
    assert "passage-mark" not in page
    assert "1 comment is about words that are no longer here:" in page
    assert f'id="passage-{comment.pk}"' in page


def test_what_is_resolved_or_deleted_is_not_marked(comment: SectionComment, as_responder: Client) -> None:
    as_responder.post(at("comment_resolution", comment.pk), {"resolved": ""})
    assert "passage-mark" not in read(as_responder, "postmortem")
    as_responder.post(at("comment_resolution", comment.pk), {"open": ""})
    assert "passage-mark" in read(as_responder, "postmortem")
    as_responder.post(at("comment_removal", comment.pk))
    assert "passage-mark" not in read(as_responder, "postmortem")


@pytest.mark.parametrize("name", ["html_file", "markdown_file", "postmortem_json_file"])
def test_no_file_has_the_marks(comment: SectionComment, as_responder: Client, name: str) -> None:
    text = read(as_responder, name)
    assert "log disk" in text
    assert "passage-" not in text
    assert "Since" not in text


def test_a_passage_comes_with_the_address_and_what_is_not_there_is_refused(
    section: PostmortemSection, as_responder: Client
) -> None:
    page = read(as_responder, "comment_create", "summary", quote="disk", before="the log")
    assert 'value="disk"' in page
    assert 'name="quote_before" value="the log"' in page
    data = {"quote": "tape", "text": "Which?", "quote_before": "x" * 200}
    refused = as_responder.post(at("comment_create", "summary"), data)
    assert refused.status_code == 422
    assert "does not say this as it stands" in refused.content.decode()
    assert as_responder.post(at("comment_create", "summary"), data | {"quote": "disk"}).status_code == 302
    assert SectionComment.objects.get().quote_before == "x" * 60


def test_its_author_edits_deletes_and_brings_back_and_nobody_else(
    comment: SectionComment, as_responder: Client, as_administrator: Client, as_viewer: Client
) -> None:
    edit, removal = at("comment_edit", comment.pk), at("comment_removal", comment.pk)
    for other in (as_administrator, as_viewer):
        assert other.get(edit).status_code == 403
        assert other.post(edit, {"text": "Nothing"}).status_code == 403
        assert other.post(removal).status_code == 403
        assert f'"{edit}"' not in read(other, "comment_list")
    assert "Since &lt;when&gt;?</textarea>" in as_responder.get(edit).content.decode()
    assert as_responder.post(edit, {"text": ""}).status_code == 422
    assert as_responder.post(edit, {"text": "Since May?"})["Location"] == f"{at('comment_list')}#comment-{comment.pk}"
    page = read(as_administrator, "comment_list")
    assert "Since May?" in page
    assert "edited" in page
    assert as_responder.get(removal).status_code == 405
    as_responder.post(removal)
    assert "Since May?" not in read(as_administrator, "comment_list")
    assert "Deleted by" not in read(as_administrator, "comment_list")
    assert "Bring back" in read(as_responder, "comment_list")
    assert as_administrator.get(edit).status_code == 404
    as_responder.post(removal, {"undo": "yes"})
    assert "Since May?" in read(as_administrator, "comment_list")


def test_a_deleted_comment_with_answers_says_who_deleted_it(
    comment: SectionComment, as_responder: Client, as_administrator: Client, administrator: User
) -> None:
    answer_comment(comment, text="Since Monday", actor=administrator)
    as_responder.post(at("comment_removal", comment.pk))
    page = read(as_administrator, "comment_list")
    assert "Deleted by responder" in page
    assert "Since Monday" in page
    assert "Since &lt;when&gt;" not in page
    assert as_administrator.post(at("comment_answer", comment.pk), {"text": "More"}).status_code == 404


def test_sections_nobody_spoke_of_are_one_list(comment: SectionComment, as_responder: Client) -> None:
    page = read(as_responder, "comment_list")
    assert page.count('class="thread"') == 1
    assert page.index("Sections without comments") < page.index('id="comments-lessons"')
