"""The pages of a review, of comments, of the checklist, of versions and of the copy for readers outside."""

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from incidents.models import Incident, Postmortem, SectionComment
from incidents.services.comments import add_comment
from incidents.services.drafts import start_postmortem
from incidents.services.reviews import ask_reviewers
from incidents.services.sections import save_section
from tests.factories import NOW, make_incident
from tests.incidents.published import make_publication

PAGES = ["review", "comment_list", "checklist", "publication_list", "external_create"]


@pytest.fixture
def postmortem(responder: User) -> Postmortem:
    return start_postmortem(make_incident(responder), actor=responder)


def at(name: str, *arguments: object) -> str:
    return reverse(f"incidents:{name}", args=[1, *arguments])


@pytest.mark.parametrize("name", PAGES)
def test_readers_see_the_pages_and_change_nothing(postmortem: Postmortem, as_viewer: Client, name: str) -> None:
    assert as_viewer.get(at(name)).status_code == 200
    if name in ("review", "checklist"):
        assert as_viewer.post(at(name), {}).status_code == 403
    assert as_viewer.post(at("publication_create"), {}).status_code == 403
    assert as_viewer.get(at("comment_create", "summary")).status_code == 403


@pytest.mark.parametrize("name", PAGES)
def test_a_restricted_incident_has_none_of_them(postmortem: Postmortem, as_viewer: Client, name: str) -> None:
    Incident.objects.filter(pk=1).update(visibility="restricted")
    assert as_viewer.get(at(name)).status_code == 404
    assert as_viewer.post(at("review_decision"), {"decision": "approved"}).status_code == 404


def test_a_reviewer_is_asked_comments_and_decides(
    postmortem: Postmortem, as_responder: Client, as_viewer: Client, viewer: User
) -> None:
    answer = as_responder.post(at("review"), {"people": [viewer.pk]}, follow=True)
    assert "No mail server is set, so nobody was mailed" in answer.content.decode()
    assert "Reviews asked for" in as_viewer.get(reverse("incidents:person", args=[viewer.pk])).content.decode()
    answer = as_viewer.post(at("comment_create", "summary"), {"text": "Which disk?"})
    assert answer["Location"] == f"{at('comment_list')}#comment-{SectionComment.objects.get().pk}"
    refused = as_viewer.post(at("review_decision"), {"decision": "changes_requested", "note": ""})
    assert refused.status_code == 422
    assert "Say what is to be changed." in refused.content.decode()
    assert as_viewer.post(at("review_decision"), {"decision": "approved", "note": "Good"}).status_code == 302
    page = as_responder.get(at("review")).content.decode()
    assert "Approved" in page
    assert "1 comment is open." in page
    assert "1 open comment" in as_responder.get(postmortem.get_absolute_url()).content.decode()


def test_who_was_not_asked_decides_nothing_and_asking_nobody_is_refused(
    postmortem: Postmortem, as_responder: Client
) -> None:
    assert as_responder.post(at("review_decision"), {"decision": "approved"}).status_code == 404
    assert as_responder.post(at("review"), {}).status_code == 422


def test_a_comment_marks_its_passage_until_that_is_gone(
    postmortem: Postmortem, as_responder: Client, responder: User
) -> None:
    section = postmortem.sections.get(key="summary")
    save_section(section, body="Then the **log disk**\nwas full.", actor=responder, now=NOW)
    comment = add_comment(section, text="Since when?", quote="log disk was full", actor=responder)
    assert "<mark>log disk was full</mark>" in as_responder.get(at("comment_list")).content.decode()
    save_section(section, body="Then it stopped.", actor=responder, now=NOW)
    page = as_responder.get(at("comment_list")).content.decode()
    assert "<del>log disk was full</del>" in page
    assert "This passage is no longer in the text." in page
    as_responder.post(at("comment_answer", comment.pk), {"text": "Since Monday"})
    as_responder.post(at("comment_resolution", comment.pk), {"resolved": ""})
    page = as_responder.get(at("comment_list")).content.decode()
    assert "Since Monday" in page
    assert "Resolved by responder" in page
    as_responder.post(at("comment_resolution", comment.pk), {"open": ""})
    comment.refresh_from_db()
    assert comment.resolved_at is None
    assert as_responder.post(at("comment_answer", comment.pk), {"text": " "}).status_code == 422


def test_the_checklist_is_answered_and_an_answer_taken_back(postmortem: Postmortem, as_responder: Client) -> None:
    refused = as_responder.post(at("checklist"), {"question": "causes", "answer": "not_applicable", "reason": " "})
    assert refused.status_code == 422
    assert "Say why the question does not apply." in refused.content.decode()
    as_responder.post(at("checklist"), {"question": "causes", "answer": "not_applicable", "reason": "A drill"})
    assert "A drill" in as_responder.get(at("checklist")).content.decode()
    as_responder.post(at("checklist"), {"question": "causes", "answer": ""})
    assert not postmortem.checklist_answers.exists()
    assert as_responder.post(at("checklist"), {"question": "nothing", "answer": "met"}).status_code == 422


def test_one_click_publishes_no_empty_document(postmortem: Postmortem, as_responder: Client) -> None:
    refused = as_responder.post(at("publication_create"), {"override": "I may not"})
    assert refused.status_code == 422
    assert "Nothing has been written in any section." in refused.content.decode()
    assert not postmortem.publications.exists()


def test_a_version_is_read_compared_and_taken_away(as_responder: Client, responder: User) -> None:
    publication = make_publication(make_incident(responder), responder, body="The disk was full.")
    save_section(publication.postmortem.sections.all()[0], body="It was empty.", actor=responder, now=NOW)
    page = as_responder.get(publication.get_absolute_url()).content.decode()
    assert "The disk was full." in page
    assert publication.sha256 in page
    assert "Changed since version 1." in as_responder.get(at("publication_list")).content.decode()
    document = as_responder.get(publication.postmortem.get_absolute_url()).content.decode()
    assert "Changed since version 1." in document
    assert "<ins>" in as_responder.get(at("publication_comparison")).content.decode()
    for wanted in ("html", "md", "json"):
        answer = as_responder.post(at("publication_file", 1, wanted))
        assert "The disk was full." in answer.content.decode()
        assert "attachment" in answer["Content-Disposition"]
    assert as_responder.post(at("publication_file", 1, "pdf"))["Location"].startswith(at("postmortem") + "pdf/")
    assert as_responder.post(at("publication_file", 1, "exe")).status_code == 404
    assert as_responder.get(at("publication", 7)).status_code == 404
    for other in ("7", "x", "9" * 30):
        assert as_responder.get(at("publication_comparison"), {"from": other}).status_code == 404


def test_names_that_are_left_are_settled_before_a_copy_is_taken(
    postmortem: Postmortem, as_responder: Client, responder: User
) -> None:
    responder.name = "Nok Chaiyasit"
    responder.save()
    save_section(postmortem.sections.all()[0], body="Chaiyasit looked.", actor=responder, now=NOW)
    page = as_responder.get(at("external_create"))
    assert "Chaiyasit looked." in page.content.decode()
    seen = page.context["copy"].fingerprint
    for data in ({"format": "md", "seen": seen}, {"format": "md", "names": "keep", "seen": "other"}):
        assert as_responder.post(at("external_create"), data).status_code == 422
    kept = as_responder.post(at("external_create"), {"format": "md", "names": "keep", "seen": seen}).content.decode()
    assert "Chaiyasit looked." in kept
    assert "Nok" not in kept
    replaced = as_responder.post(at("external_create"), {"format": "md", "names": "replace", "seen": seen})
    assert "Responder 1 looked." in replaced.content.decode()
    assert as_responder.get(at("external_create"), {"version": "7"}).status_code == 404


def test_a_person_who_does_not_see_the_incident_hears_nothing_of_the_review(
    postmortem: Postmortem, as_responder: Client, viewer: User, responder: User
) -> None:
    ask_reviewers(postmortem, people=[viewer], actor=responder, now=NOW)
    Incident.objects.filter(pk=1).update(visibility="restricted")
    page = as_responder.get(reverse("incidents:person", args=[viewer.pk])).content.decode()
    assert "Reviews asked for" not in page
