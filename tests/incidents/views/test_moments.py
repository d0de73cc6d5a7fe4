"""Times in the forms of an incident: typed as people say them, in the incident's timezone, and kept when refused."""

import re
from datetime import UTC, datetime, timedelta
from html import unescape

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from incidents.models import Incident
from tests.factories import make_incident
from tests.incidents.conftest import THEN
from tests.incidents.entries import seen

MILESTONES = ["impact_started_at", "detected_at", "declared_at", "acknowledged_at", "mitigated_at", "resolved_at"]


@pytest.fixture
def incident(responder: User) -> Incident:
    """Of Berlin, read by somebody in Bangkok."""
    responder.time_zone = "Asia/Bangkok"
    responder.save()
    return make_incident(responder, now=THEN, time_zone="Europe/Berlin")


def address(name: str, incident: Incident) -> str:
    return reverse(f"incidents:{name}", args=[incident.number])


def value_of(name: str, page: str) -> str:
    found = re.search(rf'<input type="text" name="{name}"(?: value="([^"]*)")?', page)
    assert found, name
    return found[1] or ""


def test_milestones_are_shown_in_the_incidents_timezone_which_the_form_names(
    as_responder: Client, incident: Incident
) -> None:
    page = as_responder.get(address("milestones_edit", incident)).content.decode()
    assert value_of("declared_at", page) == "2024-03-10 15:00:00"
    assert "Times in Europe/Berlin, such as 14:03, -10m, yesterday 23:50." in page
    assert "datetime-local" not in page


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("2024-03-10 14:30", datetime(2024, 3, 10, 13, 30, tzinfo=UTC)),
        ("2024-03-10T14:30:00+07:00", datetime(2024, 3, 10, 7, 30, tzinfo=UTC)),
        ("10 Mar 2024 2:30 pm", datetime(2024, 3, 10, 13, 30, tzinfo=UTC)),
    ],
)
def test_milestones_are_read_in_the_incidents_timezone(
    as_responder: Client, incident: Incident, typed: str, meant: datetime
) -> None:
    here = address("milestones_edit", incident)
    page = as_responder.get(here).content.decode()
    sent = {name: value_of(name, page) for name in MILESTONES} | {"impact_started_at": typed}
    assert as_responder.post(here, sent | seen(as_responder, here)).status_code == 302
    incident.refresh_from_db()
    assert (incident.impact_started_at, incident.declared_at) == (meant, THEN)


@pytest.mark.parametrize("is_htmx", [True, False])
def test_what_was_typed_stays_and_what_was_read_is_said(
    as_responder: Client, incident: Incident, htmx: dict[str, str], is_htmx: bool
) -> None:
    here = address("milestones_edit", incident)
    typed = {"impact_started_at": "10 Mar 2024 14:30", "declared_at": "2024-03-10 15:00:00", "detected_at": "half past"}
    answer = as_responder.post(here, typed | seen(as_responder, here), headers=htmx if is_htmx else None)
    page = unescape(answer.content.decode())
    assert answer.status_code == 422
    assert {name: value_of(name, page) for name in typed} == typed
    assert "Read as Sunday, 10 March 2024, 14:30 (Europe/Berlin)." in page


def test_a_conflict_shows_what_stands_now_in_the_incidents_timezone(as_responder: Client, incident: Incident) -> None:
    here = address("milestones_edit", incident)
    mine = {"declared_at": "2024-03-10 15:00:00"} | seen(as_responder, here)
    Incident.objects.filter(pk=incident.pk).update(detected_at=THEN)
    answer = as_responder.post(here, mine)
    assert answer.status_code == 422
    assert "Detected: 2024-03-10 15:00:00" in answer.content.decode()


def test_a_status_has_a_time_as_people_say_it(as_responder: Client, incident: Incident) -> None:
    here = address("status_edit", incident)
    assert "Europe/Berlin. Such as 14:03, -10m" in as_responder.get(here).content.decode()
    as_responder.post(here, {"status": "monitoring", "at": "2024-03-10 16:00"})
    incident.refresh_from_db()
    assert incident.mitigated_at == datetime(2024, 3, 10, 15, 0, tzinfo=UTC)
    before = timezone.now()
    assert as_responder.post(here, {"status": "resolved", "at": "-10m"}).status_code == 302
    incident.refresh_from_db()
    assert incident.resolved_at is not None
    assert before <= incident.resolved_at + timedelta(minutes=10) <= timezone.now()


@pytest.mark.parametrize(("typed", "sentence"), [("soon", "Such as 14:03"), ("2999-01-01 00:00", "in the future")])
def test_a_refused_status_keeps_its_time(as_responder: Client, incident: Incident, typed: str, sentence: str) -> None:
    answer = as_responder.post(address("status_edit", incident), {"status": "monitoring", "at": typed})
    page = unescape(answer.content.decode())
    assert answer.status_code == 422
    assert value_of("at", page) == typed
    assert sentence in page


def test_what_is_over_is_declared_with_times_as_people_say_them(as_responder: Client, responder: User) -> None:
    responder.time_zone = "Asia/Bangkok"
    responder.save()
    sent = {"title": "It was down", "mode": "retrospective", "impact_started_at": "2024-03-10 21:00"}
    answer = as_responder.post("/incidents/new/", sent | {"resolved_at": "2024-03-10 20:00"})
    page = unescape(answer.content.decode())
    assert answer.status_code == 422
    assert (value_of("impact_started_at", page), value_of("resolved_at", page)) == (
        "2024-03-10 21:00",
        "2024-03-10 20:00",
    )
    assert "Times in Asia/Bangkok" in page
    assert "Read as Sunday, 10 March 2024, 21:00 (Asia/Bangkok)." in page
    before = timezone.now()
    as_responder.post("/incidents/new/", sent | {"resolved_at": "-10m"})
    incident = Incident.objects.get()
    assert incident.resolved_at is not None
    assert before <= incident.resolved_at + timedelta(minutes=10) <= timezone.now()
    assert incident.impact_started_at == THEN
