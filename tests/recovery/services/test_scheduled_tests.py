"""What becomes of a database whose schedule has come round."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pytest_django.fixtures import Settings

from recovery.models import Database, Replica, RestoreTest, SkippedRun
from recovery.services import scheduled_tests
from recovery.services.restore_runs import run_restore_test
from recovery.services.restore_tests import plan_restore_test
from recovery.services.scheduled_tests import start_scheduled_tests
from recovery.services.schedules import set_schedule
from tests.factories import make_database, make_replica, make_restore_test
from tests.recovery.backups import make_backup_files
from tests.recovery.silence import make_silent_replica, silent_server

pytestmark = pytest.mark.django_db
# A Sunday at three, when the schedule of these tests comes round; the one before is when it was set.
DUE = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
WEEK = timedelta(weeks=1)
SET = DUE - WEEK


@pytest.fixture(autouse=True)
def scratch(tmp_path: Path, settings: Settings) -> Path:
    settings.SCRATCH_DIR = tmp_path / "scratch"
    settings.SCHEDULE_JITTER = 300
    return tmp_path / "scratch"


@pytest.fixture
def files(tmp_path: Path) -> Replica:
    """Two weeks of backup files, one a day."""
    return scheduled(make_backup_files(tmp_path, now=DUE, ages=tuple(timedelta(days=day) for day in range(14))))


def scheduled(replica: Replica, points: int = 2) -> Replica:
    set_schedule(replica.database, cron="0 3 * * 0", timezone="UTC", is_enabled=True, sampled_points=points, now=SET)
    Replica.objects.update(created_at=SET)
    return Replica.objects.select_related("database").get(pk=replica.pk)


def start(database: Database, now: datetime = DUE) -> None:
    start_scheduled_tests(database.pk, since=SET, now=now)


def finish(status: str = "passed") -> None:
    RestoreTest.objects.update(status=status, started_at=DUE, finished_at=DUE)


def skipped() -> list[tuple[str, str]]:
    runs = SkippedRun.objects.order_by("due_at", "pk")
    return [(f"{run.due_at:%m-%d %H:%M}", run.reason) for run in runs]


def test_the_latest_state_and_sampled_points_wait_one_after_the_other(files: Replica, scratch: Path) -> None:
    Database.objects.update(rpo_objective_seconds=86_400, rto_objective_seconds=60)
    start(files.database)
    tests = list(RestoreTest.objects.order_by("number"))
    latest, *points = tests
    assert latest.target_at is None
    assert len(points) == 2
    assert all(DUE - timedelta(days=13) < point.target_at < DUE for point in points if point.target_at)
    assert {(test.status, test.trigger, test.requested_at) for test in tests} == {("pending", "schedule", DUE)}
    assert {(test.rpo_objective_seconds, test.rto_objective_seconds) for test in tests} == {(86_400, 60)}
    due = [test.due_at for test in tests if test.due_at]
    assert DUE <= due[0] <= DUE + timedelta(seconds=300)
    assert [moment - due[0] for moment in due] == [timedelta(seconds=place) for place in range(3)]
    assert skipped() == []
    assert list(scratch.iterdir()) == []


def test_the_samples_differ_from_week_to_week(files: Replica) -> None:
    start(files.database)
    finish()
    start(files.database, DUE + WEEK)
    targets = set(RestoreTest.objects.exclude(target_at=None).values_list("target_at", flat=True))
    assert len(targets) == 4


def test_a_second_message_of_the_same_run_makes_nothing(files: Replica) -> None:
    for _ in range(2):
        start(files.database)
        finish()
    start(files.database, DUE + timedelta(hours=5))
    assert (RestoreTest.objects.count(), skipped()) == (3, [])


def test_a_clock_that_is_a_little_slow_loses_no_run_and_counts_none_twice(files: Replica) -> None:
    start(files.database, DUE - timedelta(seconds=2))
    finish()
    start(files.database, DUE + WEEK + timedelta(seconds=2))
    assert (RestoreTest.objects.count(), skipped()) == (6, [])


def test_a_message_outside_of_the_schedule_makes_nothing(files: Replica) -> None:
    start(files.database, DUE - timedelta(days=1))
    assert (RestoreTest.objects.count(), skipped()) == (0, [])


def test_a_run_whose_predecessor_has_not_finished_is_skipped(files: Replica) -> None:
    start(files.database)
    first = RestoreTest.objects.order_by("number")[0]
    start(files.database, DUE + WEEK)
    assert RestoreTest.objects.count() == 3
    assert skipped() == [("11-29 03:00", f"{first.reference} of the run before had not finished.")]
    finish()
    start(files.database, DUE + 2 * WEEK)
    assert RestoreTest.objects.count() == 6


def test_a_test_that_somebody_asked_for_holds_up_no_schedule(files: Replica) -> None:
    make_restore_test(files, "pending")
    start(files.database)
    assert RestoreTest.objects.filter(trigger="schedule").count() == 3


@pytest.mark.parametrize(
    ("status", "reason"),
    [("broken", "The replica could not be made"), ("preparing", "The replica was still being prepared.")],
)
def test_a_replica_that_is_not_ready_is_skipped(files: Replica, status: str, reason: str) -> None:
    Replica.objects.update(status=status)
    start(files.database)
    assert RestoreTest.objects.count() == 0
    ((due, found),) = skipped()
    assert due == "11-22 03:00"
    assert found.startswith(reason)


def test_one_replica_holds_up_no_other(files: Replica, tmp_path: Path) -> None:
    make_replica(files.database, name="other", status="broken")
    Replica.objects.update(created_at=SET)
    start(files.database)
    assert set(RestoreTest.objects.values_list("replica", flat=True)) == {files.pk}
    assert len(skipped()) == 1


def test_a_database_without_a_replica_shows_that_nothing_was_tested() -> None:
    database = make_database()
    set_schedule(database, cron="0 3 * * 0", timezone="UTC", is_enabled=True, sampled_points=2, now=SET)
    for _ in range(2):
        start(database)
    assert skipped() == [("11-22 03:00", "No replica is registered, so there is nothing to test.")]


def test_runs_that_were_missed_are_on_record_and_the_last_one_takes_place(files: Replica) -> None:
    start(files.database)
    finish()
    start(files.database, DUE + 3 * WEEK + timedelta(hours=9))
    reason = "Debrief was not running at this time, or too busy, so no test was made."
    assert skipped() == [("11-29 03:00", reason), ("12-06 03:00", reason)]
    assert RestoreTest.objects.filter(status="pending").count() == 3


def test_of_a_very_long_silence_the_newest_runs_are_on_record(files: Replica) -> None:
    start(files.database, DUE + 100 * WEEK)
    assert len(skipped()) == 20
    assert SkippedRun.objects.first().due_at == DUE + 99 * WEEK  # type: ignore[union-attr]


def test_a_schedule_does_not_answer_for_the_time_before_it_was_set(files: Replica) -> None:
    now = DUE + 3 * WEEK
    start_scheduled_tests(files.database.pk, since=now - timedelta(days=1), now=now)
    assert (RestoreTest.objects.count(), skipped()) == (3, [])


def test_nothing_comes_of_a_schedule_that_is_off_or_of_a_database_that_is_gone_or_elsewhere(files: Replica) -> None:
    database = files.database
    for change in ({"host": "db1.example.org"}, {"host": "", "is_demonstration": True}):
        Database.objects.update(**change)
        start(database)
    Database.objects.update(is_demonstration=False)
    database.refresh_from_db()
    assert database.schedule is not None
    database.schedule.enabled = False
    database.schedule.save()
    start(database)
    database.schedule.delete()
    start(database)
    start_scheduled_tests(10**9, since=SET, now=DUE)
    assert (RestoreTest.objects.count(), skipped()) == (0, [])


def test_without_samples_the_replica_is_not_asked(files: Replica) -> None:
    Database.objects.update(sampled_points=0)
    Replica.objects.update(destination="/nowhere/at/all")
    start(files.database)
    assert [test.target_at for test in RestoreTest.objects.all()] == [None]
    assert skipped() == []


def test_a_replica_that_cannot_be_asked_has_its_latest_state_tested(files: Replica) -> None:
    Replica.objects.update(destination="/nowhere/at/all")
    start(files.database)
    assert [test.target_at for test in RestoreTest.objects.all()] == [None]
    ((_due, reason),) = skipped()
    assert reason.startswith("No points in time were sampled, only the latest state is tested. ")
    assert "/nowhere/at/all" in reason


def test_a_replica_that_says_nothing_has_its_latest_state_tested(
    files: Replica, settings: Settings, monkeypatch: pytest.MonkeyPatch, scratch: Path
) -> None:
    settings.RECOVERY_PRIVATE_ENDPOINTS = True
    monkeypatch.setattr(scheduled_tests, "DESCRIBE_SECONDS", 1.0)
    with silent_server() as port:
        silent = scheduled(make_silent_replica(port, files.database.path, monkeypatch))
        start(silent.database)
    assert [test.target_at for test in RestoreTest.objects.all()] == [None]
    ((_due, reason),) = skipped()
    assert reason.endswith("The replica did not answer within 1 seconds.")
    assert not list(scratch.iterdir())


def test_a_run_that_another_worker_began_meanwhile_is_skipped(files: Replica) -> None:
    begun: list[RestoreTest] = []

    def begin(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        # The first transaction comes after the replica has been asked.
        if sql.startswith(("SAVEPOINT", "BEGIN")) and not begun:
            begun.append(make_restore_test(files, "running", trigger="schedule", requested_at=SET))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(begin):
        start(files.database)
    assert list(RestoreTest.objects.all()) == begun
    assert skipped() == [("11-22 03:00", f"{begun[0].reference} of the run before had not finished.")]


def test_replicas_are_asked_outside_of_a_transaction_and_without_queries(files: Replica) -> None:
    with CaptureQueriesContext(connection) as captured:
        start(files.database)
    statements = [query["sql"] for query in captured]
    begun = next(place for place, sql in enumerate(statements) if sql.startswith(("BEGIN", "SAVEPOINT")))
    assert not any(sql.startswith(("INSERT", "UPDATE")) for sql in statements[:begun])
    assert len(captured) < 20


@pytest.mark.parametrize(("trigger", "status"), [("schedule", "inconclusive"), ("person", "failed")])
def test_a_point_that_retention_took_while_the_test_waited_is_no_failure(
    files: Replica, trigger: str, status: str
) -> None:
    point = DUE - timedelta(days=10)
    waiting = plan_restore_test(files, now=DUE, at=point, trigger=trigger)
    for age in range(10, 14):
        (Path(files.destination) / f"{age}.db").unlink()
    test = run_restore_test(waiting.number, now=DUE)
    assert test is not None
    assert test.status == status
    assert ("when it was drawn" in test.reasons[0]) == (trigger == "schedule")


def test_a_row_that_cannot_be_says_why_and_is_inconclusive(files: Replica) -> None:
    Replica.objects.update(options={"pattern": "daily/*.db"})
    test = run_restore_test(plan_restore_test(files, now=DUE).number, now=DUE)
    assert test is not None
    assert test.status == "inconclusive"
    assert "does not name files in one folder" in test.reasons[0]
