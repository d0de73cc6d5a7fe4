"""An event that is sent more than once, or long after it was typed."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Scope, User
from incidents.errors import IncidentError
from incidents.models import Incident, TimelineEvent
from incidents.queries.transcripts import list_imported
from incidents.services.merging import merge_incident
from incidents.services.timeline import add_event, correct_event
from incidents.services.visibility import change_visibility
from tests.conftest import signed_in
from tests.factories import make_incident, make_token, make_user


@pytest.fixture
def incident(responder: User) -> Incident:
    return make_incident(responder)


def send(incident: Incident, text: str = "It broke", key: str = "k1", **marks: Any) -> TimelineEvent:
    return add_event(incident, text=text, actor=incident.declared_by, now=timezone.now(), submission_key=key, **marks)


def test_a_repeat_is_the_event_that_stands(incident: Incident) -> None:
    first = send(incident)
    correct_event(first, now=timezone.now(), text="It broke twice", occurred_at=first.occurred_at)
    again = send(incident)
    assert (again.pk, again.text) == (first.pk, "It broke twice")
    assert Incident.objects.get(pk=incident.pk).revision == again.revision


def test_other_text_from_an_old_form_is_another_event(incident: Incident) -> None:
    assert send(incident).pk != send(incident, "Something else broke").pk


def test_the_same_key_elsewhere_is_another_event(incident: Incident) -> None:
    assert send(incident).pk != send(make_incident(title="Another")).pk


def test_without_a_key_each_is_an_event(incident: Incident) -> None:
    assert send(incident, key="").pk != send(incident, key="").pk


def test_a_repeat_is_known_after_the_incident_was_merged(incident: Incident) -> None:
    first, other = send(incident), make_incident(title="The same")
    TimelineEvent.objects.filter(pk=first.pk).update(incident=other, merged_from=incident)
    assert send(incident).pk == first.pk


def test_keys_that_differ_at_their_end_alone_are_two_events(incident: Incident) -> None:
    key = "k" * 63
    assert send(incident, key=key + "1").pk != send(incident, key=key + "2").pk


def test_a_key_is_not_taken_for_one_of_a_paste(incident: Incident) -> None:
    send(incident, key="paste-abc-0")
    assert not list_imported(incident, "abc").exists()


@pytest.fixture
def moved_out_of_sight(incident: Incident) -> TimelineEvent:
    """What was sent to an open incident, and stands corrected in another one, which names somebody else."""
    sent, target, insider = send(incident, key="12345678"), make_incident(title="The same"), make_user("insider")
    merge_incident(incident, duplicate_of=target, actor=insider, now=timezone.now())
    people = {"people": [insider], "teams": []}
    change_visibility(target, visibility="restricted", actor=insider, now=timezone.now(), **people)
    sent.refresh_from_db()
    return correct_event(sent, now=timezone.now(), text="It broke by hunter2", occurred_at=sent.occurred_at)


def test_a_repeat_says_nothing_of_what_moved_out_of_sight(
    incident: Incident, moved_out_of_sight: TimelineEvent
) -> None:
    count = TimelineEvent.objects.count()
    with pytest.raises(IncidentError, match="an incident that you do not see"):
        send(incident, key="12345678")
    page = signed_in(incident.declared_by).post(
        reverse("incidents:event_create", args=[incident.number]),
        {"text": "It broke", "kind": "observation", "submission_key": "12345678"},
    )
    _token, token = make_token(Scope.WRITE_INCIDENTS, actor=incident.declared_by)
    program = Client(headers={"authorization": f"Bearer {token}"})
    sent = {"text": "It broke", "submission_key": "12345678"}
    answer = program.post(f"/api/v1/incidents/{incident.pk}/events/", sent, content_type="application/json")
    assert [page.status_code, answer.status_code] == [422, 409]
    for said in (page.content.decode(), answer.content.decode()):
        assert "hunter2" not in said
        assert moved_out_of_sight.incident.reference not in said
        assert "stands in an incident that you do not see" in said
    assert TimelineEvent.objects.count() == count


def post_form(client: Client, incident: Incident, **fields: str) -> int:
    fields = {"text": "It broke", "kind": "observation"} | fields
    return client.post(reverse("incidents:event_create", args=[incident.number]), fields).status_code


def test_a_form_sent_twice_by_a_plain_browser_makes_one_event(as_responder: Client, incident: Incident) -> None:
    page = as_responder.get(reverse("incidents:event_create", args=[incident.number])).context["event_form"]
    key = page["submission_key"].value()
    assert [post_form(as_responder, incident, submission_key=key) for _ in range(2)] == [302, 302]
    assert TimelineEvent.objects.filter(incident=incident, text="It broke").count() == 1
    again = as_responder.get(reverse("incidents:event_create", args=[incident.number])).context["event_form"]
    assert again["submission_key"].value() != key


def test_an_event_that_waited_happened_when_it_was_typed(as_responder: Client, incident: Incident) -> None:
    typed_at = (timezone.now() - timedelta(hours=2)).replace(microsecond=123000)
    milliseconds = str(round(typed_at.timestamp() * 1000))
    post_form(as_responder, incident, typed_at=milliseconds)
    post_form(as_responder, incident, text="Before that", occurred_at="-10m", typed_at=milliseconds)
    events = TimelineEvent.objects.filter(incident=incident)
    assert events.get(text="It broke").occurred_at == typed_at
    assert events.get(text="Before that").occurred_at == typed_at - timedelta(minutes=10)


@pytest.mark.parametrize("days", [-1, 15])
def test_an_impossible_time_of_typing_is_now(as_responder: Client, incident: Incident, days: int) -> None:
    before = timezone.now()
    typed_at = before - timedelta(days=days)
    post_form(as_responder, incident, typed_at=str(round(typed_at.timestamp() * 1000)))
    assert TimelineEvent.objects.get(incident=incident, text="It broke").occurred_at >= before


@pytest.mark.parametrize("typed_at", ["yesterday", "-5", "9" * 20])
def test_a_time_of_typing_that_is_none_is_now(as_responder: Client, incident: Incident, typed_at: str) -> None:
    assert post_form(as_responder, incident, typed_at=typed_at) == 302
