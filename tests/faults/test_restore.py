"""What a healthy backup gives back, and what is said about it."""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from recovery.errors import RecoveryError, RestoreInconclusive
from recovery.methods.deadline import Deadline
from recovery.methods.litestream import FileReplica
from recovery.methods.litestream_position import last_write
from recovery.methods.litestream_replica import LitestreamReplica
from recovery.methods.ltx import LtxHeader, read_header
from recovery.methods.process import Bounds
from recovery.methods.scratch import scratch_folder
from tests.faults.backup import Backup
from tests.recovery.methods.sqlite_files import add_row_behind_index


def header_of(path: Path) -> LtxHeader:
    header = read_header(path)
    assert header is not None
    return header


def test_the_version_is_known(backup: Backup) -> None:
    assert backup.open().tool_version().startswith("litestream 0.5.")


def test_the_latest_restore_gives_every_row_back(backup: Backup) -> None:
    before = backup.digest()
    outcome = backup.restore_test()
    last = backup.files()[-1]
    assert backup.digest() == before
    assert outcome.found.row_counts == {"users": 600}
    assert outcome.found.integrity.is_ok is True
    assert outcome.found.is_expected_size is True
    assert outcome.planned.expected_bytes == outcome.restored.expected_bytes == header_of(last).database_bytes
    assert outcome.planned.newest_at == outcome.restored.newest_at == header_of(last).at
    assert outcome.planned.marker == outcome.restored.marker
    assert outcome.planned.bytes_to_fetch == sum(path.stat().st_size for path in backup.files())
    assert outcome.progress[-1] == outcome.found.size_bytes


def test_a_moment_is_met_strictly_before(backup: Backup) -> None:
    before, at = backup.digest(), header_of(backup.files()[-1]).at
    excluded = backup.restore_test(at=at)
    included = backup.restore_test(at=at + timedelta(milliseconds=1))
    assert excluded.found.row_counts == {"users": 300}
    assert excluded.found.is_expected_size is True
    assert excluded.planned.newest_at == header_of(backup.files()[-2]).at
    assert included.found.row_counts == {"users": 600}
    assert backup.digest() == before


def test_a_moment_in_the_future_is_refused_in_a_sentence(backup: Backup) -> None:
    with pytest.raises(RestoreInconclusive, match=r"2300-01-01 00:00:00 UTC lies in the future\. Choose an earlier"):
        backup.restore_test(at=datetime(2300, 1, 1, tzinfo=UTC))


def test_a_deleted_newest_file_shows_in_the_time_of_the_newest(backup: Backup) -> None:
    backup.files()[-1].unlink()
    outcome = backup.restore_test()
    assert outcome.found.row_counts == {"users": 300}
    assert outcome.found.integrity.is_ok is True
    assert outcome.restored.newest_at == header_of(backup.files()[-1]).at


def test_a_replica_that_grew_since_the_plan_is_told_as_it_is_now(backup: Backup) -> None:
    with scratch_folder(backup.scratch, "grow") as folder:
        bounds = Bounds(folder=folder, deadline=Deadline(30))
        replica = backup.open()
        planned = replica.plan(bounds)
        backup.write(50)
        backup.replicate()
        restored = replica.restore(planned, bounds, on_progress=lambda _count: None)
        assert restored.marker > planned.marker
        assert restored.newest_at == header_of(backup.files()[-1]).at
        assert restored.path.stat().st_size == restored.expected_bytes


def test_the_last_write_is_the_later_of_database_and_log(backup: Backup) -> None:
    log = backup.source.with_name("source.db-wal")
    log.write_bytes(b"a transaction")
    os.utime(backup.source, (1000, 1000))
    os.utime(log, (2000, 2000))
    assert last_write(backup.source) == datetime.fromtimestamp(2000, UTC)
    log.write_bytes(b"")
    assert last_write(backup.source) == datetime.fromtimestamp(1000, UTC)
    log.unlink()
    assert last_write(backup.source) == datetime.fromtimestamp(1000, UTC)
    assert last_write(backup.folder / "gone.db") is None


@pytest.mark.parametrize("name", ["-rf", "two  words", "ไทย สำรอง", "quo\"te's", "$HOME #1: {x}", "🦆", "back\\slash"])
def test_any_name_of_a_replica_works(backup: Backup, name: str) -> None:
    backup.replica = FileReplica(backup.replica.path.rename(backup.folder / name))
    backup.write(1)
    backup.replicate()
    assert backup.restore_test().found.row_counts == {"users": 601}


def test_a_replica_without_an_absolute_path_is_refused() -> None:
    for path in (Path("-o"), Path("backups/app")):
        with pytest.raises(RecoveryError, match="absolute path"):
            LitestreamReplica(str(path))
    with pytest.raises(RecoveryError, match="UTF-8"):
        LitestreamReplica("/tmp/\udcff")


def test_damage_of_the_source_comes_back_and_is_found(empty: Backup) -> None:
    empty.write(50)
    empty.execute(
        """CREATE INDEX users_name ON users (name);
        CREATE TABLE "od""d ไทย" (user_id REFERENCES users); INSERT INTO "od""d ไทย" VALUES (1), (999);"""
    )
    add_row_behind_index(empty.source, "users", "users_name")
    empty.replicate()
    found = empty.restore_test().found
    assert found.integrity.is_ok is False
    assert any("users_name" in line for line in found.integrity.problems)
    assert (found.foreign_keys.violations, found.foreign_keys.tables) == (1, ('od"d ไทย',))
    assert found.row_counts == {"users": 51, 'od"d ไทย': 2}
