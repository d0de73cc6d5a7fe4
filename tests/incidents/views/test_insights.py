"""The page of what many incidents have in common."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from incidents.models import ActionItem, Incident, Postmortem, RootCause, Service
from incidents.queries.filtering import IncidentFilter
from incidents.queries.insights import MOST_WEEKS, Insights, Outcome, find_insights
from incidents.services.visibility import change_visibility
from tests.conftest import signed_in
from tests.factories import NOW, make_database, make_replica, make_restore_test

ADDRESS = "/insights/"
TODAY = NOW.date()


def add(actor: User, minutes: int | None = None, **facts: Any) -> Incident:
    """An incident of today; with `minutes`, one that was resolved so long after its impact began."""
    times: dict[str, Any] = {"declared_at": NOW, "impact_started_at": NOW}
    if minutes is not None:
        times |= {"resolved_at": NOW + timedelta(minutes=minutes), "status": "resolved"}
    return Incident.objects.create(**{"title": "Slow", "severity_id": 3, "declared_by": actor} | times | facts)


def look(user: User, **wanted: Any) -> Insights:
    return find_insights(user, IncidentFilter(since=TODAY - timedelta(days=30), **wanted), today=TODAY)


def test_a_duration_is_a_median_and_a_count_with_what_was_left_out(responder: User) -> None:
    for minutes in (10, 20, 60):
        add(responder, minutes)
    add(responder)
    add(responder, 5, impact_started_at=None)
    add(responder, -5)
    resolve = {duration.name: duration for duration in look(responder).durations}["time_to_resolve"]
    assert resolve.figures
    assert (resolve.figures.count, resolve.figures.median, resolve.figures.ninety) == (3, 20 * 60, None)
    assert {state.value: count for state, count in resolve.left_out.items()} == {
        "pending": 1,
        "not_applicable": 1,
        "invalid": 1,
    }


def test_drills_and_duplicates_are_counted_apart(responder: User) -> None:
    real = add(responder, 10)
    add(responder, 10, mode="drill")
    add(responder, 10, duplicate_of=real)
    found = look(responder)
    assert (found.count, found.left_out_drills, found.left_out_duplicates) == (1, 1, 1)
    assert sum(count for _week, count in found.by_week) == 1
    assert dict(found.by_severity)["SEV3"] == 1


def test_restricted_incidents_count_for_those_who_see_them(responder: User, administrator: User) -> None:
    incident = add(responder, 10)
    change_visibility(incident, visibility="restricted", people=[responder], teams=[], actor=responder, now=NOW)
    assert [look(user).count for user in (responder, administrator)] == [1, 0]


def test_every_week_is_there_and_each_service_and_cause(responder: User) -> None:
    early = add(responder, 10, declared_at=NOW - timedelta(days=20), impact_started_at=NOW - timedelta(days=20))
    late = add(responder, 10)
    shop, mail = Service.objects.create(name="shop"), Service.objects.create(name="mail")
    early.services.set([shop, mail])
    late.services.set([shop])
    for incident, kind in ((early, "trigger"), (early, "root_cause"), (late, "mitigator")):
        RootCause.objects.create(incident=incident, kind=kind, category="capacity", statement="Full")
    found = look(responder)
    assert [count for _week, count in found.by_week].count(0) == len(found.by_week) - 2
    assert {
        (after - before).days for (before, _), (after, _) in zip(found.by_week, found.by_week[1:], strict=False)
    } == {7}
    assert found.by_service == [("shop", 2), ("mail", 1)]
    assert found.by_category == [("Capacity", 1)]
    assert look(responder, service=("mail",)).count == 1


@pytest.mark.parametrize(
    ("due", "done", "outcome"),
    [(0, 0, "on_time"), (0, 1, "late"), (-1, None, "overdue"), (0, None, "not_yet_due"), (None, 0, "without_day")],
)
def test_an_action_item_is_judged_by_its_day(responder: User, due: int | None, done: int | None, outcome: str) -> None:
    item = ActionItem(incident=add(responder, 10), title="Alert earlier")
    item.due_date = None if due is None else TODAY + timedelta(days=due)
    if done is not None:
        item.status, item.completed_at = "done", NOW + timedelta(days=done)
    item.save()
    ActionItem.objects.create(incident=item.incident, title="No", status="not_doing", reason="Too dear")
    assert look(responder).action_items == {Outcome(outcome): 1}


def test_an_action_item_that_was_done_nobody_knows_when_is_not_owed(responder: User) -> None:
    ActionItem.objects.create(incident=add(responder, 10), title="Alert", status="done", due_date=date(2024, 4, 1))
    assert look(responder).action_items == {Outcome.DONE: 1}


@pytest.mark.parametrize(("time_zone", "outcome"), [("Europe/Berlin", "on_time"), ("Asia/Bangkok", "late")])
@pytest.mark.parametrize("reader", ["America/New_York", "Asia/Tokyo"])
def test_what_was_kept_in_time_is_so_for_every_reader(
    responder: User, time_zone: str, outcome: str, reader: str
) -> None:
    facts: dict[str, Any] = {"impact_started_at": NOW - timedelta(days=20), "time_zone": time_zone, "severity_id": 1}
    incident = add(responder, status="resolved", resolved_at=NOW - timedelta(days=19), **facts)
    assert incident.postmortem_due
    done_at = datetime.combine(incident.postmortem_due, datetime.min.time(), UTC) + timedelta(hours=21)
    Postmortem.objects.create(incident=incident, author=responder, status="published", published_at=done_at)
    item = {"title": "Alert", "status": "done", "due_date": incident.postmortem_due, "completed_at": done_at}
    ActionItem.objects.create(incident=incident, **item)
    with timezone.override(ZoneInfo(reader)):
        found = look(responder)
    assert found.postmortems == found.action_items == {Outcome(outcome): 1}


def test_what_began_long_ago_is_drawn_where_it_began(responder: User) -> None:
    add(responder, 10, mode="retrospective", impact_started_at=datetime(2024, 3, 13, tzinfo=UTC))
    wanted = IncidentFilter(since=date(2024, 3, 1), until=date(2024, 3, 31))
    weeks = [(f"{week:%m-%d}", count) for week, count in find_insights(responder, wanted, today=TODAY).by_week]
    assert weeks == [("02-26", 0), ("03-04", 0), ("03-11", 1), ("03-18", 0), ("03-25", 0)]


def test_more_weeks_than_can_be_drawn_are_told(responder: User, as_responder: Client) -> None:
    add(responder, 10)
    add(responder, 10, impact_started_at=datetime(1950, 1, 1, tzinfo=UTC))
    found = find_insights(responder, IncidentFilter(since=date(1900, 1, 1)), today=TODAY)
    assert (len(found.by_week), found.by_week[-1][1], found.count) == (MOST_WEEKS, 1, 2)
    page = as_responder.get(f"{ADDRESS}?since=1900-01-01").content.decode()
    assert "1 incident began before the first of these weeks." in page


@pytest.mark.parametrize("asked", ["until=0001-01-01", "until=9999-12-31", "since=0001-01-01", "since=9999-12-31"])
def test_days_at_the_ends_of_the_calendar_are_slips(asked: str, responder: User) -> None:
    responder.time_zone = "Asia/Bangkok"
    responder.save()
    page = signed_in(responder).get(f"{ADDRESS}?{asked}")
    assert (page.status_code, "Check the year" in page.content.decode()) == (200, True)


def test_a_postmortem_is_judged_where_its_severity_asks_for_one(responder: User) -> None:
    long_ago = {"declared_at": NOW - timedelta(days=29), "impact_started_at": NOW - timedelta(days=29)}
    add(responder, 10, severity_id=3)
    add(responder, severity_id=1)
    add(responder, severity_id=1, status="resolved", resolved_at=NOW - timedelta(days=28), **long_ago)
    published = add(responder, severity_id=1, status="resolved", resolved_at=NOW - timedelta(days=28), **long_ago)
    Postmortem.objects.create(
        incident=published, author=responder, status="published", published_at=NOW - timedelta(days=27)
    )
    assert look(responder).postmortems == {
        Outcome.ON_TIME: 1,
        Outcome.OVERDUE: 1,
        Outcome.NOT_YET_DUE: 1,
        Outcome.NOT_REQUIRED: 1,
    }


def test_the_page_takes_as_many_queries_for_a_hundred_as_for_one(
    as_responder: Client, responder: User, django_assert_num_queries: Any
) -> None:
    for count in (1, 100):
        for minutes in range(count):
            incident = add(responder, minutes)
            incident.services.add(Service.objects.get_or_create(name=f"service {minutes % 20}")[0])
            RootCause.objects.create(incident=incident, statement="Full")
        with django_assert_num_queries(11):
            page = as_responder.get(f"{ADDRESS}?since={TODAY - timedelta(days=5)}").content.decode()
    assert "n = 101" in page
    assert "p90" in page


def test_the_page_is_whole_without_an_incident_and_with_nonsense_in_its_address(as_responder: Client) -> None:
    assert "No incident in this time." in as_responder.get(ADDRESS).content.decode()
    for nonsense in ("since=x&severity=99", "since=2026-05-05&until=2026-05-01", "since=99-01-01", "service=gone"):
        assert as_responder.get(f"{ADDRESS}?{nonsense}").status_code == 200


def test_restorability_tells_what_passed_and_how_quickly(as_responder: Client) -> None:
    replica = make_replica()
    make_restore_test(replica, rto_seconds=8, rto_objective_seconds=10)
    make_restore_test(replica, rto_seconds=20, rto_objective_seconds=10)
    make_restore_test(replica, "failed")
    make_replica(make_database("demo", is_demonstration=True))
    make_replica(make_database("untested"))
    page = as_responder.get(reverse("recovery:restorability"), {"days": "3000"}).content.decode()
    assert "2 / 3 · 66 %" in page
    assert "1 / 2" in page
    assert "untested" in page
    assert "no test" in page
    assert "demo" not in page.replace("demonstration", "")
