from html import unescape

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from incidents.models import Incident, SeverityLevel
from incidents.services.status import change_status
from tests.conftest import signed_in
from tests.factories import NOW, make_incident


@pytest.fixture
def resolved(responder: User) -> Incident:
    incident = make_incident(responder, severity=SeverityLevel.objects.get(level=1))
    Incident.objects.filter(pk=incident.pk).update(data_loss="lost")
    return change_status(incident, status="resolved", actor=responder, now=NOW)


def address(incident: Incident) -> str:
    return reverse("incidents:status_edit", args=[incident.number])


def test_the_page_says_beforehand_what_stands_in_the_way_with_links(as_viewer: Client, resolved: Incident) -> None:
    text = as_viewer.get(resolved.get_absolute_url()).content.decode()
    assert "A post-mortem is required at SEV1 and has not been published." in text
    assert f'<a href="{reverse("incidents:postmortem", args=[resolved.number])}">Open the post-mortem</a>' in text
    assert "Data was lost, and no restore test that passed is attached as evidence." in text
    assert f'<a href="{reverse("recovery:evidence_list", args=[resolved.number])}">Attach a restore test</a>' in text


def test_a_refusal_names_everything_and_keeps_what_was_typed(as_responder: Client, resolved: Incident) -> None:
    answer = as_responder.post(address(resolved), {"status": "closed", "note": "All done", "override": "Because"})
    text = unescape(answer.content.decode())
    assert answer.status_code == 422
    assert "This incident cannot be closed yet. A post-mortem is required at SEV1" in text
    assert "All done" in text
    assert 'name="override"' not in text


def test_an_administrator_closes_with_a_reason(resolved: Incident, administrator: User) -> None:
    client = signed_in(administrator)
    assert 'name="override"' in client.get(address(resolved)).content.decode()
    assert client.post(address(resolved), {"status": "closed", "override": " "}).status_code == 422
    assert client.post(address(resolved), {"status": "closed", "override": "Because"}).status_code == 302
    resolved.refresh_from_db()
    assert resolved.status == "closed"


def test_the_form_says_which_milestones_each_status_sets_and_takes_back(
    as_responder: Client, responder: User, resolved: Incident
) -> None:
    text = as_responder.get(address(make_incident(responder))).content.decode()
    assert "Identified fills in these milestones: Acknowledged." in text
    assert "Monitoring fills in these milestones: Mitigated, Acknowledged." in text
    assert "Resolved fills in these milestones: Resolved, Mitigated, Acknowledged." in text
    assert (
        "Investigating empties these milestones: Mitigated, Resolved."
        in as_responder.get(address(resolved)).content.decode()
    )


def test_each_duration_says_why_it_is_what_it_is(as_viewer: Client, responder: User) -> None:
    incident = make_incident(responder)
    text = unescape(as_viewer.get(incident.get_absolute_url()).content.decode())
    assert "Pending" in text
    assert "Measured as soon as this is known: Impact started, Detected." in text
    Incident.objects.filter(pk=incident.pk).update(detected_at=NOW, acknowledged_at=NOW.replace(hour=1))
    text = unescape(as_viewer.get(incident.get_absolute_url()).content.decode())
    assert 'data-state="invalid">Invalid</span>' in text
    assert "“Acknowledged” is before “Detected”. Correct one of the two." in text
    assert "The milestones are out of order. Correct them to see the course." in text
