"""Every version of an event, with who and when."""

from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.audit import Door, changes_by
from accounts.models import User
from incidents.models import Incident, TimelineEvent
from incidents.services.timeline import add_event, correct_event, event_values, mark_event
from incidents.views.timeline_history import COMPARED
from tests.conftest import signed_in
from tests.factories import make_user
from tests.incidents.conftest import THEN, Scene


@pytest.fixture
def address(scene: Scene, responder: User) -> str:
    other = make_user("ann", name="Ann Other")
    with changes_by(responder, door=Door.PAGE):
        event = add_event(scene.incident, text="The disk was full", actor=responder, now=THEN, kind="alert")
    with changes_by(other, door=Door.API):
        facts = event_values(event) | {"text": "The disk of db1 was full", "occurred_at": THEN - timedelta(minutes=3)}
        event = correct_event(event, now=THEN, **facts)
        mark_event(event, is_hidden=True)
    return reverse("incidents:event_history", args=[scene.incident.number, event.pk])


def page_of(client: Client, address: str, **how: Any) -> str:
    return unescape(client.get(address, **how).content.decode())


def test_each_version_says_who_when_and_what_is_different(as_viewer: Client, address: str) -> None:
    page = page_of(as_viewer, address)
    newest, corrected, written = page.partition('class="history"')[2].split("<li>")[1:]
    assert all(part in newest for part in ("Ann Other", "Hidden", "<del>no</del>", "<ins>yes</ins>"))
    assert all(part in corrected for part in ("Ann Other", "API", "The disk <ins>of db1 </ins>was full", "13:57"))
    assert all(part in written for part in ("Written", "responder", "Page", "The disk was full"))


def test_differences_are_marked_in_the_newest_corrections(as_viewer: Client, scene: Scene, address: str) -> None:
    event = scene.incident.events.get(text="The disk of db1 was full")
    for n in range(COMPARED + 1):
        event = correct_event(event, now=THEN, **event_values(event) | {"text": f"Version {n} of it"})
    page = page_of(as_viewer, address)
    assert f"Version <del>{COMPARED - 1}</del><ins>{COMPARED}</ins> of it" in page
    assert "Version <del>0</del><ins>1</ins> of it" in page
    assert "<del>The disk of db1 was full</del><ins>Version 0 of it</ins>" in page
    assert "The disk <ins>of db1 </ins>was full" not in page
    assert "<del>The disk was full</del><ins>The disk of db1 was full</ins>" in page


def test_the_row_leads_there(as_viewer: Client, scene: Scene, address: str) -> None:
    page = page_of(as_viewer, f"{scene.incident.get_absolute_url()}?hidden=1")
    assert f'<a href="{address}">corrected once</a>' in page


def test_htmx_gets_the_panel_alone(as_viewer: Client, address: str, htmx: dict[str, str]) -> None:
    assert "<!doctype html>" not in page_of(as_viewer, address, headers=htmx)


def test_what_is_older_than_the_history_says_so(as_viewer: Client, scene: Scene, responder: User) -> None:
    older = TimelineEvent(incident=scene.incident, occurred_at=THEN, text="Long ago", author=responder)
    (older,) = TimelineEvent.objects.bulk_create([older])
    page = page_of(as_viewer, reverse("incidents:event_history", args=[scene.incident.number, older.pk]))
    assert "Long ago" in page
    assert "Nothing is recorded about this event: it is older than the history." in page


def test_of_a_restricted_incident_nobody_else_learns_anything(scene: Scene, address: str) -> None:
    Incident.objects.filter(pk=scene.incident.pk).update(visibility="restricted")
    outsider = signed_in(make_user("outsider"))
    assert outsider.get(address).status_code == 404


def test_reading_takes_as_many_queries_for_many_versions_as_for_few(
    as_viewer: Client, scene: Scene, address: str, django_assert_num_queries: Any
) -> None:
    event = scene.incident.events.get(text="The disk of db1 was full")
    as_viewer.get(address)
    with django_assert_num_queries(9):
        as_viewer.get(address)
    for n in range(10):
        event = correct_event(event, now=THEN, **event_values(event) | {"text": f"Version {n}"})
    with django_assert_num_queries(9):
        page = page_of(as_viewer, address)
    assert "corrected" not in page.partition('class="history"')[0]
    assert "<ins>9</ins>" in page
