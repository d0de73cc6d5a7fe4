from datetime import timedelta

import pytest

from accounts.models import User
from incidents.errors import IncidentError
from incidents.models import Postmortem, PostmortemSection, SectionComment
from incidents.queries.comments import list_commented_sections, list_talks
from incidents.queries.reviews import count_open_comments
from incidents.services.comments import (
    add_comment,
    answer_comment,
    bring_back_comment,
    edit_comment,
    remove_comment,
    resolve_comment,
)
from incidents.services.drafts import start_postmortem
from incidents.services.sections import save_section
from tests.changes import list_changes
from tests.factories import NOW, make_event, make_incident
from tests.incidents.published import make_publication


@pytest.fixture
def postmortem(responder: User) -> Postmortem:
    return start_postmortem(make_incident(responder), actor=responder)


@pytest.fixture
def section(postmortem: Postmortem, responder: User) -> PostmortemSection:
    section = postmortem.sections.get(key="summary")
    return save_section(section, body="The **log disk** was full.", actor=responder, now=NOW).section


def test_a_passage_that_is_not_in_the_section_is_refused(section: PostmortemSection, responder: User) -> None:
    with pytest.raises(IncidentError, match="does not say this as it stands"):
        add_comment(section, text="Which?", quote="tape", actor=responder)
    with pytest.raises(IncidentError, match="too long"):
        add_comment(section, text="Which?", quote="full" * 200, actor=responder)
    for quote in ("log disk was", "**log disk** was"):
        assert add_comment(section, text="Which?", quote=quote, actor=responder).quote == quote


def test_a_row_of_a_record_is_a_passage_too(postmortem: Postmortem, responder: User) -> None:
    make_event(postmortem.incident, "The graphs went flat", is_pinned=True)
    timeline = postmortem.sections.get(key="timeline")
    assert add_comment(timeline, text="Which?", quote="graphs went flat", actor=responder).quote


def test_its_author_says_it_in_other_words_and_the_record_keeps_both(
    section: PostmortemSection, responder: User, viewer: User
) -> None:
    comment = add_comment(section, text="Wich disk?", actor=viewer)
    assert edit_comment(comment, text=" Wich disk? ", actor=viewer, now=NOW).edited_at is None
    edited = edit_comment(comment, text="Which disk?", actor=viewer, now=NOW)
    assert (edited.text, edited.edited_at) == ("Which disk?", NOW)
    kept = [(one.before, one.after) for change in list_changes(edited) for one in change.fields]
    assert ("Wich disk?", "Which disk?") in kept
    with pytest.raises(IncidentError, match="Write what"):
        edit_comment(comment, text=" ", actor=viewer, now=NOW)
    for act in (
        lambda: edit_comment(comment, text="Nothing", actor=responder, now=NOW),
        lambda: remove_comment(comment, actor=responder, now=NOW),
        lambda: bring_back_comment(comment, actor=responder),
    ):
        with pytest.raises(IncidentError, match="Only whoever wrote this"):
            act()


def test_what_was_deleted_is_brought_back_by_its_author(section: PostmortemSection, viewer: User) -> None:
    comment = add_comment(section, text="Which disk?", quote="disk", actor=viewer)
    remove_comment(comment, actor=viewer, now=NOW)
    assert (count_open_comments(section.postmortem), list_talks(section.postmortem)) == ({}, {})
    assert not SectionComment.objects.exists()
    assert bring_back_comment(comment, actor=viewer).removed_at is None
    assert count_open_comments(section.postmortem) == {"summary": 1}


def test_what_others_answered_stays_when_the_comment_is_deleted(
    section: PostmortemSection, responder: User, viewer: User
) -> None:
    comment = add_comment(section, text="Which disk?", actor=viewer)
    answer = answer_comment(comment, text="The log disk", actor=responder)

    def shown(reader: User) -> list[tuple[SectionComment, list[SectionComment]]]:
        threads = list_commented_sections(section.postmortem, reader)[0].threads
        return [(thread.comment, thread.answers) for thread in threads]

    assert list_talks(section.postmortem)["summary"].counts == {comment.pk: 2}
    remove_comment(comment, actor=viewer, now=NOW)
    assert shown(responder) == [(comment, [answer])]
    remove_comment(answer, actor=responder, now=NOW)
    assert shown(responder) == [(comment, [answer])]
    # Nobody answered any more whom the reader could read.
    assert shown(viewer) == [(comment, [])]
    assert shown(User.objects.create_user("other")) == []


def test_answers_stand_below_the_comment_and_resolving_one_resolves_that(
    section: PostmortemSection, responder: User, viewer: User
) -> None:
    comment = add_comment(section, text="Which disk?", actor=viewer)
    answer = answer_comment(comment, text="The log disk", actor=responder)
    assert answer_comment(answer, text="Since when?", actor=viewer).parent == comment
    with pytest.raises(IncidentError, match="Write what"):
        answer_comment(answer, text=" ", actor=viewer)
    assert resolve_comment(answer, is_resolved=True, actor=responder, now=NOW) == comment
    assert count_open_comments(section.postmortem) == {}
    # Who said so first, and when, stays.
    again = resolve_comment(comment, is_resolved=True, actor=viewer, now=NOW + timedelta(days=1))
    assert (again.resolved_by, again.resolved_at) == (responder, NOW)


def test_a_comment_that_was_deleted_meanwhile_is_neither_answered_nor_resolved(
    section: PostmortemSection, responder: User, viewer: User
) -> None:
    comment = add_comment(section, text="Which disk?", actor=viewer)
    answer = answer_comment(comment, text="The log disk", actor=responder)
    remove_comment(comment, actor=viewer, now=NOW)
    for each in (comment, answer):
        with pytest.raises(IncidentError, match="was deleted meanwhile"):
            answer_comment(each, text="Since when?", actor=responder)
        with pytest.raises(IncidentError, match="was deleted meanwhile"):
            resolve_comment(each, is_resolved=True, actor=responder, now=NOW)


def test_nothing_is_no_comment(section: PostmortemSection, viewer: User) -> None:
    with pytest.raises(IncidentError, match="Write what"):
        add_comment(section, text=" \n", actor=viewer)
    assert not SectionComment.objects.exists()


def test_a_passage_is_gone_once_the_text_says_something_else(section: PostmortemSection, responder: User) -> None:
    add_comment(section, text="Which?", quote="disk was full", actor=responder)

    def is_gone() -> bool:
        return list_commented_sections(section.postmortem, responder)[0].threads[0].is_gone

    assert not is_gone()
    section = save_section(section, body="Suddenly the log *disk was\nfull*.", actor=responder, now=NOW).section
    assert not is_gone()
    save_section(section, body="It stopped.", actor=responder, now=NOW)
    assert is_gone()


def test_comments_change_no_published_version(responder: User) -> None:
    publication = make_publication(make_incident(responder), responder, body="The disk was full.")
    comment = add_comment(publication.postmortem.sections.all()[0], text="Which?", quote="disk", actor=responder)
    edit_comment(comment, text="Which one?", actor=responder, now=NOW)
    resolve_comment(comment, is_resolved=True, actor=responder, now=NOW)
    remove_comment(comment, actor=responder, now=NOW)
    before = publication.content
    publication.refresh_from_db()
    assert publication.content == before
    assert "Which" not in publication.content
