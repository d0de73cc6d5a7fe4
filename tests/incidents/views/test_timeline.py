from django.test import Client
from django.urls import reverse

from incidents.models import TimelineEvent
from tests.factories import make_event, make_incident


def test_an_event_without_a_time_happened_now(as_responder: Client, htmx: dict[str, str]) -> None:
    incident = make_incident()
    response = as_responder.post(
        reverse("incidents:event_create", args=[incident.number]), {"text": "It broke", "kind": "alert"}, headers=htmx
    )
    assert response.status_code == 200
    assert "It broke" in response.content.decode()
    assert TimelineEvent.objects.filter(incident=incident, text="It broke").exists()


def test_a_viewer_may_not_add_events(as_viewer: Client) -> None:
    incident = make_incident()
    response = as_viewer.post(reverse("incidents:event_create", args=[incident.number]), {"text": "It broke"})
    assert response.status_code == 403


def test_a_correction_over_somebody_elses_keeps_both_texts(as_responder: Client, htmx: dict[str, str]) -> None:
    event = make_event(make_incident(), "first", version=2)
    address = reverse("incidents:event_edit", args=[event.incident_id, event.pk])
    sent = {"text": "mine", "kind": "alert", "occurred_at": "2026-11-22T12:00:00", "version": "1"}
    response = as_responder.post(address, sent, headers=htmx)
    page = response.content.decode()
    assert response.status_code == 422
    assert "mine" in page
    assert "first" in page
    assert 'name="version" value="2"' in page
    event.refresh_from_db()
    assert event.text == "first"
