"""Adding to the timeline, inserting between, correcting."""

from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from incidents.models import Incident, TimelineEvent
from tests.factories import make_event, make_incident
from tests.incidents.conftest import THEN, Scene


def timeline_of(incident: Incident, query: str = "") -> str:
    return reverse("incidents:event_create", args=[incident.number]) + query


def text_of(response: Any) -> str:
    return unescape(response.content.decode())


def newest() -> TimelineEvent:
    return TimelineEvent.objects.order_by("-pk")[0]


def test_an_event_without_a_time_happened_now(as_responder: Client, htmx: dict[str, str]) -> None:
    incident = make_incident()
    response = as_responder.post(timeline_of(incident), {"text": "It broke", "kind": "alert"}, headers=htmx)
    assert response.status_code == 200
    assert "It broke" in response.content.decode()
    assert TimelineEvent.objects.filter(incident=incident, text="It broke").exists()


def test_a_viewer_may_not_add_events(as_viewer: Client) -> None:
    response = as_viewer.post(timeline_of(make_incident()), {"text": "It broke"})
    assert response.status_code == 403


def test_text_alone_makes_an_event(as_responder: Client, scene: Scene) -> None:
    as_responder.post(timeline_of(scene.incident), {"text": "It broke"})
    event = newest()
    assert (event.text, event.kind, event.grading, event.time_zone) == ("It broke", "observation", "reported", "")


def test_the_answer_to_a_new_event_is_small_whatever_is_there(
    as_responder: Client, scene: Scene, htmx: dict[str, str], django_assert_max_num_queries: Any
) -> None:
    for n in range(30):
        make_event(scene.incident, f"Event {n}", occurred_at=THEN)
    with django_assert_max_num_queries(20):
        response = as_responder.post(timeline_of(scene.incident), {"text": "It broke"}, headers=htmx)
    page = text_of(response)
    assert "Event 7" not in page
    assert f'id="timeline-event-{newest().pk}"' in page
    assert 'id="timeline-add"' in page
    assert "33 events" in page
    assert len(page) < 12_000


def test_a_time_is_read_in_the_incidents_timezone_and_shown_in_the_readers(
    as_responder: Client, responder: User, scene: Scene
) -> None:
    responder.time_zone, scene.incident.time_zone = "Asia/Bangkok", "Europe/Berlin"
    responder.save()
    scene.incident.save()
    sent = {"text": "It broke", "occurred_at": "10 Mar 2024 15:03", "ended_at": "10 Mar 2024 15:20"}
    page = text_of(as_responder.post(timeline_of(scene.incident), sent, follow=True))
    event = newest()
    assert (event.occurred_at, event.ended_at) == (THEN + timedelta(minutes=3), THEN + timedelta(minutes=20))
    assert event.time_zone == "Europe/Berlin"
    assert 'title="2024-03-10 14:03:00 UTC">21:03</time>' in page
    assert ">21:20</time>" in page
    assert "Times are shown in Asia/Bangkok, your timezone. What you type is read in <strong>Europe/Berlin" in page


def test_where_both_timezones_are_one_nothing_has_to_be_told_apart(as_responder: Client, scene: Scene) -> None:
    assert "Times are shown and typed in UTC." in text_of(as_responder.get(scene.incident.get_absolute_url()))


def test_a_time_that_cannot_be_read_stays_with_all_that_was_typed(
    as_responder: Client, scene: Scene, htmx: dict[str, str]
) -> None:
    sent = {"text": "It broke", "occurred_at": "soon", "ended_at": "later"}
    response = as_responder.post(timeline_of(scene.incident), sent, headers=htmx)
    page = text_of(response)
    assert response.status_code == 422
    assert "“soon” is not a time that can be read." in page
    assert all(f'value="{sent[name]}"' in page for name in ("occurred_at", "ended_at"))
    # What is folded away shows where it is to be corrected.
    assert 'class="event-folded" open' in page


@pytest.mark.parametrize("is_htmx", [True, False])
@pytest.mark.parametrize(("side", "at"), [("before", "14:05:00"), ("after", "14:15:00")])
def test_inserting_proposes_a_time_between_the_neighbours(
    as_responder: Client, scene: Scene, htmx: dict[str, str], side: str, at: str, is_htmx: bool
) -> None:
    middle = make_event(scene.incident, "In the middle", occurred_at=THEN + timedelta(minutes=10))
    make_event(scene.incident, "Last", occurred_at=THEN + timedelta(minutes=20))
    address = timeline_of(scene.incident, f"?{side}={middle.pk}")
    page = text_of(as_responder.get(address, headers=htmx if is_htmx else None))
    assert f'value="2024-03-10 {at}"' in page
    assert f'action="{address}"' in page
    assert ("<!doctype html>" in page) != is_htmx
    sent = {"text": "Between", "occurred_at": f"2024-03-10 {at}"}
    response = as_responder.post(address, sent, headers=htmx if is_htmx else None)
    assert response.status_code == (200 if is_htmx else 302)
    order = [*scene.incident.events.order_by("occurred_at", "pk").values_list("text", flat=True)]
    place = order.index("In the middle")
    assert order[place - 1 if side == "before" else place + 1] == "Between"


def test_before_the_first_and_after_the_last_it_is_a_minute_away(as_responder: Client, scene: Scene) -> None:
    scene.incident.events.exclude(pk=scene.event.pk).delete()
    for side, at in (("before", "13:59:00"), ("after", "14:01:00")):
        page = text_of(as_responder.get(timeline_of(scene.incident, f"?{side}={scene.event.pk}")))
        assert f'value="2024-03-10 {at}"' in page


def test_between_two_of_one_instant_the_time_is_theirs(as_responder: Client, scene: Scene) -> None:
    other = make_event(scene.incident, "At once", occurred_at=THEN)
    page = text_of(as_responder.get(timeline_of(scene.incident, f"?before={other.pk}")))
    assert 'value="2024-03-10 14:00:00"' in page


def test_hidden_events_are_no_neighbours(as_responder: Client, scene: Scene) -> None:
    scene.incident.events.exclude(pk=scene.event.pk).delete()
    make_event(scene.incident, "Noise", occurred_at=THEN + timedelta(seconds=2), is_hidden=True)
    page = text_of(as_responder.get(timeline_of(scene.incident, f"?after={scene.event.pk}")))
    assert 'value="2024-03-10 14:01:00"' in page


def test_what_is_inserted_wrongly_stays_in_its_place(as_responder: Client, scene: Scene, htmx: dict[str, str]) -> None:
    address = timeline_of(scene.incident, f"?after={scene.event.pk}")
    response = as_responder.post(address, {"text": "", "occurred_at": "2024-03-10 14:01"}, headers=htmx)
    page = text_of(response)
    assert response.status_code == 422
    assert f'id="timeline-insert-after-{scene.event.pk}"' in page
    assert "Write what happened; a few words are enough." in page
    assert "Read as Sunday, 10 March 2024, 14:01 (UTC)." in page


@pytest.mark.parametrize("key", ["4711", "9" * 30, "x", ""])
def test_beside_what_is_not_there_nothing_is_inserted(as_responder: Client, scene: Scene, key: str) -> None:
    response = as_responder.get(timeline_of(scene.incident, f"?before={key}"))
    assert response.status_code == (404 if key == "4711" else 200)


def test_after_the_incident_what_is_added_is_taken_for_recollected(as_responder: Client, scene: Scene) -> None:
    option = '<option value="recollected" selected>'
    assert option not in text_of(as_responder.get(timeline_of(scene.incident)))
    Incident.objects.filter(pk=scene.incident.pk).update(status="resolved", resolved_at=THEN)
    assert option in text_of(as_responder.get(timeline_of(scene.incident)))


def test_a_correction_takes_everything_and_answers_with_its_row(
    as_responder: Client, scene: Scene, htmx: dict[str, str]
) -> None:
    address = reverse("incidents:event_edit", args=[scene.incident.number, scene.event.pk])
    form = as_responder.get(address, headers=htmx).context["edit_form"]
    sent = {"seen": form["seen"].value(), "text": "Better", "kind": "action", "grading": "measured"}
    sent |= {"occurred_at": "2024-03-10 14:03", "ended_at": "2024-03-10 14:20", "is_pinned": "on"}
    page = text_of(as_responder.post(address, sent, headers=htmx))
    assert page.count('<li class="event"') == 1
    assert all(part in page for part in ("Better", "14:03", "14:20", "measured", "corrected once", "history/"))
    event = TimelineEvent.objects.get(pk=scene.event.pk)
    assert (event.kind, event.grading, event.ended_at) == ("action", "measured", THEN + timedelta(minutes=20))


def test_a_form_that_is_given_up_is_a_row_again(as_responder: Client, scene: Scene, htmx: dict[str, str]) -> None:
    address = reverse("incidents:event_edit", args=[scene.incident.number, scene.event.pk])
    page = text_of(as_responder.get(address, {"cancel": ""}, headers=htmx))
    assert page.lstrip().startswith("<li")
    assert "The graphs went flat" in page
    assert "<form" not in page
    assert as_responder.get(address, {"cancel": ""}).status_code == 302


def test_who_may_only_read_gets_no_buttons(as_viewer: Client, scene: Scene) -> None:
    page = text_of(as_viewer.get(scene.incident.get_absolute_url()))
    assert "The graphs went flat" in page
    assert "event-actions" not in page
    assert "Hide all system events" not in page


def test_each_row_says_which_event_it_is_and_how_new(as_responder: Client, scene: Scene) -> None:
    TimelineEvent.objects.filter(pk=scene.event.pk).update(revision=7)
    page = text_of(as_responder.get(scene.incident.get_absolute_url()))
    row = page.partition(f'id="timeline-event-{scene.event.pk}"')[2].partition(">")[0]
    assert 'data-at="2024-03-10T14:00:00.000000Z"' in row
    assert f'data-pk="{scene.event.pk}"' in row
    assert 'data-revision="7"' in row
    assert '<li class="timeline-day" data-day="2024-03-10">' in page
