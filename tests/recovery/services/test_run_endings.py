"""Restore tests that do not pass: failed, timed out or inconclusive, each with its reason and nothing left behind."""

import shutil
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import OperationalError, connection
from django.utils import timezone
from pytest_django import Settings

from recovery.models import Replica, RestoreTest
from recovery.services.restore_runs import run_restore_test
from recovery.services.restore_tests import create_restore_test, sweep_restore_tests
from tests.factories import make_check, make_database, make_replica
from tests.faults.backup import Backup
from tests.faults.processes import commands_about
from tests.recovery.methods.sqlite_files import add_row_behind_index
from tests.recovery.runs import reason_of, run, watched

Status = RestoreTest.Status
Stuck = Callable[[Path], AbstractContextManager[None]]


def remove_all(backup: Backup) -> None:
    shutil.rmtree(backup.replica.path)


def empty_out(backup: Backup) -> None:
    for path in backup.files():
        path.unlink()


def flip_a_bit(backup: Backup) -> None:
    raw = bytearray(backup.files()[1].read_bytes())
    raw[len(raw) // 2] ^= 1
    backup.files()[1].write_bytes(raw)


@pytest.mark.parametrize(
    ("damage", "words"),
    [
        (remove_all, "does not exist, so there is nothing to restore"),
        (empty_out, "holds no backup, so there is nothing to restore"),
        (flip_a_bit, "is damaged or cut short"),
    ],
)
def test_a_backup_that_gives_nothing_back_fails(
    replica: Replica, backup: Backup, damage: Callable[[Backup], None], words: str
) -> None:
    damage(backup)
    test = run(replica)
    assert test.status == Status.FAILED
    assert words in reason_of(test)
    assert (test.exit_code, test.rto_seconds, test.rpo_seconds, test.sha256, test.tables) == (1, None, None, "", {})
    assert "Error:" in test.log_tail
    assert test.tool.startswith("litestream")


def test_an_emptied_source_comes_back_and_fails(db: None, empty: Backup, settings: Settings) -> None:
    settings.SCRATCH_DIR = empty.scratch
    empty.execute("CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT);")
    empty.replicate()
    test = run(registered(empty))
    assert (test.status, test.tables) == (Status.FAILED, {"users": 0})
    assert reason_of(test) == "The restored database has no rows at all."


def test_faults_of_the_source_come_back_and_fail(db: None, empty: Backup, settings: Settings) -> None:
    settings.SCRATCH_DIR = empty.scratch
    empty.write(50)
    empty.execute(
        "CREATE INDEX users_name ON users (name);"
        "CREATE TABLE orders (user_id REFERENCES users); INSERT INTO orders VALUES (1), (999);"
    )
    add_row_behind_index(empty.source, "users", "users_name")
    empty.replicate()
    test = run(registered(empty))
    assert test.status == Status.FAILED
    assert test.sha256
    assert {check["name"]: check["passed"] for check in test.checks} == {
        "size": True,
        "integrity_check": False,
        "foreign_keys": False,
        "row_counts": True,
        "no_shrinkage": True,
        "freshness": True,
    }
    assert "missing from index users_name" in test.integrity
    assert test.reasons[1] == "1 rows point to rows that are not there, in: orders."


def registered(backup: Backup) -> Replica:
    return make_replica(make_database("shop", backup.source), backup.replica.path)


def test_a_restore_that_hangs_times_out(replica: Replica, backup: Backup, stuck: Stuck, settings: Settings) -> None:
    settings.RESTORE_TIME_LIMIT = 1.5
    with stuck(backup.files()[-1]):
        test = run(replica)
    assert test.status == Status.TIMED_OUT
    assert "stopped after 1.5 seconds, the time it is allowed" in reason_of(test)
    assert test.finished_at is not None
    assert test.rto_seconds is None
    assert commands_about(backup.folder) == []
    assert list(backup.scratch.iterdir()) == []


def test_a_quota_says_nothing_about_the_backup(replica: Replica, settings: Settings) -> None:
    settings.SCRATCH_QUOTA = 100_000
    test = run(replica)
    assert test.status == Status.INCONCLUSIVE
    assert "a restore test may write 100.0 kB here" in reason_of(test)


def test_a_scratch_folder_that_cannot_be_made_says_nothing_about_the_backup(
    replica: Replica, settings: Settings, tmp_path: Path
) -> None:
    (tmp_path / "file").touch()
    settings.SCRATCH_DIR = tmp_path / "file"
    test = run(replica)
    assert test.status == Status.INCONCLUSIVE
    assert "writable folder" in reason_of(test)


@pytest.mark.parametrize("moved", ["source", "replica"])
def test_a_path_that_leads_out_of_the_allowed_folders_meanwhile_is_not_read(
    replica: Replica, backup: Backup, settings: Settings, tmp_path_factory: pytest.TempPathFactory, moved: str
) -> None:
    settings.RECOVERY_ROOTS = [backup.folder]
    assert run(replica).status == Status.PASSED
    path = backup.source if moved == "source" else backup.replica.path
    elsewhere = tmp_path_factory.mktemp("elsewhere") / "moved"
    path.rename(elsewhere)
    path.symlink_to(elsewhere)
    test = run(replica)
    assert test.status == Status.INCONCLUSIVE
    assert f"{path} is outside the folders that recovery may read" in reason_of(test)


def test_what_debrief_keeps_itself_is_allowed_wherever_databases_may_be(
    replica: Replica, backup: Backup, settings: Settings, tmp_path: Path
) -> None:
    settings.RECOVERY_ROOTS, settings.DATA_DIR = [tmp_path / "databases"], backup.folder
    assert run(replica).status == Status.PASSED


def test_a_test_ended_by_the_sweep_stays_as_the_sweep_left_it(replica: Replica) -> None:
    waiting = create_restore_test(replica, actor=None, now=timezone.now())
    ended: list[tuple[str, object]] = []

    def sweep_while_it_restores(_sql: str) -> None:
        waiting.refresh_from_db()
        if waiting.phase == RestoreTest.Phase.RESTORE and not ended:
            sweep_restore_tests(now=timezone.now() + timedelta(minutes=5))
            waiting.refresh_from_db()
            ended.append((waiting.status, waiting.finished_at))

    with watched(sweep_while_it_restores):
        run_restore_test(waiting.number, now=timezone.now())
    waiting.refresh_from_db()
    assert ended == [(Status.INCONCLUSIVE, waiting.finished_at)]
    assert (waiting.status, waiting.sha256, waiting.tables, waiting.phases) == (Status.INCONCLUSIVE, "", {}, {})
    assert "worker stopped midway" in reason_of(waiting)


def test_progress_that_cannot_be_written_for_a_while_costs_no_test(replica: Replica) -> None:
    def refuse(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if sql.startswith("UPDATE") and '"phase"' in sql:
            raise OperationalError("database or disk is full")
        return execute(sql, params, many, context)

    with connection.execute_wrapper(refuse):
        test = run(replica)
    assert (test.status, test.tables) == (Status.PASSED, {"users": 600})


def test_an_error_of_debrief_itself_ends_the_test_and_is_not_hidden(replica: Replica) -> None:
    waiting = create_restore_test(replica, actor=None, now=timezone.now())
    make_check(replica.database, parameters={"unheard": "of"})
    with pytest.raises(TypeError, match="unheard"):
        run_restore_test(waiting.number, now=timezone.now())
    waiting.refresh_from_db()
    assert waiting.status == Status.INCONCLUSIVE
    assert waiting.finished_at is not None
    assert "Debrief itself stopped midway" in reason_of(waiting)
