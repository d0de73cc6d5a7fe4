import hashlib
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from accounts.models import User
from incidents.errors import IncidentError
from incidents.models import Incident, Publication
from incidents.queries.publications import compare_versions, read_standing, read_version
from incidents.services.comments import add_comment, resolve_comment
from incidents.services.drafts import start_postmortem
from incidents.services.publications import publish_postmortem
from incidents.services.reviews import ask_reviewers, decide_review
from incidents.services.sections import save_section
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
    assert read_version(publication).status == "Published"
    postmortem = publication.postmortem
    assert (postmortem.status, postmortem.published_at) == ("published", NOW)


def test_an_empty_document_is_not_published_and_the_list_says_why(responder: User) -> None:
    postmortem = start_postmortem(make_incident(responder), actor=responder)
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
    ask_reviewers(postmortem, people=[viewer], actor=responder, now=NOW)
    review = postmortem.reviews.get()
    decide_review(review, decision="changes_requested", note="Say which", actor=viewer, now=NOW)

    def publish() -> Publication:
        return publish_postmortem(postmortem, what_changed="Which disk", actor=responder, now=LATER)

    with pytest.raises(IncidentError, match=r"1 comment is open\. viewer asks for changes\."):
        publish()
    resolve_comment(comment, is_resolved=True, actor=responder, now=NOW)
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
    with pytest.raises(IncidentError, match="Nothing changed since version 1"):
        publish_postmortem(postmortem, what_changed="Nothing", actor=responder, now=LATER)
    save_section(postmortem.sections.all()[0], body="The log disk was full.", actor=responder, now=LATER)
    assert read_standing(postmortem).is_changed
    publish_postmortem(postmortem, what_changed="Which disk", actor=responder, now=LATER)
    assert not read_standing(postmortem).is_changed
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
