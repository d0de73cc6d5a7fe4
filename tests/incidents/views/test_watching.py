"""What somebody who has an incident open is told of it."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import resolve, reverse
from django.utils import timezone

from accounts.models import User
from incidents.access import get_visible_incident
from incidents.middleware import WATCHED
from incidents.models import Incident, IncidentGrant, TimelineEvent
from incidents.services.merging import merge_incident, unmerge_incident
from incidents.services.timeline import add_event, mark_event, next_revision
from incidents.views import watching
from tests.conftest import signed_in
from tests.factories import make_incident, make_team, make_user
from tests.incidents.conftest import THEN


@pytest.fixture
def incident(responder: User) -> Incident:
    incident = make_incident(responder, now=THEN)
    incident.refresh_from_db()
    return incident


def address(incident: Incident, since: int | str | None = None) -> str:
    path = reverse("incidents:timeline_changes", args=[incident.number])
    return path if since is None else f"{path}?since={since}"


def now_of(incident: Incident) -> int:
    return Incident.objects.values_list("revision", flat=True).get(pk=incident.pk)


def write(incident: Incident, text: str) -> TimelineEvent:
    return add_event(incident, text=text, actor=incident.declared_by, now=timezone.now())


def test_the_quick_way_knows_the_address() -> None:
    path = reverse("incidents:timeline_changes", args=[42])
    assert WATCHED.match(path)
    assert resolve(path).url_name == "timeline_changes"


def test_unchanged_is_three_short_queries(
    as_responder: Client, incident: Incident, django_assert_num_queries: Any
) -> None:
    with django_assert_num_queries(3):
        response = as_responder.get(address(incident, incident.revision))
    assert (response.status_code, response.content) == (204, b"")
    assert response.headers["Cache-Control"] == "no-store"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert "default-src 'none'" in response.headers["Content-Security-Policy"]


def test_what_changed_comes_in_order_under_its_day(as_responder: Client, incident: Incident) -> None:
    late = add_event(incident, text="Second", actor=incident.declared_by, now=THEN + timedelta(days=1))
    early = add_event(incident, text="First", actor=incident.declared_by, now=THEN)
    response = as_responder.get(address(incident, incident.revision))
    page = response.content.decode()
    assert response.status_code == 200
    assert response.headers["Cache-Control"] == "no-store"
    assert f'data-changes="{now_of(incident)}"' in page
    assert page.index(f'id="timeline-event-{early.pk}"') < page.index(f'id="timeline-event-{late.pk}"')
    assert 'data-day="2024-03-10"' in page
    assert "Incident declared" not in page
    assert as_responder.get(address(incident, now_of(incident))).status_code == 204


def test_a_page_says_when_it_was_made(as_viewer: Client, incident: Incident) -> None:
    page = as_viewer.get(incident.get_absolute_url()).content.decode()
    assert f'data-revision="{incident.revision}"' in page
    assert "As of " in page
    assert f'<noscript><a href="{incident.get_absolute_url()}">Reload</a></noscript>' in page


def test_each_change_of_a_row_is_news(as_responder: Client, incident: Incident) -> None:
    event = write(incident, "It flapped")
    seen = now_of(incident)
    for marks in ({"is_pinned": False}, {"is_hidden": True}):
        mark_event(event, **marks)
        page = as_responder.get(address(incident, seen)).content.decode()
        assert f'id="timeline-event-{event.pk}"' in page
        seen = now_of(incident)


def test_panels_come_along_only_where_more_than_rows_changed(as_responder: Client, incident: Incident) -> None:
    seen = now_of(incident)
    write(incident, "Still down")
    assert 'id="status-panel"' not in as_responder.get(address(incident, seen)).content.decode()
    next_revision(incident)
    assert 'id="status-panel"' in as_responder.get(address(incident, seen)).content.decode()


def test_a_row_that_comes_while_the_answer_is_made_hides_no_change_of_facts(
    as_responder: Client, incident: Incident, monkeypatch: pytest.MonkeyPatch
) -> None:
    def read(user: User, number: int) -> Incident:
        found = get_visible_incident(user, number)
        write(incident, "Written a moment later")
        return found

    seen = now_of(incident)
    next_revision(incident)
    monkeypatch.setattr(watching, "get_visible_incident", read)
    page = as_responder.get(address(incident, seen)).content.decode()
    assert f'data-changes="{seen + 1}"' in page
    assert 'id="status-panel"' in page


@pytest.mark.parametrize("since", ["", "none", "-1", "9" * 30, "1000000"])
def test_a_page_that_knows_nothing_sensible_is_told_everything(
    as_responder: Client, incident: Incident, since: str
) -> None:
    assert "Incident declared" in as_responder.get(address(incident, since)).content.decode()


def test_sixty_changed_rows_take_as_many_queries_as_three(as_responder: Client, incident: Incident) -> None:
    counts = []
    for numbers in (range(3), range(3, 60)):
        for number in numbers:
            add_event(incident, text=f"Event {number}", actor=make_user(f"person {number}"), now=THEN)
        with CaptureQueriesContext(connection) as queries:
            assert as_responder.get(address(incident, incident.revision)).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_a_viewer_is_shown_no_buttons(as_viewer: Client, incident: Incident) -> None:
    write(incident, "Still down")
    page = as_viewer.get(address(incident, incident.revision)).content.decode()
    assert "Still down" in page
    assert "hx-post" not in page


def test_others_ask_in_vain(client: Client, as_responder: Client, incident: Incident, htmx: dict[str, str]) -> None:
    asked = address(incident, incident.revision)
    assert client.get(asked).status_code == 302
    assert client.get(asked, headers=htmx).status_code == 401
    assert as_responder.post(asked).status_code == 405
    Incident.objects.filter(pk=incident.pk).update(visibility="restricted")
    assert as_responder.get(asked).status_code == 404
    assert as_responder.get(address(Incident(number=999), 0)).status_code == 404


def sign_out(client: Client, _person: User) -> None:
    client.post(reverse("account_logout"))


def end_session(_client: Client, _person: User) -> None:
    Session.objects.update(expire_date=timezone.now() - timedelta(seconds=1))


def deactivate(_client: Client, person: User) -> None:
    User.objects.filter(pk=person.pk).update(is_active=False)


def change_password(_client: Client, person: User) -> None:
    person.set_password("another good password")
    person.save()


def revoke_grant(_client: Client, person: User) -> None:
    IncidentGrant.objects.filter(person=person).delete()


def leave_team(_client: Client, person: User) -> None:
    person.teams.clear()


ENDINGS = [sign_out, end_session, deactivate, change_password, revoke_grant, leave_team]


@pytest.mark.parametrize("end", ENDINGS)
def test_whoever_may_no_longer_see_it_is_refused_from_the_next_question_on(
    incident: Incident, end: Callable[[Client, User], None]
) -> None:
    """The statements are compiled once; what they ask is asked each time."""
    person = make_user("watcher")
    Incident.objects.filter(pk=incident.pk).update(visibility="restricted")
    if end is leave_team:
        team = make_team()
        team.members.add(person)
        IncidentGrant.objects.create(incident=incident, team=team)
    else:
        IncidentGrant.objects.create(incident=incident, person=person)
    client = signed_in(person)
    asked = address(incident, incident.revision)
    assert client.get(asked).status_code == 204
    end(client, person)
    assert client.get(asked).status_code in (302, 404)


def test_an_administrator_has_no_way_around(as_administrator: Client, incident: Incident) -> None:
    Incident.objects.filter(pk=incident.pk).update(visibility="restricted")
    assert as_administrator.get(address(incident, incident.revision)).status_code == 404


def test_what_moved_to_another_incident_no_longer_stands(as_responder: Client, incident: Incident) -> None:
    stays, target = write(incident, "It broke"), make_incident(incident.declared_by, "The same", now=THEN)
    moved = write(target, "It burns")
    merge_incident(target, duplicate_of=incident, actor=incident.declared_by, now=timezone.now())
    before = now_of(incident)
    unmerge_incident(target, actor=incident.declared_by, now=timezone.now())
    page = as_responder.get(address(incident, before)).content.decode()
    standing = re.search(r'data-standing="([\d ]+)"', page)
    assert standing
    keys = [*map(int, standing[1].split())]
    assert keys == [*incident.events.order_by("pk").values_list("pk", flat=True)]
    assert stays.pk in keys
    assert moved.pk not in keys


def test_whoever_watches_is_told_of_the_merge_and_of_its_end(as_responder: Client, incident: Incident) -> None:
    target = make_incident(incident.declared_by, "The same", now=THEN)
    notices = []
    for act, more in ((merge_incident, {"duplicate_of": target}), (unmerge_incident, {})):
        seen = now_of(incident)
        act(incident, actor=incident.declared_by, now=timezone.now(), **more)
        page = as_responder.get(address(incident, seen)).content.decode()
        notices.append(page[page.index('id="duplicate-notice"') :])
    assert f"Merged into {target.reference}" in notices[0]
    assert "Take it out again" in notices[0]
    assert "Merged into" not in notices[1]


def test_a_row_alone_says_nothing_of_the_others(as_responder: Client, incident: Incident) -> None:
    write(incident, "It broke")
    assert "data-standing" not in as_responder.get(address(incident, incident.revision)).content.decode()


@pytest.mark.parametrize("since", ["None", "", "0"])
def test_an_incident_that_is_not_there_is_not_unchanged(as_responder: Client, since: str) -> None:
    path = reverse("incidents:timeline_changes", args=[4_711])
    assert as_responder.get(f"{path}?since={since}").status_code == 404
