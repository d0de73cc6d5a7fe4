from django.test import Client
from django.urls import reverse

from incidents.models import TimelineEvent
from tests.factories import make_incident


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
