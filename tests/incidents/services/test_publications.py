import hashlib
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import translation
from pytest_django import Settings

from accounts.models import User
from incidents.documents.frozen import build_frozen, content_digest
from incidents.errors import IncidentError
from incidents.models import Incident, Postmortem, Publication
from incidents.queries.publications import compare_versions, read_standing, read_version
from incidents.services.checklist import confirm_answers
from incidents.services.comments import add_comment, answer_comment, resolve_comment
from incidents.services.drafts import start_postmortem
from incidents.services.publications import publish_postmortem
from incidents.services.reviews import ask_reviewers, decide_review
from incidents.services.sections import save_section
from incidents.services.visibility import change_visibility
from tests.factories import NOW, make_incident
from tests.incidents.published import make_publication

LATER = NOW + timedelta(days=1)


@pytest.fixture
def publication(responder: User) -> Publication:
    return make_publication(make_incident(responder), responder, body="The disk was full.")


def test_a_version_is_frozen_with_its_digest_whoever_and_when(publication: Publication, responder: User) -> None:
    assert (publication.number, publication.published_by, publication.published_at) == (1, responder, NOW)
    assert hashlib.sha256(publication.content.encode()).hexdigest() == publication.sha256
    assert hashlib.sha256(publication.external_content.encode()).hexdigest() == publication.external_sha256
    assert read_version(publication).status == "Version 1, published 22 Nov 2026"
    postmortem = publication.postmortem
    assert (postmortem.status, postmortem.published_at) == ("published", NOW)


def test_the_version_for_readers_outside_names_nobody(responder: User) -> None:
    responder.name = "Nok Chaiyasit"
    responder.save()
    publication = make_publication(make_incident(responder), responder, body="Nok Chaiyasit looked.")
    assert "Nok Chaiyasit looked." in publication.content
    assert "Responder 1 looked." in publication.external_content
    assert "Nok Chaiyasit" not in publication.external_content
    assert read_version(publication, is_external=True).variant == "external"


def test_it_is_frozen_in_the_language_of_the_installation_whoever_publishes(
    responder: User, settings: Settings
) -> None:
    with translation.override("th"):
        publication = make_publication(make_incident(responder), responder, body="The disk was full.")
        standing = read_standing(publication.postmortem)
    assert read_version(publication).language == settings.LANGUAGE_CODE
    assert not standing.is_changed


def test_a_text_that_changed_since_it_was_seen_is_not_published(publication: Publication, responder: User) -> None:
    postmortem = publication.postmortem
    section = postmortem.sections.all()[0]
    save_section(section, body="It was seen.", actor=responder, now=NOW)
    seen = content_digest(build_frozen(postmortem))
    save_section(section, body="It was not seen.", actor=responder, now=NOW)
    confirm_answers(postmortem, actor=responder)
    said = {"what_changed": "More", "actor": responder, "now": LATER}
    with pytest.raises(IncidentError, match="changed after you opened this page"):
        publish_postmortem(postmortem, seen=seen, **said)
    assert publish_postmortem(postmortem, seen=content_digest(build_frozen(postmortem)), **said).number == 2


def test_an_empty_document_is_not_published_and_the_list_says_why(responder: User) -> None:
    postmortem = start_postmortem(make_incident(responder), actor=responder)
    save_section(postmortem.sections.all()[0], body=" \n\t\n", actor=responder, now=NOW)
    with pytest.raises(IncidentError, match=r"Nothing has been written in any section\. 10 questions of the checklist"):
        publish_postmortem(postmortem, actor=responder, now=NOW)
    postmortem.refresh_from_db()
    assert postmortem.status == "draft"
    assert not Publication.objects.exists()


def test_open_comments_and_requested_changes_stand_in_the_way(
    publication: Publication, responder: User, viewer: User
) -> None:
    postmortem = publication.postmortem
    section = postmortem.sections.all()[0]
    save_section(section, body="The disk was full again.", actor=responder, now=NOW)
    comment = add_comment(section, text="Which disk?", actor=viewer)
    # An answer is no comment of its own.
    answer_comment(comment, text="The log disk", actor=responder)
    ask_reviewers(postmortem, people=[viewer], actor=responder, now=NOW)
    review = postmortem.reviews.get()
    decide_review(review, decision="changes_requested", note="Say which", actor=viewer, now=NOW)

    def publish() -> Publication:
        return publish_postmortem(postmortem, what_changed="Which disk", actor=responder, now=LATER)

    with pytest.raises(IncidentError, match=r"10 questions .* 1 comment is open\. viewer asks for changes\."):
        publish()
    resolve_comment(comment, is_resolved=True, actor=responder, now=NOW)
    confirm_answers(postmortem, actor=responder)
    decide_review(review, decision="approved", actor=viewer, now=NOW)
    second = publish()
    assert (second.number, second.what_changed) == (2, "Which disk")
    postmortem.refresh_from_db()
    # What was published in time stays so.
    assert postmortem.published_at == NOW


def test_an_administrator_gives_a_reason_that_the_timeline_keeps(administrator: User, responder: User) -> None:
    postmortem = start_postmortem(make_incident(responder), actor=responder)
    for actor, override in ((responder, "The customer waits"), (administrator, " ")):
        with pytest.raises(IncidentError, match="cannot be published yet"):
            publish_postmortem(postmortem, override=override, actor=actor, now=NOW)
    publish_postmortem(postmortem, override="The customer waits", actor=administrator, now=NOW)
    event = postmortem.incident.events.order_by("pk").last()
    assert event
    assert "because: The customer waits" in event.text
    assert "Nothing has been written" in event.text


def test_the_next_version_says_what_changed_and_there_is_none_without_a_change(
    publication: Publication, responder: User
) -> None:
    postmortem = publication.postmortem
    assert not read_standing(postmortem).is_changed
    with pytest.raises(IncidentError, match="Say what changed since version 1"):
        publish_postmortem(postmortem, actor=responder, now=LATER)
    confirm_answers(postmortem, actor=responder)
    with pytest.raises(IncidentError, match="Nothing changed since version 1"):
        publish_postmortem(postmortem, what_changed="Nothing", actor=responder, now=LATER)
    save_section(postmortem.sections.all()[0], body="The log disk was full.", actor=responder, now=LATER)
    assert read_standing(postmortem).is_changed
    publish_postmortem(postmortem, what_changed="Which *disk*", actor=responder, now=LATER)
    assert not read_standing(postmortem).is_changed
    event = postmortem.incident.events.order_by("pk").last()
    assert event
    assert event.text == r"Post-mortem published, version 2. Which \*disk\*"
    changes = compare_versions(postmortem, "1", "2")
    assert changes
    [change] = [change for change in changes if change.state != "same"]
    assert [(piece.kind, piece.text) for piece in change.lines[0]] == [
        ("same", "The "),
        ("added", "log "),
        ("same", "disk was full."),
    ]
    assert compare_versions(postmortem, "1", "7") is None


def test_the_database_refuses_to_alter_or_delete_a_version(publication: Publication) -> None:
    for change in (
        lambda: Publication.objects.filter(pk=publication.pk).update(content="{}"),
        lambda: Publication.objects.filter(pk=publication.pk).delete(),
        lambda: Publication.objects.filter(pk=publication.pk).update(number=2),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            change()
    assert Publication.objects.get().sha256 == publication.sha256


def test_an_example_goes_with_its_versions(publication: Publication) -> None:
    Incident.objects.filter(pk=publication.postmortem.incident_id).update(example="some")
    Publication.objects.filter(pk=publication.pk).delete()
    assert not Publication.objects.exists()


def test_what_an_earlier_release_published_keeps_its_day(responder: User) -> None:
    postmortem = start_postmortem(make_incident(responder), actor=responder)
    long_ago = NOW - timedelta(days=300)
    Postmortem.objects.filter(pk=postmortem.pk).update(status="published", published_at=long_ago)
    publication = make_publication(postmortem.incident, responder)
    postmortem.refresh_from_db()
    assert (publication.number, publication.published_at, postmortem.published_at) == (1, NOW, long_ago)


@pytest.mark.parametrize("is_gone", [True, False])
def test_whoever_cannot_be_asked_again_does_not_hold_it_up(responder: User, viewer: User, is_gone: bool) -> None:
    incident = make_incident(responder)
    postmortem = start_postmortem(incident, actor=responder)
    ask_reviewers(postmortem, people=[viewer], actor=responder, now=NOW)
    decide_review(postmortem.reviews.get(), decision="changes_requested", note="Why?", actor=viewer, now=NOW)
    with pytest.raises(IncidentError, match="asks for changes"):
        make_publication(incident, responder)
    if is_gone:
        User.objects.filter(pk=viewer.pk).update(is_active=False)
    else:
        change_visibility(incident, visibility="restricted", actor=responder, now=NOW, people=[responder], teams=[])
    assert make_publication(incident, responder).number == 1
