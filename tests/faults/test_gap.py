"""A gap in a real replica, told apart from a source that was idle and from levels that Litestream has compacted."""

import json
import shutil
import subprocess
import sysconfig
import time
from pathlib import Path

import pytest

from recovery.methods import litestream_listing as listing
from tests.faults.backup import Backup
from tests.faults.processes import PATIENCE_SECONDS
from tests.recovery.runs import header_of

TOOL = Path(sysconfig.get_path("scripts")) / "litestream"
# Short enough that transactions reach higher levels within the test.
QUICK_LEVELS = {
    "logging": {"stderr": True},
    "levels": [{"interval": "1s"}, {"interval": "2s"}],
    "l0-retention": "1s",
    "l0-retention-check-interval": "1s",
}


def has_gap_after(backup: Backup, txid: str) -> bool:
    return listing.has_gap_after(listing.list_folder(backup.replica.path), txid)


def last_txid(path: Path) -> str:
    return path.stem.split("-")[1]


def take_snapshot(backup: Backup) -> None:
    config = backup.folder / "snapshot.json"
    replica = {"path": str(backup.replica.path)}
    config.write_text(json.dumps({"dbs": [{"path": str(backup.source), "replica": replica}]}))
    once = [TOOL, "replicate", "-config", config, "-once", "-force-snapshot"]
    subprocess.run(once, check=True, capture_output=True)


@pytest.fixture
def with_snapshots(backup: Backup) -> Backup:
    """With a snapshot before the last transactions and one after them."""
    take_snapshot(backup)
    for _ in range(3):
        backup.write(5)
        backup.replicate()
    take_snapshot(backup)
    assert len([*backup.replica.path.glob("ltx/9/*.ltx")]) == 2
    return backup


def test_snapshots_of_a_healthy_replica_are_no_gap(with_snapshots: Backup) -> None:
    for path in with_snapshots.files():
        assert not has_gap_after(with_snapshots, last_txid(path))


def test_a_snapshot_taken_afterwards_hides_no_gap(with_snapshots: Backup) -> None:
    *_, before, lost, at, last = with_snapshots.files()
    lost.unlink()
    restored = with_snapshots.restore_test(at=header_of(at).at).restored
    assert restored.marker == last_txid(before)
    assert has_gap_after(with_snapshots, restored.marker)
    assert not has_gap_after(with_snapshots, with_snapshots.restore_test().restored.marker)
    assert not has_gap_after(with_snapshots, last_txid(last))


def test_an_idle_source_leaves_no_gap(backup: Backup) -> None:
    assert not has_gap_after(backup, last_txid(backup.files()[-1]))


def test_transactions_that_follow_each_other_leave_no_gap(backup: Backup) -> None:
    for path in backup.files():
        assert not has_gap_after(backup, last_txid(path))


def test_a_removed_file_leaves_a_gap_after_what_stood_before_it(backup: Backup) -> None:
    first, second, third = backup.files()
    second.unlink()
    assert has_gap_after(backup, last_txid(first))
    assert not has_gap_after(backup, last_txid(third))


def test_a_lost_tail_is_no_gap(backup: Backup) -> None:
    first, second, third = backup.files()
    third.unlink()
    assert not has_gap_after(backup, last_txid(second))
    second.unlink()
    assert not has_gap_after(backup, last_txid(first))


def test_nothing_known_of_what_was_restored_is_no_gap(backup: Backup) -> None:
    assert not has_gap_after(backup, "")
    shutil.rmtree(backup.replica.path)
    assert not has_gap_after(backup, f"{1:016x}")


def test_compacted_levels_close_what_their_parts_left(empty: Backup) -> None:
    empty.write(10)
    config = empty.folder / "daemon.json"
    databases = [
        {
            "path": str(empty.source),
            "monitor-interval": "50ms",
            "replica": {"path": str(empty.replica.path), "sync-interval": "100ms"},
        }
    ]
    config.write_text(json.dumps(QUICK_LEVELS | {"dbs": databases}))
    daemon = subprocess.Popen([TOOL, "replicate", "-config", config], stderr=subprocess.DEVNULL)
    try:
        end = time.monotonic() + PATIENCE_SECONDS
        while not (higher := spans_of_many(empty)) and time.monotonic() < end:
            empty.write(1)
            time.sleep(0.05)
    finally:
        daemon.terminate()
        daemon.wait()
    assert higher, "Litestream compacted nothing."
    first, last = higher[0]
    for path in empty.files():
        if first <= last_txid(path) <= last:
            path.unlink()
    for txid in range(int(first, 16), int(last, 16)):
        assert not has_gap_after(empty, f"{txid:016x}")


def spans_of_many(backup: Backup) -> list[tuple[str, str]]:
    """First and last transaction of the files of level 1 that hold more than one."""
    spans = [path.stem.split("-") for path in sorted(backup.replica.path.glob("ltx/1/*.ltx"))]
    return [(first, last) for first, last in spans if first != last]
