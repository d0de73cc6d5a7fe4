"""Damage that a restore does not notice, each kind done to a real replica: the whole restore test does.

Each is found on a replica that has passed before. Where `is_first` is among the parameters, it is found by the very
first test of a database with no configuration too; where it cannot be, the name of a test says so. A stale log beside
the output has a module of its own.
"""

import shutil
import sqlite3
import subprocess
import time
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from pytest_django import Settings

from recovery.methods.litestream_position import state_folder
from recovery.models import Check, Replica, RestoreTest
from recovery.services.restore_runs import run_restore_test
from recovery.services.scheduled_tests import start_scheduled_tests
from recovery.services.schedules import set_schedule
from tests.factories import make_check
from tests.faults.backup import Backup
from tests.faults.test_gap import take_snapshot
from tests.recovery.methods.sqlite_files import add_row_behind_index
from tests.recovery.runs import age_of_source, header_of, reason_of, run

Status = RestoreTest.Status
DUE = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
WEEK = timedelta(weeks=1)
# Each second between the first and the last transaction is drawn.
ALL_POINTS = 30
first_or_later = pytest.mark.parametrize("is_first", [False, True], ids=["later test", "first test"])


def pass_once(replica: Replica, *, is_first: bool = False) -> None:
    """The healthy replica passes, unless the test to come is to be the first."""
    if not is_first:
        test = run(replica)
        assert (test.status, test.tables) == (Status.PASSED, {"users": 600})


def outcome_of(test: RestoreTest, name: str) -> str:
    (outcome,) = [check["outcome"] for check in test.checks if check["name"] == name]
    return str(outcome)


def stall(backup: Backup, seconds: int) -> None:
    """The source is written to, and nothing of it reaches the replica."""
    backup.write(5)
    age_of_source(backup, after_newest=timedelta(seconds=seconds))


def lose_tail(backup: Backup) -> None:
    for path in backup.files()[1:]:
        path.unlink()


def recreate(backup: Backup, rows: int) -> None:
    """Another file in the source's place, as after a wrong deployment, is replicated to the same folder."""
    for path in [backup.source, *backup.source.parent.glob("source.db-*")]:
        path.unlink(missing_ok=True)
    shutil.rmtree(state_folder(backup.source))
    backup.write(rows)
    backup.replicate()


@first_or_later
def test_newest_files_missing_because_replication_stalled(replica: Replica, backup: Backup, is_first: bool) -> None:
    pass_once(replica, is_first=is_first)
    stall(backup, 301)
    test = run(replica)
    assert test.status == Status.FAILED
    assert reason_of(test).startswith("The newest 5 min 1 s are missing. No RPO objective is set, and more than 5 min")
    replica.database.rpo_objective_seconds = 60
    replica.database.save()
    assert reason_of(run(replica)) == (
        "The newest 5 min 1 s are missing; the RPO objective is 1 min. Check the replication."
    )


def test_newest_files_missing_because_the_tail_was_lost(replica: Replica, backup: Backup) -> None:
    pass_once(replica)
    replica.database.rpo_objective_seconds = 60
    replica.database.save()
    age_of_source(backup, after_newest=timedelta(seconds=90))
    backup.files()[-1].unlink()
    test = run(replica)
    assert (test.status, test.tables) == (Status.FAILED, {"users": 300})
    assert reason_of(test).startswith("The newest 1 min 30 s are missing; the RPO objective is 1 min.")


def test_newest_files_missing_cannot_be_found_by_a_first_test_that_does_not_see_the_source(
    replica: Replica, backup: Backup
) -> None:
    lose_tail(backup)
    shutil.move(backup.source, backup.source.with_name("elsewhere.db"))
    test = run(replica)
    # It passes, and does not claim to know how much is missing; with an objective it would be inconclusive.
    assert (test.status, test.tables, test.rpo_seconds) == (Status.PASSED, {"users": 100}, None)
    assert "cannot be read from here, so its last write is not known" in test.rpo_reason


@first_or_later
def test_a_gap_on_the_way_to_a_point_in_time(replica: Replica, backup: Backup, is_first: bool) -> None:
    pass_once(replica, is_first=is_first)
    take_snapshot(backup)
    backup.files()[1].unlink()
    assert run(replica).status == Status.PASSED
    test = run(replica, at=header_of(backup.files()[-1]).at)
    assert (test.status, test.tables) == (Status.FAILED, {"users": 100})
    assert "before the time asked for, because the replica lost what came next" in reason_of(test)


def test_everything_after_the_first_snapshot_missing(replica: Replica, backup: Backup) -> None:
    backup.execute("CREATE TABLE orders (id); INSERT INTO orders VALUES (1);")
    backup.replicate()
    before = run(replica)
    assert before.status == Status.PASSED
    lose_tail(backup)
    test = run(replica)
    assert test.status == Status.FAILED
    rows, tables, *_ = test.reasons
    assert rows.startswith(
        f"Rows are gone since {before.reference}: orders is missing (1 rows before); users has 100 rows (600 before)."
    )
    assert "Tables are missing: orders." in tables


def test_everything_after_the_first_snapshot_missing_at_the_first_test_is_found_by_its_age(
    replica: Replica, backup: Backup
) -> None:
    lose_tail(backup)
    age_of_source(backup, after_newest=timedelta(minutes=6))
    assert "No RPO objective is set, and more than 5 min is unusual" in reason_of(run(replica))


def test_everything_after_the_first_snapshot_missing_at_the_first_test_is_found_by_what_a_person_expects(
    replica: Replica, backup: Backup
) -> None:
    make_check(replica.database, "minimum_rows", parameters={"table": "users", "rows": 500})
    make_check(replica.database, "required_tables", parameters={"tables": ["orders", "users"]})
    lose_tail(backup)
    test = run(replica)
    assert test.status == Status.FAILED
    assert test.reasons == [
        "users has 100 rows; at least 500 are required.",
        "Tables are missing: orders.",
    ]


def test_a_source_that_was_emptied(replica: Replica, backup: Backup) -> None:
    pass_once(replica)
    backup.execute("DELETE FROM users;")
    backup.replicate()
    nothing, gone = run(replica).reasons
    assert nothing == "The restored database has no rows at all."
    assert "users has 0 rows (600 before)" in gone


def test_a_source_that_was_emptied_is_found_by_the_first_test_too(replica: Replica, backup: Backup) -> None:
    backup.execute("DELETE FROM users;")
    backup.replicate()
    assert reason_of(run(replica)) == "The restored database has no rows at all."


def test_a_source_that_was_created_anew(replica: Replica, backup: Backup) -> None:
    pass_once(replica)
    recreate(backup, 20)
    test = run(replica)
    assert (test.status, test.tables) == (Status.FAILED, {"users": 20})
    assert "users has 20 rows (600 before). If that was meant, accept this result" in reason_of(test)


def test_a_source_that_was_created_anew_is_the_database_to_a_first_test(replica: Replica, backup: Backup) -> None:
    recreate(backup, 20)
    test = run(replica)
    assert (test.status, test.tables) == (Status.PASSED, {"users": 20})


@first_or_later
def test_rot_outside_the_latest_plan(replica: Replica, backup: Backup, settings: Settings, is_first: bool) -> None:
    for _ in range(2):
        time.sleep(1.1)
        backup.write(5)
        backup.replicate()
    take_snapshot(backup)
    if not is_first:
        assert run(replica).status == Status.PASSED
    # Every state but the latest needs it, so whichever points are drawn meet it.
    rotten = backup.files()[1]
    raw = bytearray(rotten.read_bytes())
    raw[len(raw) // 2] ^= 1
    times = rotten.stat()
    rotten.write_bytes(raw)
    # Rot leaves the time as it was.
    subprocess.run(["touch", "-d", f"@{times.st_mtime_ns / 1e9:.9f}", str(rotten)], check=True)
    settings.SCHEDULE_JITTER = 0
    tests = sweep(replica)
    latest, *points = [run_restore_test(test.number, now=DUE + WEEK) for test in tests]
    assert latest is not None
    assert (latest.target_at, latest.status) == (None, Status.PASSED)
    failed = [point for point in points if point and point.status == Status.FAILED]
    assert failed
    assert "is damaged or cut short" in reason_of(failed[0])


def sweep(replica: Replica) -> list[RestoreTest]:
    """What the weekly schedule has waiting, with as many points as make it miss none."""
    start = DUE - WEEK
    set_schedule(
        replica.database, cron="0 3 * * 0", timezone="UTC", is_enabled=True, sampled_points=ALL_POINTS, now=start
    )
    Replica.objects.update(created_at=start)
    start_scheduled_tests(replica.database.pk, since=start, now=DUE)
    waiting = list(RestoreTest.objects.filter(status=Status.PENDING).order_by("number"))
    assert len(waiting) > 2
    return waiting


@first_or_later
def test_a_replica_copied_without_its_times(replica: Replica, backup: Backup, is_first: bool) -> None:
    pass_once(replica, is_first=is_first)
    at = header_of(backup.files()[-1]).at
    assert run(replica, at=at).tables == {"users": 300}
    copy_without_times(backup.replica.path)
    assert run(replica).status == Status.PASSED
    test = run(replica, at=at)
    assert test.status == Status.FAILED
    assert "nothing from before" in reason_of(test)


@first_or_later
def test_a_replica_some_files_of_which_were_copied_without_their_times(
    replica: Replica, backup: Backup, is_first: bool
) -> None:
    pass_once(replica, is_first=is_first)
    at = header_of(backup.files()[-1]).at
    copy_without_times(backup.files()[1])
    test = run(replica, at=at)
    assert (test.status, test.tables) == (Status.FAILED, {"users": 100})
    assert "before the time asked for, because the replica lost what came next" in reason_of(test)


def test_a_replica_whose_files_were_given_earlier_times(replica: Replica, backup: Backup) -> None:
    pass_once(replica)
    at = header_of(backup.files()[-1]).at
    subprocess.run(["touch", "-d", "2020-01-01", str(backup.files()[-1])], check=True)
    test = run(replica, at=at)
    assert (test.status, test.tables) == (Status.FAILED, {"users": 600})
    assert "not before the time asked for" in reason_of(test)


def copy_without_times(path: Path) -> None:
    """As `cp -r` does unless it is told otherwise."""
    copy = path.with_name(f"{path.name}.copy")
    subprocess.run(["cp", "-r", str(path), str(copy)], check=True)
    subprocess.run(["rm", "-r", str(path)], check=True)
    copy.rename(path)


@first_or_later
def test_an_index_of_the_source_that_is_corrupt(replica: Replica, backup: Backup, is_first: bool) -> None:
    backup.execute("CREATE INDEX users_name ON users (name);")
    backup.replicate()
    pass_once(replica, is_first=is_first)
    add_row_behind_index(backup.source, "users", "users_name")
    with closing(sqlite3.connect(backup.source)) as source:
        assert source.execute("PRAGMA quick_check").fetchall() == [("ok",)]
    backup.replicate()
    test = run(replica)
    assert (test.status, Check.objects.filter(origin="person").count()) == (Status.FAILED, 0)
    assert "missing from index users_name" in reason_of(test)
