"""Fifty whole restore tests beside a live writer and a daemon: each passes, and each gives back what was committed."""

import json
import random
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from pytest_django import Settings

from recovery.methods.deadline import Deadline
from recovery.methods.process import Bounds
from recovery.methods.scratch import scratch_folder
from recovery.models import Replica, RestoreTest
from recovery.services import restore_runs
from recovery.services.backups import open_backup
from recovery.services.sampling import sample_points
from tests.factories import make_check, make_database, make_replica
from tests.faults import live_writer
from tests.faults.backup import Backup
from tests.faults.processes import PATIENCE_SECONDS
from tests.faults.test_gap import TOOL
from tests.recovery.runs import run

RUNS = 50
OBJECTIVE = 10
# So many are of points in time as a schedule draws them, and of the very moment at which they begin.
POINTS_EVERY, NOW_EVERY = 5, 7
LONGEST_PAUSE = 0.3


@contextmanager
def running(*command: str | Path, **options: Any) -> Iterator[subprocess.Popen[bytes]]:
    with subprocess.Popen(command, **options) as process:
        try:
            yield process
        finally:
            process.kill()


@pytest.fixture
def live(db: None, empty: Backup, settings: Settings) -> Iterator[Replica]:
    """A database that is being written to and replicated every second, as the guide has it."""
    settings.SCRATCH_DIR = empty.scratch
    empty.source.parent.mkdir()
    root = Path(__file__).parents[2]
    with running(sys.executable, live_writer.__file__, empty.source, cwd=root, stdout=subprocess.PIPE) as writer:
        assert writer.stdout
        writer.stdout.readline()
        config = empty.folder / "daemon.json"
        replica = {"path": str(empty.replica.path), "sync-interval": "1s"}
        config.write_text(json.dumps({"dbs": [{"path": str(empty.source), "replica": replica}]}))
        with running(TOOL, "replicate", "-config", config, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL):
            end = time.monotonic() + PATIENCE_SECONDS
            while len(empty.files()) < 3:
                assert time.monotonic() < end, "Nothing was replicated."
                time.sleep(0.05)
            database = make_database("shop", empty.source, rpo_objective_seconds=OBJECTIVE)
            yield make_replica(database, empty.replica.path)


@pytest.fixture
def ledgers(monkeypatch: pytest.MonkeyPatch) -> list[list[tuple[int, int]]]:
    """The ledger in each restored database, read before it is removed."""
    kept: list[list[tuple[int, int]]] = []
    judge = restore_runs.ask_source

    def keep(*arguments: Any, **named: Any) -> Any:
        (restored,) = restore_runs.settings.SCRATCH_DIR.glob("RT-*/restored.db")
        with closing(sqlite3.connect(f"file:{restored}?mode=ro&immutable=1", uri=True)) as connection:
            kept.append(connection.execute("SELECT number, total FROM ledger ORDER BY number").fetchall())
        return judge(*arguments, **named)

    monkeypatch.setattr(restore_runs, "ask_source", keep)
    return kept


def draw_point(replica: Replica, number: int, chance: random.Random) -> datetime | None:
    """What the test of this number restores to, drawn as a schedule does from what the replica holds now."""
    if number % NOW_EVERY == 1:
        return timezone.now()
    if number % POINTS_EVERY:
        return None
    with scratch_folder(restore_runs.settings.SCRATCH_DIR, "look") as folder:
        found = open_backup(replica).describe(Bounds(folder=folder, deadline=Deadline(30)))
    assert found.oldest_at
    assert found.newest_at
    return next(iter(sample_points(found.oldest_at, found.newest_at, count=1, chance=chance)), None)


def test_fifty_whole_runs_beside_a_live_writer_all_pass(live: Replica, ledgers: list[list[tuple[int, int]]]) -> None:
    make_check(live.database, "source_content", parameters={"table": "ledger", "column": "number"})
    chance = random.Random(1)
    tests: list[RestoreTest] = []
    for number in range(RUNS):
        time.sleep(chance.uniform(0, LONGEST_PAUSE))
        tests.append(run(live, at=draw_point(live, number, chance)))
    assert {(test.status, *test.reasons) for test in tests} == {("passed",)}
    assert sum(test.target_at is not None for test in tests) > RUNS / 5
    latest = [test for test in tests if not test.target_at]
    assert all(test.rpo_seconds is not None and test.rpo_seconds <= OBJECTIVE for test in latest)
    for test, ledger in zip(tests, ledgers, strict=True):
        # Each number and the sum of those up to it: nothing is missing in between, nothing is from elsewhere.
        assert ledger == [(n, n * (n + 1) // 2) for n in range(1, test.tables["ledger"] + 1)]
    # The writer went on, and later tests saw more of it.
    rows = [test.tables["ledger"] for test in latest]
    assert rows == sorted(rows)
    assert rows[-1] > rows[0]
