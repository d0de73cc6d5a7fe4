"""A replica that Litestream 0.3.13 really wrote: 30 users, and 10 more two seconds later."""

import os
import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest

from recovery.errors import RestoreFailed
from recovery.methods.deadline import Deadline
from recovery.methods.litestream_replica import LitestreamReplica
from recovery.methods.process import Bounds
from tests.faults.backup import Backup

WRITTEN = Path(__file__).parent / "data" / "litestream-0.3"
# Copies lose the times of files, which are all the times that this layout has.
FIRST, LATER = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC), datetime(2026, 1, 2, 3, 4, 7, tzinfo=UTC)


@pytest.fixture
def old(empty: Backup) -> Backup:
    shutil.copytree(WRITTEN, empty.replica.path)
    for path in empty.replica.path.rglob("*.lz4"):
        moment = (LATER if path.name.endswith("_000070c8.wal.lz4") else FIRST).timestamp()
        os.utime(path, (moment, moment))
    return empty


def test_it_comes_back_whole(old: Backup) -> None:
    outcome = old.restore_test()
    assert outcome.found.row_counts == {"users": 40}
    assert outcome.found.integrity.is_ok is True
    assert outcome.restored.newest_at == LATER
    assert (outcome.restored.marker, outcome.restored.expected_bytes) == ("", None)


def test_a_moment_between_the_two_gives_the_first(old: Backup) -> None:
    assert old.restore_test(at=LATER).found.row_counts == {"users": 30}


def test_it_is_described_by_the_times_of_its_files(old: Backup) -> None:
    folder = old.folder / "look"
    folder.mkdir()
    bounds, replica = Bounds(folder=folder, deadline=Deadline(60)), LitestreamReplica(str(old.replica.path))
    found = replica.describe(bounds)
    assert (found.oldest_at, found.newest_at) == (FIRST, LATER)
    assert found.size_bytes == sum(path.stat().st_size for path in old.replica.path.rglob("*.lz4"))
    assert replica.lag(bounds).seconds is None


def test_damage_is_refused(old: Backup) -> None:
    path = next(old.replica.path.rglob("*.snapshot.lz4"))
    path.write_bytes(path.read_bytes()[:100])
    with pytest.raises(RestoreFailed):
        old.restore_test()
