"""Pinning and hiding; the same button takes it back."""

from html import unescape
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from incidents.models import TimelineEvent
from tests.factories import make_event
from tests.incidents.conftest import THEN, Scene


@pytest.fixture
def address(scene: Scene) -> str:
    return reverse("incidents:event_marks", args=[scene.incident.number, scene.event.pk])


@pytest.fixture
def noise(scene: Scene) -> str:
    make_event(scene.incident, "Written by the system", source="system", occurred_at=THEN)
    return reverse("incidents:system_events", args=[scene.incident.number])


def page_of(client: Client, scene: Scene, query: str = "") -> str:
    return unescape(client.get(scene.incident.get_absolute_url() + query).content.decode())


@pytest.mark.parametrize("mark", ["is_pinned", "is_hidden"])
def test_a_button_marks_an_event_and_the_same_takes_it_back(
    as_responder: Client, scene: Scene, address: str, htmx: dict[str, str], mark: str
) -> None:
    before = getattr(scene.event, mark)
    for expected in (not before, before):
        page = page_of(as_responder, scene, "?hidden=1")
        row = page.partition(f'id="timeline-event-{scene.event.pk}"')[2]
        value = row.partition(f'name="{mark}"')[2].partition('value="')[2].partition('"')[0]
        response = as_responder.post(address, {mark: value}, headers=htmx)
        assert response.status_code == 200
        assert response.content.decode().count('<li class="event"') == 1
        scene.event.refresh_from_db()
        assert getattr(scene.event, mark) is expected
    assert scene.event.version == 1


def test_without_javascript_the_page_comes_back_at_the_row(as_responder: Client, scene: Scene, address: str) -> None:
    response = as_responder.post(address, {"is_hidden": "yes"})
    here = scene.incident.get_absolute_url()
    assert response.headers["Location"] == f"{here}?hidden=1#timeline-event-{scene.event.pk}"
    assert as_responder.post(address, {"is_hidden": "no"}).headers["Location"] == (
        f"{here}#timeline-event-{scene.event.pk}"
    )


def test_hidden_events_are_folded_away_and_shown_greyed_on_request(
    as_responder: Client, as_viewer: Client, scene: Scene, address: str
) -> None:
    as_responder.post(address, {"is_hidden": "yes"})
    page = page_of(as_viewer, scene)
    assert "The graphs went flat" not in page
    assert "1 hidden event" in page
    assert f"{scene.incident.get_absolute_url()}?hidden=1" in page
    page = page_of(as_viewer, scene, "?hidden=1")
    assert "The graphs went flat" in page
    assert "data-hidden" in page
    assert "Show again" not in page
    assert "Show again" in page_of(as_responder, scene, "?hidden=1")


@pytest.mark.parametrize("is_htmx", [True, False])
def test_all_system_events_are_hidden_and_shown_again(
    as_responder: Client, scene: Scene, noise: str, htmx: dict[str, str], is_htmx: bool
) -> None:
    for value, label in (("yes", "Show all system events again"), ("no", "Hide all system events")):
        response = as_responder.post(noise, {"is_hidden": value}, headers=htmx if is_htmx else None)
        assert response.status_code == (200 if is_htmx else 302)
        page = unescape(response.content.decode()) if is_htmx else page_of(as_responder, scene)
        assert label in page
        assert ("Written by the system" in page) == (value == "no")
        assert "The graphs went flat" in page


@pytest.mark.parametrize("sent", [{}, {"is_hidden": "maybe"}, {"text": "x"}, {"version": "7"}])
def test_anything_else_marks_nothing(
    as_responder: Client, scene: Scene, address: str, noise: str, stored: Any, sent: dict[str, str]
) -> None:
    known = stored()
    assert as_responder.post(address, sent).status_code == 400
    assert as_responder.post(noise, sent).status_code == 400
    assert as_responder.post(noise, {"is_pinned": "no"}).status_code == 400
    assert stored() == known


@pytest.mark.parametrize("who", ["as_viewer", "client"])
def test_who_may_not_write_marks_nothing(
    request: pytest.FixtureRequest, scene: Scene, address: str, noise: str, stored: Any, who: str
) -> None:
    client = request.getfixturevalue(who)
    known = stored()
    for each in (address, noise):
        assert client.post(each, {"is_hidden": "yes"}).status_code in (302, 401, 403)
        assert client.get(each).status_code in (302, 405)
    assert stored() == known


def test_an_event_of_another_incident_is_not_there(as_responder: Client, scene: Scene) -> None:
    for pk in (0, 4711):
        address = reverse("incidents:event_marks", args=[scene.incident.number, pk])
        assert as_responder.post(address, {"is_hidden": "yes"}).status_code == 404
    assert not TimelineEvent.objects.filter(is_hidden=True).exists()
