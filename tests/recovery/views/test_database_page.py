"""The page of a database: charts, history, what is on."""

from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from recovery.models import Database, DiskUsage, Measurement, SkippedRun
from recovery.services.schedules import give_default_schedule
from recovery.views.database_page import PAGE_SIZE
from tests.factories import make_check, make_database, make_replica, make_restore_test


@pytest.fixture
def now() -> datetime:
    return timezone.now()


@pytest.fixture
def database(db: None) -> Database:
    return make_database("shop", rto_objective_seconds=10, rpo_objective_seconds=None)


def page(client: Client, database: Database, query: str = "") -> str:
    return " ".join(client.get(f"{database.get_absolute_url()}{query}").content.decode().split())


def test_charts_carry_their_figures_in_words(as_viewer: Client, database: Database, now: datetime) -> None:
    replica = make_replica(database)
    for hours, rto in ((3, 6.8), (2, 8.5)):
        make_restore_test(replica, rto_seconds=rto, finished_at=now - timedelta(hours=hours))
    make_restore_test(replica, status="failed", rto_seconds=None, rpo_seconds=None, finished_at=now)
    shown = page(as_viewer, database)
    assert '<desc id="rto-description">local: from 6.8 s to 8.5 s, last 8.5 s. 1 test did not pass.' in shown
    assert "objective 10 s</text>" in shown
    assert 'role="img" aria-labelledby="rto-title rto-description"' in shown
    assert "did not pass</li>" in shown
    assert "style=" not in shown


def test_without_tests_and_measurements_the_charts_say_so(as_viewer: Client, database: Database) -> None:
    shown = page(as_viewer, database)
    assert shown.count("No restore test of the latest state in the last 90 days.") == 2
    assert shown.count("Nothing was measured in this period.") == 2
    assert "No test has been run yet." in shown


def test_the_watch_is_shown_for_a_day_or_for_90(as_viewer: Client, database: Database, now: datetime) -> None:
    replica = make_replica(database)
    for days, seconds in ((30, 400), (0.1, 2)):
        at = now - timedelta(days=days)
        Measurement.objects.create(replica=replica, at=at, lag_seconds=seconds)
        DiskUsage.objects.create(path=database.path, at=at, total_bytes=100, used_bytes=40 + int(days))
    assert "local: from 2 s to 2 s, last 2 s." in page(as_viewer, database)
    shown = page(as_viewer, database, "?period=quarter")
    assert "local: from 2 s to 6 min 40 s, last 2 s." in shown
    assert "/nowhere/shop.db: from 40 % to 70 %, last 40 %. alert at 80 %." in shown


def test_the_history_is_filtered_by_replica_and_result(as_viewer: Client, database: Database) -> None:
    near = make_restore_test(make_replica(database, name="near"))
    far = make_restore_test(make_replica(database, name="far"), status="failed")
    found = {
        query: [
            f'href="{test.get_absolute_url()}"><span class="ref">' in page(as_viewer, database, query)
            for test in (near, far)
        ]
        for query in (
            "",
            "?replica=near",
            "?status=failed",
            "?replica=near&status=failed",
            "?status=%00",
            "?replica=gone",
        )
    }
    assert found == {
        "": [True, True],
        "?replica=near": [True, False],
        "?status=failed": [False, True],
        "?replica=near&status=failed": [False, False],
        "?status=%00": [True, True],
        "?replica=gone": [True, True],
    }
    assert "No test is like this." in page(as_viewer, database, "?replica=near&status=failed")


def test_skipped_runs_stand_in_their_place(as_viewer: Client, database: Database, now: datetime) -> None:
    replica = make_replica(database)
    older = make_restore_test(replica, requested_at=now - timedelta(days=3))
    newer = make_restore_test(replica, requested_at=now - timedelta(days=1))
    SkippedRun.objects.create(database=database, due_at=now - timedelta(days=2), reason="No worker was running.")
    shown = page(as_viewer, database)
    history = shown[shown.index('id="history"') :]
    places = [history.index(words) for words in (newer.reference, "No worker was running.", older.reference)]
    assert places == sorted(places)
    assert "No worker was running." not in page(as_viewer, database, "?status=passed")


def test_every_skipped_run_is_on_exactly_one_page(as_viewer: Client, database: Database, now: datetime) -> None:
    replica = make_replica(database)
    for day in range(2 * PAGE_SIZE + 1):
        make_restore_test(replica, requested_at=now - timedelta(days=99 - day))
    for day in range(0, 2 * PAGE_SIZE + 4, 3):
        due = now - timedelta(days=100 - day, hours=-5)
        SkippedRun.objects.create(database=database, due_at=due, reason=f"Skipped number {day}.")
    pages = "".join(page(as_viewer, database, f"?page={number}") for number in (1, 2, 3))
    counts = {run.reason: pages.count(run.reason) for run in SkippedRun.objects.all()}
    assert {*counts.values()} == {1}


def test_pages_of_the_history_keep_the_filter(as_viewer: Client, database: Database) -> None:
    replica = make_replica(database)
    for _ in range(PAGE_SIZE + 1):
        make_restore_test(replica)
    assert 'href="?status=passed&amp;page=2#history"' in page(as_viewer, database, "?status=passed")


def test_reported_and_point_in_time_tests_are_told_apart(as_viewer: Client, database: Database, now: datetime) -> None:
    replica = make_replica(database)
    make_restore_test(replica, origin="reported", reporter="db-1", trigger="api")
    shown = page(as_viewer, database)
    assert "reported by an agent" in shown
    assert "latest state" in shown
    make_restore_test(replica, target_at=now.replace(year=2020, month=3, day=10, microsecond=0))
    assert "10 Mar 2020" in page(as_viewer, database)


def test_checks_and_schedule_are_shown_with_the_way_to_change_them(
    as_viewer: Client, as_administrator: Client, database: Database, now: datetime
) -> None:
    make_check(database)
    make_check(database, kind="schema", parameters={"fingerprint": "a" * 64}, is_enabled=False)
    give_default_schedule(database, now=now)
    for client, may_change in ((as_viewer, False), (as_administrator, True)):
        shown = page(client, database)
        assert "Rows a table has at least" in shown
        assert "Same schema" not in shown
        assert "Next test:" in shown
        assert f"/recovery/databases/{database.name}/checks/" in shown
        assert (f"/recovery/databases/{database.name}/schedule/" in shown) == may_change


def test_a_replica_shows_lag_sync_and_size(as_viewer: Client, database: Database, now: datetime) -> None:
    make_replica(database, lag_seconds=0, checked_at=now, newest_at=now, size_bytes=15_187_968)
    make_replica(database, name="far", checked_at=now, lag_reason="The server is silent.")
    make_replica(database, name="new")
    shown = page(as_viewer, database)
    for words in (
        "none: everything is in the backup",
        "15.2 MB",
        "Last sync",
        "The server is silent.",
        "not watched yet",
    ):
        assert words in shown, words
