"""A write-ahead log of another database beside the restored file: SQLite would read it, and no restore test does."""

import shutil
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path

import pytest

from recovery.models import Replica, RestoreTest
from tests.faults.backup import Backup
from tests.faults.test_gap import TOOL
from tests.recovery.runs import run, watched

Status = RestoreTest.Status


@pytest.fixture
def stale_log(tmp_path: Path) -> bytes:
    """A write-ahead log of another database."""
    with closing(sqlite3.connect(tmp_path / "other.db")) as other:
        other.executescript("PRAGMA journal_mode = WAL; CREATE TABLE users (id); CREATE TABLE intruder (id);")
        return (tmp_path / "other.db-wal").read_bytes()


def test_a_stale_log_beside_the_output_does_harm(backup: Backup, stale_log: bytes, tmp_path: Path) -> None:
    output = tmp_path / "restored.db"
    output.with_name("restored.db-wal").write_bytes(stale_log)
    subprocess.run([TOOL, "restore", "-o", output, f"file://{backup.replica.path}"], check=True, capture_output=True)
    with closing(sqlite3.connect(output)) as restored:
        assert ("intruder",) in restored.execute("SELECT name FROM sqlite_master").fetchall()


@pytest.mark.parametrize("is_first", [False, True], ids=["later test", "first test"])
def test_a_stale_log_beside_the_output_reaches_no_test(
    replica: Replica, backup: Backup, stale_log: bytes, is_first: bool
) -> None:
    assert is_first or run(replica).status == Status.PASSED
    for folder in (backup.scratch, backup.scratch / "RT-1--left", backup.scratch / "RT-2--left"):
        folder.mkdir(exist_ok=True)
        (folder / "restored.db-wal").write_bytes(stale_log)
    test = run(replica)
    assert (test.status, test.tables) == (Status.PASSED, {"users": 600})
    shutil.rmtree(backup.scratch)
    backup.scratch.mkdir()


def test_a_stale_log_put_beside_the_output_midway_is_not_read(
    replica: Replica, backup: Backup, stale_log: bytes
) -> None:
    assert run(replica).status == Status.PASSED

    def put(_statement: str) -> None:
        for folder in backup.scratch.iterdir():
            (folder / "restored.db-wal").write_bytes(stale_log)

    with watched(put):
        test = run(replica)
    assert test.status != Status.PASSED or test.tables == {"users": 600}
