from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from incidents.models import Incident
from incidents.services.status import change_status
from tests.conftest import signed_in
from tests.factories import make_event, make_incident
from tests.incidents.conftest import THEN, Scene
from tests.incidents.entries import seen

Stored = Callable[[], dict[str, Any]]
PAGES = ["/", "/incidents/{number}/", "/incidents/{number}/postmortem/"]
every_page = pytest.mark.parametrize("page", PAGES)


@every_page
def test_everybody_who_is_signed_in_may_read(as_viewer: Client, scene: Scene, stored: Stored, page: str) -> None:
    known = stored()
    response = as_viewer.get(page.format(number=scene.incident.number))
    assert response.status_code == 200
    assert "Checkout is slow" in response.content.decode()
    assert stored() == known


@every_page
def test_readers_are_offered_no_changes(as_viewer: Client, scene: Scene, page: str) -> None:
    content = as_viewer.get(page.format(number=scene.incident.number)).content.decode()
    for offer in ("/new/", "/facts/", "/milestones/", "/timeline/", "/causes/", "/actions/", "/lessons/"):
        assert f'action="/incidents/{scene.incident.number}{offer}' not in content
        assert f'href="/incidents/{scene.incident.number}{offer}' not in content
    assert 'href="/incidents/new/"' not in content


@every_page
def test_nobody_reads_without_signing_in(client: Client, scene: Scene, page: str) -> None:
    response = client.get(page.format(number=scene.incident.number))
    assert response.status_code == 302
    assert response.headers["Location"].startswith("/accounts/login/?next=/")


@pytest.mark.parametrize("page", PAGES[1:])
@pytest.mark.parametrize("number", ["0", "4711", "99999999999999999999", "9" * 5000])
def test_an_unknown_number_is_a_page_that_says_so(as_viewer: Client, page: str, number: str) -> None:
    response = as_viewer.get(page.format(number=number))
    assert response.status_code == 404
    assert "There is nothing here" in response.content.decode()


@pytest.mark.parametrize("page", PAGES[:2])
@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_reading_pages_take_no_other_method(as_responder: Client, scene: Scene, page: str, method: str) -> None:
    assert getattr(as_responder, method)(page.format(number=scene.incident.number)).status_code == 405


def test_a_new_installation_shows_the_way_to_begin(as_responder: Client, administrator: User) -> None:
    assert "Declare an incident" in as_responder.get("/").content.decode()
    assert "Load the example" not in as_responder.get("/").content.decode()
    assert "Load the example" in signed_in(administrator).get("/").content.decode()


def test_milestones_show_the_durations_that_follow(as_responder: Client, scene: Scene, htmx: dict[str, str]) -> None:
    address = reverse("incidents:milestones_edit", args=[scene.incident.number])
    sent = {
        "impact_started_at": "2024-03-10T13:00:00",
        "detected_at": "2024-03-10T13:00:30",
        "declared_at": "2024-03-10T14:00:00",
        "acknowledged_at": "2024-03-10T13:03:30",
        "mitigated_at": "2024-03-11T14:00:00",
    }
    panel = as_responder.post(address, sent | seen(as_responder, address), headers=htmx).content.decode()
    for words in ("30 s", "3 min", "1 d 1 h", "Pending"):
        assert words in panel


def test_milestones_saved_untouched_stay_to_the_microsecond(as_responder: Client, responder: User) -> None:
    exact = datetime(2024, 3, 10, 14, 0, 0, 123456, tzinfo=UTC)
    incident = make_incident(responder, now=exact)
    address = reverse("incidents:milestones_edit", args=[incident.number])
    sent = {"declared_at": "2024-03-10 14:00:00"} | seen(as_responder, address)
    assert as_responder.post(address, sent).status_code == 302
    incident.refresh_from_db()
    assert incident.declared_at == exact


def test_resolved_before_started_is_refused_with_both_times_kept(as_responder: Client, responder: User) -> None:
    incident = make_incident(responder, now=THEN, impact_started_at=THEN)
    change_status(incident, status="resolved", actor=responder, now=THEN, at=THEN)
    sent = {"impact_started_at": "2024-03-10T14:00:00", "declared_at": "2024-03-10T14:00:00"}
    address = reverse("incidents:milestones_edit", args=[incident.number])
    sent |= {"resolved_at": "2024-03-10T13:59:00"} | seen(as_responder, address)
    response = as_responder.post(address, sent)
    page = response.content.decode()
    assert response.status_code == 422
    assert "“Resolved” is before “Impact started”. Correct one of the two, or leave unknown ones empty." in page
    assert 'value="2024-03-10T13:59:00"' in page
    assert Incident.objects.get().resolved_at == THEN


def test_times_are_shown_in_the_readers_timezone(as_responder: Client, responder: User, scene: Scene) -> None:
    responder.time_zone = "Asia/Bangkok"
    responder.save()
    sent = {"text": "It broke", "kind": "alert", "occurred_at": "2024-03-10 21:30+07:00"}
    as_responder.post(reverse("incidents:event_create", args=[scene.incident.number]), sent)
    assert scene.incident.events.get(text="It broke").occurred_at == datetime(2024, 3, 10, 14, 30, tzinfo=UTC)
    page = as_responder.get(scene.incident.get_absolute_url()).content.decode()
    assert '<time datetime="2024-03-10T14:30:00Z" title="2024-03-10 14:30:00 UTC">21:30</time>' in page


@pytest.mark.parametrize("zone", ["UTC", "Pacific/Kiritimati", "America/Anchorage"])
@pytest.mark.parametrize("text", ["0001-01-01T00:00", "9999-12-31T23:59:59"])
def test_an_impossible_year_breaks_no_page(
    as_responder: Client, responder: User, scene: Scene, zone: str, text: str
) -> None:
    responder.time_zone = zone
    responder.save()
    sent = {"text": "It broke", "kind": "alert", "occurred_at": text}
    response = as_responder.post(reverse("incidents:event_create", args=[scene.incident.number]), sent)
    assert response.status_code == 422
    assert "It broke" in response.content.decode()


def test_a_status_that_became_impossible_meanwhile_is_refused(
    as_responder: Client, responder: User, scene: Scene
) -> None:
    change_status(scene.incident, status="resolved", actor=responder, now=THEN)
    address = reverse("incidents:status_edit", args=[scene.incident.number])
    response = as_responder.post(address, {"status": "monitoring", "note": "typed"})
    assert response.status_code == 422
    assert "The status has changed meanwhile; choose from what is possible now." in response.content.decode()
    assert "typed" in response.content.decode()


@pytest.mark.parametrize("field", ["severity", "services"])
@pytest.mark.parametrize("key", ["4711", "99999999999999999999", "9" * 5000, "x"])
def test_a_choice_that_is_not_there_is_refused(as_responder: Client, scene: Scene, field: str, key: str) -> None:
    sent = {"title": "typed", "severity": "3", "mode": "live"} | {field: key}
    response = as_responder.post(reverse("incidents:facts_edit", args=[scene.incident.number]), sent)
    assert response.status_code == 422
    assert 'value="typed"' in response.content.decode()


def test_an_events_markdown_is_shown_as_markdown(as_viewer: Client, scene: Scene) -> None:
    make_event(scene.incident, "**bold** `code`")
    assert (
        "<strong>bold</strong> <code>code</code>" in as_viewer.get(scene.incident.get_absolute_url()).content.decode()
    )


def test_what_has_just_begun_is_not_counted_in_seconds(as_viewer: Client, responder: User) -> None:
    incident = make_incident(responder, now=timezone.now())
    age = '<span id="incident-age" >{}</span>'
    assert age.format("less than a minute") in as_viewer.get(incident.get_absolute_url()).content.decode()
    change_status(incident, status="resolved", actor=responder, now=incident.declared_at + timedelta(seconds=2))
    assert age.format("2 s") in as_viewer.get(incident.get_absolute_url()).content.decode()


def test_what_grows_while_it_goes_on_is_asked_for_until_it_is_over(
    as_viewer: Client, responder: User, htmx: dict[str, str]
) -> None:
    incident = make_incident(responder, now=timezone.now() - timedelta(hours=2, minutes=5))
    passing = reverse("incidents:passing", args=[incident.number])
    assert f'hx-get="{passing}"' in as_viewer.get(incident.get_absolute_url()).content.decode()
    news = as_viewer.get(passing, headers=htmx).content.decode()
    assert '<span id="incident-age" hx-swap-oob="true">2 h 5 min</span>' in news
    assert f'hx-get="{passing}"' in news
    assert as_viewer.get(passing)["Location"] == incident.get_absolute_url()
    change_status(incident, status="resolved", actor=responder, now=timezone.now())
    assert passing not in as_viewer.get(incident.get_absolute_url()).content.decode()
    assert passing not in as_viewer.get(passing, headers=htmx).content.decode()
