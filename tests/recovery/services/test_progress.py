"""What the row of a running test says, which is what its page shows."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

from django.utils import timezone
from pytest_django.fixtures import Settings

from recovery.models import Replica, RestoreTest
from recovery.services.restore_runs import run_restore_test
from recovery.services.restore_tests import create_restore_test
from tests.faults.backup import Backup
from tests.recovery.runs import header_of, watched

Stuck = Callable[[Path], AbstractContextManager[None]]


def rows_while_running(replica: Replica) -> list[RestoreTest]:
    """The row after each write to it."""
    seen: list[RestoreTest] = []
    waiting = create_restore_test(replica, actor=None, now=timezone.now())
    with watched(lambda _sql: seen.append(RestoreTest.objects.get(pk=waiting.pk))):
        run_restore_test(waiting.number, now=timezone.now())
    return seen


def test_the_phases_follow_each_other_with_the_bytes_expected(replica: Replica, backup: Backup) -> None:
    rows = rows_while_running(replica)
    expected = header_of(backup.files()[-1]).database_bytes
    phases = [row.phase for row in rows]
    assert list(dict.fromkeys(phases)) == ["", "plan", "restore", "inspect"]
    assert [row.status for row in rows] == ["running"] * (len(rows) - 1) + ["passed"]
    assert {row.bytes_expected for row in rows if row.phase in ("restore", "inspect")} == {expected}
    assert next(row.bytes_done for row in rows if row.phase == "restore") == 0
    assert {row.bytes_done for row in rows if row.phase == "inspect"} == {expected}


def test_a_running_test_is_heard_of_again_and_again(
    replica: Replica, backup: Backup, stuck: Stuck, settings: Settings
) -> None:
    settings.RESTORE_TIME_LIMIT = 2
    with stuck(backup.files()[-1]):
        rows = rows_while_running(replica)
    heard = [row.heartbeat_at for row in rows if row.status == "running" and row.heartbeat_at]
    assert heard == sorted(heard)
    assert len(set(heard)) >= 3
    assert all(row.finished_at is None for row in rows[:-1])
    assert all(row.tool.startswith("litestream") for row in rows if row.phase)
