"""How far a replica is behind, in every state that a source, a daemon and a replica can be in."""

import json
import shutil
import sqlite3
import subprocess
import sysconfig
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from recovery.methods.backup import Lag, Restored, SourceState
from recovery.methods.deadline import Deadline
from recovery.methods.process import Bounds
from recovery.methods.scratch import scratch_folder
from tests.faults.backup import Backup
from tests.faults.processes import PATIENCE_SECONDS

TOOL = Path(sysconfig.get_path("scripts")) / "litestream"
# Behind by less than this is on its way: a second to be noticed, a second to be sent, and a busy machine.
ON_ITS_WAY = 4.0


@contextmanager
def replicating(backup: Backup, *, before: Sequence[str] = ()) -> Iterator[None]:
    config = backup.folder / "daemon.json"
    replica = {"path": str(backup.replica.path), "sync-interval": "1s"}
    config.write_text(json.dumps({"dbs": [{"path": str(backup.source), "replica": replica}]}))
    daemon = subprocess.Popen([*before, TOOL, "replicate", "-config", config], stdout=subprocess.DEVNULL)
    try:
        yield
    finally:
        daemon.kill()
        daemon.wait()


@contextmanager
def writing(backup: Backup) -> Iterator[None]:
    stop = threading.Event()

    def write() -> None:
        while not stop.is_set():
            backup.write(1)
            stop.wait(0.02)

    thread = threading.Thread(target=write)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


@contextmanager
def held_open(backup: Backup) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(backup.source)) as connection:
        connection.execute("SELECT count(*) FROM users").fetchall()
        yield connection


def lag(backup: Backup) -> Lag:
    with scratch_folder(backup.scratch, "lag") as folder:
        return backup.open().lag(Bounds(folder=folder, deadline=Deadline(60)))


def seconds_behind(backup: Backup) -> float:
    found = lag(backup)
    assert found.seconds is not None, found.reason
    return found.seconds


def restore_once(backup: Backup) -> tuple[SourceState, Restored]:
    with scratch_folder(backup.scratch, "run") as folder:
        bounds, replica = Bounds(folder=folder, deadline=Deadline(60)), backup.open()
        state = replica.read_source(bounds)
        return state, replica.restore(replica.plan(bounds), bounds, on_progress=lambda _count: None)


def missing_seconds(backup: Backup) -> float:
    state, restored = restore_once(backup)
    assert state.last_write is not None
    assert restored.newest_at is not None
    return max(0.0, (state.last_write - restored.newest_at).total_seconds())


def wait_until_replicated(backup: Backup) -> None:
    end = time.monotonic() + PATIENCE_SECONDS
    while lag(backup).seconds != 0:
        assert time.monotonic() < end
        time.sleep(0.2)


@pytest.fixture
def live(empty: Backup) -> Backup:
    empty.write(50)
    return empty


def test_fifty_runs_under_a_live_writer_are_never_late(live: Backup) -> None:
    with held_open(live), replicating(live), writing(live):
        time.sleep(3)
        behind = [max(seconds_behind(live), missing_seconds(live)) for _ in range(50)]
    assert max(behind) < ON_ITS_WAY


def test_an_idle_source_is_not_behind_however_its_files_age(live: Backup) -> None:
    with held_open(live) as connection, replicating(live):
        wait_until_replicated(live)
        connection.execute("PRAGMA wal_checkpoint(PASSIVE)")
        # A checkpoint an hour later, of what was replicated long before.
        now = time.time() + 3600
        for path in (live.source, live.source.with_name("source.db-wal")):
            subprocess.run(["touch", "-d", f"@{now}", path], check=True)
        assert seconds_behind(live) == 0
        assert missing_seconds(live) == 0


def test_the_first_write_after_an_idle_time_is_given_time_to_arrive(live: Backup) -> None:
    with held_open(live), replicating(live):
        wait_until_replicated(live)
        time.sleep(3)
        live.write(1)
        assert seconds_behind(live) < ON_ITS_WAY


def test_closing_and_opening_the_source_makes_nothing_late(live: Backup) -> None:
    with replicating(live):
        wait_until_replicated(live)
        with held_open(live):
            pass
        assert seconds_behind(live) == 0
    # Litestream is gone: the last one to close moves the log into the database, and its time with it.
    time.sleep(0.1)
    with held_open(live):
        pass
    assert not live.source.with_name("source.db-wal").exists()
    assert missing_seconds(live) == 0


def test_what_is_written_after_the_daemon_was_killed_is_missing(live: Backup) -> None:
    with held_open(live):
        with replicating(live):
            wait_until_replicated(live)
        assert seconds_behind(live) == 0
        time.sleep(3)
        live.write(1)
        assert seconds_behind(live) > 2.5
        assert missing_seconds(live) > 2.5
    # Closed, so that the log is gone: it is still missing.
    assert seconds_behind(live) > 2.5
    assert missing_seconds(live) > 2.5


def test_a_log_begun_anew_without_litestream_hides_nothing(live: Backup) -> None:
    with held_open(live) as connection:
        with replicating(live):
            wait_until_replicated(live)
        time.sleep(3)
        live.write(5)
        assert connection.execute("PRAGMA wal_checkpoint(RESTART)").fetchone()[0] == 0
        live.write(1)
        assert seconds_behind(live) > 2.5


def test_a_replica_whose_disk_is_full_falls_behind(live: Backup) -> None:
    limit = ["prlimit", "--fsize=60000"]
    live.write(1)
    with held_open(live):
        with replicating(live):
            wait_until_replicated(live)
        time.sleep(3)
        # No file may grow to what these rows need, as on a full disk; the writer has no such limit.
        with replicating(live, before=limit):
            live.write(200)
            time.sleep(1)
            behind = seconds_behind(live)
    assert behind > 2.5


def test_without_litestreams_own_folder_the_replica_says_how_far_it_is(live: Backup) -> None:
    with held_open(live):
        with replicating(live):
            wait_until_replicated(live)
        shutil.rmtree(live.source.parent / ".source.db-litestream")
        assert seconds_behind(live) == 0
        time.sleep(3)
        live.write(1)
        assert seconds_behind(live) > 2.5


def test_a_source_that_is_not_there_is_not_taken_for_up_to_date(live: Backup) -> None:
    live.replicate()
    for path in live.source.parent.glob("source.db*"):
        path.unlink()
    found = lag(live)
    assert found.seconds is None
    assert "cannot be read from here" in found.reason
    assert restore_once(live)[0].last_write is None


def test_an_empty_replica_says_so(live: Backup) -> None:
    found = lag(live)
    assert found.seconds is None
    assert "does not say when its newest transaction was made" in found.reason


def test_looking_changes_neither_source_nor_replica(backup: Backup) -> None:
    before = backup.digest()
    for _ in range(20):
        lag(backup)
        restore_once(backup)
    assert backup.digest() == before
