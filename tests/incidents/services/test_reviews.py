from typing import Any

import pytest
from pytest_django import Settings

from accounts.models import User
from incidents.documents.frozen import build_frozen, content_digest
from incidents.errors import IncidentError
from incidents.models import Incident, IncidentGrant, Postmortem
from incidents.queries.reviews import list_asked_reviews, list_reviews
from incidents.services.drafts import start_postmortem
from incidents.services.postmortem_status import change_postmortem_status
from incidents.services.reviews import ask_reviewers, decide_review
from incidents.services.sections import save_section
from notifications.models import Delivery
from tests.factories import NOW, make_incident


@pytest.fixture
def postmortem(responder: User) -> Postmortem:
    return start_postmortem(make_incident(responder), actor=responder)


def ask(postmortem: Postmortem, *people: User) -> Any:
    return ask_reviewers(postmortem, people=people, actor=postmortem.author, now=NOW)


def test_asking_begins_the_review_and_says_so(postmortem: Postmortem, viewer: User) -> None:
    ask(postmortem, viewer)
    postmortem.refresh_from_db()
    assert postmortem.status == "in_review"
    event = postmortem.incident.events.order_by("pk").last()
    assert event
    assert event.text == "Review of the post-mortem asked of viewer."
    assert [review.postmortem for review in list_asked_reviews(viewer, viewer)] == [postmortem]


def test_without_a_mail_server_nobody_is_mailed_and_nothing_fails(postmortem: Postmortem, viewer: User) -> None:
    assert ask(postmortem, viewer).mailed == ()
    assert not Delivery.objects.exists()


def test_with_one_whoever_has_an_address_is_mailed(postmortem: Postmortem, viewer: User, settings: Settings) -> None:
    settings.EMAIL_HOST = "mail.example.org"
    viewer.email = "viewer@example.org"
    viewer.save()
    assert ask(postmortem, viewer, postmortem.author).mailed == (viewer,)
    delivery = Delivery.objects.get()
    assert (delivery.recipient, delivery.channel, delivery.state) == ("viewer@example.org", None, "queued")
    # A log shows it to people who may not see the incident.
    assert postmortem.incident.title not in delivery.notification.title + delivery.notification.text


def test_of_a_restricted_one_only_those_it_names_are_asked(postmortem: Postmortem, viewer: User) -> None:
    Incident.objects.filter(pk=postmortem.incident_id).update(visibility="restricted")
    with pytest.raises(IncidentError, match="who may see this incident"):
        ask(postmortem, viewer)
    IncidentGrant.objects.create(incident=postmortem.incident, person=viewer, granted_by=postmortem.author)
    assert ask(postmortem, viewer).people == (viewer,)
    stranger = postmortem.author
    assert not list_asked_reviews(viewer, stranger).exists()


def test_an_approval_of_an_earlier_text_says_so(postmortem: Postmortem, viewer: User) -> None:
    ask(postmortem, viewer)
    decide_review(postmortem.reviews.get(), decision="approved", actor=viewer, now=NOW)

    def is_older() -> bool:
        return list_reviews(postmortem, content_digest(build_frozen(postmortem)))[0].is_older

    assert not is_older()
    save_section(postmortem.sections.all()[0], body="Written since", actor=postmortem.author, now=NOW)
    assert is_older()


def test_asking_for_changes_says_which_and_asking_again_starts_anew(postmortem: Postmortem, viewer: User) -> None:
    ask(postmortem, viewer)
    review = postmortem.reviews.get()
    with pytest.raises(IncidentError, match="Say what is to be changed"):
        decide_review(review, decision="changes_requested", note=" ", actor=viewer, now=NOW)
    assert decide_review(review, decision="changes_requested", note="Why?", actor=viewer, now=NOW).note == "Why?"
    ask(postmortem, viewer)
    review.refresh_from_db()
    assert (review.decision, review.note, review.decided_at) == ("pending", "", None)


def test_nobody_decides_for_others_and_none_is_asked_for_what_is_not_required(
    postmortem: Postmortem, viewer: User
) -> None:
    ask(postmortem, viewer)
    with pytest.raises(IncidentError, match="Only whoever was asked"):
        decide_review(postmortem.reviews.get(), decision="approved", actor=postmortem.author, now=NOW)
    change_postmortem_status(
        postmortem.incident, status="not_required", reason="A test", actor=postmortem.author, now=NOW
    )
    with pytest.raises(IncidentError, match="not required"):
        ask(postmortem, viewer)
    assert not list_asked_reviews(viewer, viewer).exists()
