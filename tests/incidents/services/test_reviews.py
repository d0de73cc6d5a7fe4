from typing import Any

import pytest
from pytest_django import Settings

from accounts.models import User
from incidents.documents.frozen import build_frozen, content_digest
from incidents.errors import IncidentError
from incidents.models import Incident, IncidentGrant, Postmortem
from incidents.queries.reviews import list_asked_reviews, list_reviews, may_comment
from incidents.services.drafts import start_postmortem
from incidents.services.postmortem_status import change_postmortem_status
from incidents.services.reviews import ask_reviewers, decide_review, withdraw_review
from incidents.services.sections import save_section
from notifications.models import Delivery
from tests.factories import NOW, make_incident, make_team, make_user


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
    administrator = make_user("admin", "administrator")
    for person in (viewer, administrator):
        person.email = f"{person}@example.org"
        person.save()
    people = [viewer, administrator]
    assert ask_reviewers(postmortem, people=people, actor=administrator, now=NOW).mailed == (viewer,)
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


def test_those_of_a_team_that_a_restricted_one_names_are_asked(postmortem: Postmortem, viewer: User) -> None:
    Incident.objects.filter(pk=postmortem.incident_id).update(visibility="restricted")
    team = make_team()
    team.members.add(viewer)
    IncidentGrant.objects.create(incident=postmortem.incident, team=team, granted_by=postmortem.author)
    assert ask(postmortem, viewer).people == (viewer,)


def test_nobody_is_no_reviewer_and_the_timeline_names_all_who_were_asked(postmortem: Postmortem, viewer: User) -> None:
    with pytest.raises(IncidentError, match="Choose one or more people"):
        ask(postmortem)
    starred = make_user("starred", name="*Star*")
    ask(postmortem, viewer, starred)
    event = postmortem.incident.events.order_by("pk").last()
    assert event
    assert event.text == r"Review of the post-mortem asked of viewer, \*Star\*."


def test_only_those_who_were_asked_may_comment_besides_writers(postmortem: Postmortem, viewer: User) -> None:
    ask(postmortem, viewer)
    stranger = make_user("stranger", "viewer")
    may = [may_comment(person, postmortem) for person in (viewer, postmortem.author, stranger)]
    assert may == [True, True, False]


def test_a_text_that_changed_since_it_was_seen_is_not_decided_on(postmortem: Postmortem, viewer: User) -> None:
    ask(postmortem, viewer)
    review, seen = postmortem.reviews.get(), content_digest(build_frozen(postmortem))
    save_section(postmortem.sections.all()[0], body="Written since", actor=postmortem.author, now=NOW)
    with pytest.raises(IncidentError, match="changed after you opened this page"):
        decide_review(review, decision="approved", seen=seen, actor=viewer, now=NOW)
    review.refresh_from_db()
    assert review.decision == "pending"
    seen = content_digest(build_frozen(postmortem))
    assert decide_review(review, decision="approved", seen=seen, actor=viewer, now=NOW).decision == "approved"


def test_whoever_is_no_longer_asked_decides_nothing(postmortem: Postmortem, viewer: User) -> None:
    ask(postmortem, viewer)
    review = postmortem.reviews.get()
    withdraw_review(review, actor=postmortem.author, now=NOW)
    with pytest.raises(IncidentError, match="the request was withdrawn"):
        decide_review(review, decision="approved", actor=viewer, now=NOW)


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


def test_a_request_is_withdrawn_and_whoever_was_asked_hears_of_it(
    postmortem: Postmortem, viewer: User, settings: Settings
) -> None:
    settings.EMAIL_HOST = "mail.example.org"
    viewer.email = "viewer@example.org"
    viewer.save()
    ask(postmortem, viewer)
    review = postmortem.reviews.get()
    assert withdraw_review(review, actor=postmortem.author, now=NOW) == viewer
    assert not postmortem.reviews.exists()
    postmortem.refresh_from_db()
    assert postmortem.status == "draft"
    event = postmortem.incident.events.order_by("pk").last()
    assert event
    assert event.text == "viewer is no longer asked to review the post-mortem."
    told = [delivery.notification.title for delivery in Delivery.objects.order_by("pk")]
    assert told[1:] == [f"Your review of the post-mortem of {postmortem.incident.reference} is no longer needed"]
    with pytest.raises(IncidentError, match="withdrawn already"):
        withdraw_review(review, actor=postmortem.author, now=NOW)


def test_the_review_goes_on_while_others_are_asked_and_a_decision_stays(
    postmortem: Postmortem, viewer: User, administrator: User
) -> None:
    ask(postmortem, viewer, administrator)
    decide_review(
        postmortem.reviews.get(reviewer=viewer), decision="changes_requested", note="Why?", actor=viewer, now=NOW
    )
    with pytest.raises(IncidentError, match="viewer has decided"):
        withdraw_review(postmortem.reviews.get(reviewer=viewer), actor=postmortem.author, now=NOW)
    withdraw_review(postmortem.reviews.get(reviewer=administrator), actor=postmortem.author, now=NOW)
    postmortem.refresh_from_db()
    assert (postmortem.status, [one.reviewer for one in postmortem.reviews.all()]) == ("in_review", [viewer])


def test_whoever_lost_sight_of_the_incident_hears_nothing_of_the_withdrawal(
    postmortem: Postmortem, viewer: User, settings: Settings
) -> None:
    settings.EMAIL_HOST = "mail.example.org"
    viewer.email = "viewer@example.org"
    viewer.save()
    ask(postmortem, viewer)
    Incident.objects.filter(pk=postmortem.incident_id).update(visibility="restricted")
    withdraw_review(postmortem.reviews.get(), actor=postmortem.author, now=NOW)
    assert Delivery.objects.count() == 1


def test_the_author_reviews_only_where_nobody_else_could(postmortem: Postmortem, viewer: User) -> None:
    author = postmortem.author
    with pytest.raises(IncidentError, match="is the author, who cannot review their own post-mortem"):
        ask(postmortem, author, viewer)
    assert not postmortem.reviews.exists()
    Incident.objects.filter(pk=postmortem.incident_id).update(visibility="restricted")
    IncidentGrant.objects.get_or_create(incident=postmortem.incident, person=author, defaults={"granted_by": author})
    assert ask(postmortem, author).people == (author,)
