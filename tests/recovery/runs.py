"""Runs restore tests the way a worker does, and looks at their rows while they run."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.db import connection
from django.utils import timezone

from recovery.methods.ltx import LtxHeader, read_header
from recovery.models import Replica, RestoreTest
from recovery.services.restore_runs import run_restore_test
from recovery.services.restore_tests import create_restore_test
from tests.faults.backup import Backup


def run(replica: Replica, *, at: datetime | None = None) -> RestoreTest:
    waiting = create_restore_test(replica, actor=None, now=timezone.now(), at=at)
    test = run_restore_test(waiting.number, now=timezone.now())
    assert test is not None
    return test


def reason_of(test: RestoreTest) -> str:
    """The one sentence that says why a test did not get to its checks."""
    (reason,) = test.reasons
    return reason


def header_of(path: Path) -> LtxHeader:
    header = read_header(path)
    assert header is not None
    return header


def age_of_source(backup: Backup, *, after_newest: timedelta) -> None:
    """The source was last written to so long after its newest transaction was replicated, and nobody has that yet."""
    if after_newest > timedelta(0):
        backup.execute("CREATE TABLE IF NOT EXISTS written_later (id);")
    moment = (header_of(backup.files()[-1]).at + after_newest).timestamp()
    for path in backup.source.parent.glob("source.db*"):
        os.utime(path, (moment, moment))


@contextmanager
def watched(look: Callable[[str], None]) -> Iterator[None]:
    """`look` is called with the statement after each write to a restore test's row but its own."""
    is_looking = False

    def follow(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        nonlocal is_looking
        result = execute(sql, params, many, context)
        if sql.startswith('UPDATE "recovery_restoretest"') and not is_looking:
            is_looking = True
            try:
                look(sql)
            finally:
                is_looking = False
        return result

    with connection.execute_wrapper(follow):
        yield
