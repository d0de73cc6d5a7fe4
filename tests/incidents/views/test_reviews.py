"""The pages of a review, of comments, of the checklist, of versions and of the copy for readers outside."""

import re
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from accounts.models import User
from incidents.models import Incident, Postmortem, RenderedDocument, SectionComment
from incidents.queries.publishing import question_keys
from incidents.services.checklist import answer_question
from incidents.services.drafts import start_postmortem
from incidents.services.rendering import make_pdf
from incidents.services.reviews import ask_reviewers
from incidents.services.sections import save_section
from tests.factories import NOW, make_incident
from tests.incidents.published import make_publication

PAGES = ["review", "comment_list", "checklist", "publication_list", "external_create"]


@pytest.fixture
def postmortem(responder: User) -> Postmortem:
    return start_postmortem(make_incident(responder), actor=responder)


def at(name: str, *arguments: object) -> str:
    return reverse(f"incidents:{name}", args=[Incident.objects.get().pk, *arguments])


@pytest.mark.parametrize("name", PAGES)
def test_readers_see_the_pages_and_change_nothing(postmortem: Postmortem, as_viewer: Client, name: str) -> None:
    assert as_viewer.get(at(name)).status_code == 200
    if name in ("review", "checklist"):
        assert as_viewer.post(at(name), {}).status_code == 403
    assert as_viewer.post(at("publication_create"), {}).status_code == 403
    assert as_viewer.get(at("comment_create", "summary")).status_code == 403


@pytest.mark.parametrize("name", PAGES)
def test_a_restricted_incident_has_none_of_them(postmortem: Postmortem, as_viewer: Client, name: str) -> None:
    Incident.objects.update(visibility="restricted")
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


def test_a_request_is_withdrawn_by_those_who_write(
    postmortem: Postmortem, as_responder: Client, as_viewer: Client, viewer: User
) -> None:
    as_responder.post(at("review"), {"people": [viewer.pk]})
    address = at("review_withdrawal", postmortem.reviews.get().pk)
    assert address in as_responder.get(at("review")).content.decode()
    assert address not in as_viewer.get(at("review")).content.decode()
    assert as_viewer.post(address).status_code == 403
    assert as_responder.get(address).status_code == 405
    assert "viewer is no longer asked." in as_responder.post(address, follow=True).content.decode()
    assert as_responder.post(address).status_code == 404
    as_responder.post(at("review"), {"people": [viewer.pk]})
    as_viewer.post(at("review_decision"), {"decision": "approved"})
    address = at("review_withdrawal", postmortem.reviews.get().pk)
    assert "viewer has decided." in as_responder.post(address, follow=True).content.decode()


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
    refused = as_responder.post(at("publication_create"), {"override": "I may not", "read": "on"})
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


def test_only_the_text_that_the_page_was_about_is_approved_and_published(
    postmortem: Postmortem, as_responder: Client, as_viewer: Client, viewer: User, responder: User
) -> None:
    ask_reviewers(postmortem, people=[viewer], actor=responder, now=NOW)
    for question in question_keys():
        answer_question(postmortem, question=question, answer="met", actor=responder)
    section = postmortem.sections.all()[0]

    def seen(client: Client) -> dict[str, str]:
        found = re.search(r'name="seen" type="hidden" value="(\w{64})"', client.get(at("review")).content.decode())
        assert found
        return {"seen": found[1]}

    for client, address, data in (
        (as_viewer, at("review_decision"), {"decision": "approved"}),
        (as_responder, at("publication_create"), {"read": "on"}),
    ):
        known = seen(client)
        save_section(section, body=f"Written for {address}.", actor=responder, now=NOW)
        refused = client.post(address, data | known)
        assert refused.status_code == 422
        assert "was changed after you opened this page" in refused.content.decode()
        assert client.post(address, data | seen(client)).status_code == 302
    assert postmortem.publications.count() == 1


def test_names_that_are_left_are_settled_before_a_copy_is_taken(
    postmortem: Postmortem, as_responder: Client, responder: User
) -> None:
    responder.name = "Nok Chaiyasit"
    responder.save()
    save_section(postmortem.sections.all()[0], body="Chaiyasit looked.", actor=responder, now=NOW)
    page = as_responder.get(at("external_create"))
    assert "Chaiyasit looked." in page.content.decode()
    seen = page.context["copy"].fingerprint
    for data in ({"format": "md", "seen": "other"}, {"format": "exe", "seen": seen}, {"format": "md"}):
        assert as_responder.post(at("external_create"), data).status_code == 422
    kept = as_responder.post(at("external_create"), {"format": "md", "keep": "chaiyasit", "seen": seen})
    assert "Chaiyasit looked." in kept.content.decode()
    assert "Nok" not in kept.content.decode()
    replaced = as_responder.post(at("external_create"), {"format": "md", "seen": seen})
    assert "Responder 1 looked." in replaced.content.decode()
    assert as_responder.get(at("external_create"), {"version": "7"}).status_code == 404


def test_a_pdf_for_outside_says_so_in_its_name_and_is_never_made_again_as_another(
    postmortem: Postmortem, as_responder: Client, responder: User, settings: Settings, tmp_path: Path
) -> None:
    settings.DOCUMENTS_DIR = tmp_path
    seen = as_responder.get(at("external_create")).context["copy"].fingerprint
    waiting = as_responder.post(at("external_create"), {"format": "pdf", "seen": seen})["Location"]
    row = RenderedDocument.objects.get()
    make_pdf(row.digest)
    RenderedDocument.objects.update(status="ready")
    file = as_responder.get(at("pdf_file", row.digest))
    assert f'filename="{postmortem.incident.reference} Checkout is slow external.pdf"' in file["Content-Disposition"]
    assert b"".join(file.streaming_content).startswith(b"%PDF")
    RenderedDocument.objects.update(status="failed", error="The disk was full.")
    page = as_responder.get(waiting).content.decode()
    # It would make one of what stands now, for readers inside.
    assert at("pdf_create") + '"' not in page
    assert at("external_create") in page


def test_a_person_who_does_not_see_the_incident_hears_nothing_of_the_review(
    postmortem: Postmortem, as_responder: Client, viewer: User, responder: User
) -> None:
    ask_reviewers(postmortem, people=[viewer], actor=responder, now=NOW)
    Incident.objects.update(visibility="restricted")
    page = as_responder.get(reverse("incidents:person", args=[viewer.pk])).content.decode()
    assert "Reviews asked for" not in page


def publish_panel(client: Client) -> str:
    page = client.get(at("review")).content.decode()
    return " ".join(page.partition('id="publish-panel"')[2].partition("</section>")[0].split())


def test_what_is_missing_is_said_beside_the_button_and_blocks_nothing(
    postmortem: Postmortem, as_responder: Client, viewer: User, responder: User
) -> None:
    assert "Nobody has been asked to review it" in publish_panel(as_responder)
    ask_reviewers(postmortem, people=[viewer], actor=responder, now=NOW)
    for question in question_keys():
        answer_question(postmortem, question=question, answer="met", actor=responder)
    section = postmortem.sections.get(key="lessons")
    save_section(section, body="It was full.", actor=responder, now=NOW)
    panel = publish_panel(as_responder)
    assert "Not answered yet: viewer" in panel
    assert re.search(r"Not written yet: [^<]+Root causes[^<]+<", panel)
    assert section.title not in panel
    assert re.search(rf'href="{at("completeness")}">\d+ things are missing by the completeness meter', panel)
    refused = as_responder.post(at("publication_create"), {})
    assert refused.status_code == 422
    assert "Read the post-mortem, then tick this" in refused.content.decode()
    assert not postmortem.publications.exists()
    assert as_responder.post(at("publication_create"), {"read": "on"}).status_code == 302


def test_after_a_version_its_answers_and_approvals_are_of_an_earlier_text(
    as_responder: Client, as_viewer: Client, responder: User, viewer: User
) -> None:
    postmortem = make_publication(make_incident(responder), responder, body="The disk was full.").postmortem
    ask_reviewers(postmortem, people=[viewer], actor=responder, now=NOW)
    as_viewer.post(at("review_decision"), {"decision": "approved"})
    assert "Version 1 is what stands now" in publish_panel(as_responder)
    assert at("publication_create") not in publish_panel(as_responder)
    save_section(postmortem.sections.all()[0], body="It was empty.", actor=responder, now=NOW)
    panel = publish_panel(as_responder)
    assert "10 questions of the checklist are unanswered." in panel
    assert "1 approval is about an earlier text and does not count" in panel
    said = {"what_changed": "The disk", "read": "on"}
    assert as_responder.post(at("publication_create"), said).status_code == 422
    assert as_responder.get(at("checklist")).content.decode().count("answered for version 1:") == 10
    assert at("checklist_confirmation") not in as_viewer.get(at("checklist")).content.decode()
    assert as_viewer.post(at("checklist_confirmation")).status_code == 403
    assert as_responder.get(at("checklist_confirmation")).status_code == 405
    page = as_responder.post(at("checklist_confirmation"), follow=True).content.decode()
    assert "10 answers are confirmed." in page
    assert "answered for version 1:" not in page
    assert as_responder.post(at("publication_create"), said).status_code == 302
    assert postmortem.publications.count() == 2


def test_people_are_chosen_with_boxes_to_tick(postmortem: Postmortem, as_responder: Client, viewer: User) -> None:
    page = as_responder.get(at("review")).content.decode()
    assert re.search(rf'<input type="checkbox" name="people" value="{viewer.pk}"', page)


def test_the_panel_says_since_when_it_is_overdue(postmortem: Postmortem, as_responder: Client) -> None:
    Incident.objects.update(
        status="resolved", resolved_at=NOW.replace(year=2024), severity_id=1, declared_at=NOW.replace(year=2024)
    )
    page = as_responder.get(at("postmortem")).content.decode()
    assert re.search(r'data-state="overdue">overdue since \d+ \w+ 2024', page)
