"""Backups of whole files, made by the real tools beside a process that writes."""

import hashlib
import os
import shutil
import sqlite3
import subprocess
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from recovery.errors import RestoreFailed, RestoreInconclusive
from recovery.methods.deadline import Deadline
from recovery.methods.file_copy import FileCopies
from recovery.methods.process import Bounds
from recovery.methods.sqlite_backup import BackupFiles
from recovery.methods.sqlite_source import read_content
from tests.faults.backup_folder import PACKERS, Live, age, is_sound, pack


@pytest.fixture
def live(tmp_path: Path) -> Live:
    live = Live(tmp_path)
    live.write(2000)
    return live


def digest(folder: Path) -> dict[str, tuple[str, int, int]]:
    return {
        str(path): (hashlib.sha256(path.read_bytes()).hexdigest(), path.stat().st_mtime_ns, path.stat().st_mode)
        for path in folder.rglob("*")
    }


def copy_slowly(source: Path, target: Path) -> Path:
    """A copy as of a slow disk: what is written to the source meanwhile is in one half of it and not in the other."""
    with source.open("rb") as reader, target.open("wb") as writer:
        while piece := reader.read(64 * 1024):
            writer.write(piece)
            time.sleep(0.01)
    return age(target)


@pytest.mark.parametrize("packing", PACKERS)
@pytest.mark.parametrize("command", ["VACUUM INTO '{}'", ".backup '{}'"])
def test_a_backup_by_sqlite_comes_back_whole(live: Live, command: str, packing: str) -> None:
    live.shell(command.format(live.backups / "app-1.db"))
    path = pack(live.backups / "app-1.db", packing)
    before = digest(live.backups)
    restored, found, progress = live.restore(BackupFiles(live.backups, "app-*", live.source))
    assert is_sound(found)
    assert (found.row_counts, found.identity) == ({"users": 2000}, {"application_id": "77"})
    assert (restored.marker, restored.notes) == (path.name, ())
    assert progress[-1] == found.size_bytes == restored.expected_bytes
    assert set(restored.seconds) == {"fetch", "restore"}
    assert restored.newest_at
    assert restored.newest_at.timestamp() == pytest.approx(path.stat().st_mtime, abs=1e-3)
    assert digest(live.backups) == before


def test_backups_beside_a_writer_are_never_called_faulty(live: Live) -> None:
    with live.writer():
        for number in range(15):
            live.vacuum_into(f"app-{number}.db")
            restored, found, _ = live.restore(BackupFiles(live.backups, f"app-{number}.db"))
            assert is_sound(found)
            assert restored.notes == ()


@pytest.mark.parametrize("journal", ["WAL", "DELETE"])
def test_a_copy_torn_by_a_writer_is_never_sound(live: Live, journal: str) -> None:
    with live.writer(journal=journal, autocheckpoint=1):
        for number in range(3):
            copy_slowly(live.source, live.backups / f"torn-{number}.db")
    for number in range(3):
        try:
            _, found, _ = live.restore(FileCopies(live.backups, f"torn-{number}.db"))
        except RestoreFailed:
            continue
        assert not is_sound(found)


def test_a_copy_without_its_log_says_that_rows_may_be_missing(live: Live) -> None:
    with live.writer(autocheckpoint=1_000_000):
        shutil.copy(live.source, live.backups / "app.db")
    age(live.backups / "app.db")
    restored, found, _ = live.restore(FileCopies(live.backups, "app.db"))
    assert found.integrity.is_ok
    assert "without its -wal" in restored.notes[0]
    assert restored.notes[0] in found.integrity.note
    assert restored.age_doubt == restored.notes[0]


@pytest.mark.parametrize("packing", PACKERS)
def test_a_copy_with_its_log_has_the_newest_rows(live: Live, packing: str) -> None:
    with live.writer(autocheckpoint=1_000_000):
        pass
    # The writer was killed, so its log lies beside the database for good.
    for ending in ("", "-wal", "-shm"):
        shutil.copy(f"{live.source}{ending}", live.backups / f"app.db{ending}")
    for ending in ("", "-wal"):
        pack(live.backups / f"app.db{ending}", packing)
    before = digest(live.backups)
    restored, found, _ = live.restore(FileCopies(live.backups, "app*"))
    expected = read_content(live.source, deadline=Deadline(30))
    assert expected.problem == ""
    assert is_sound(found)
    assert found.row_counts == expected.row_counts
    assert found.row_counts["users"] > 2000
    assert all("without its -wal" not in note for note in restored.notes)
    assert restored.age_doubt == ""
    assert digest(live.backups) == before


def test_a_hot_journal_beside_the_copy_is_rolled_back(live: Live) -> None:
    live.execute("PRAGMA journal_mode = DELETE")
    connection = sqlite3.connect(live.source, isolation_level=None)
    connection.execute("PRAGMA cache_size = 5")
    connection.execute("BEGIN EXCLUSIVE")
    connection.execute("UPDATE users SET name = 'half'")
    shutil.copy(live.source, live.backups / "app.db")
    shutil.copy(f"{live.source}-journal", live.backups / "app.db-journal")
    connection.execute("ROLLBACK")
    connection.close()
    for path in live.backups.iterdir():
        age(path)
    _, found, _ = live.restore(FileCopies(live.backups, "app.db"))
    assert is_sound(found)
    folder = next(iter(sorted(live.scratch.iterdir())))
    with sqlite3.connect(folder / "restored.db") as restored:
        assert restored.execute("SELECT count(*) FROM users WHERE name = 'half'").fetchone() == (0,)
    restored.close()
    # A journal that names another file could make SQLite delete that one.
    with (live.backups / "app.db-journal").open("ab") as file:
        file.write(bytes.fromhex("d9d505f920a163d7"))
    age(live.backups / "app.db-journal")
    with pytest.raises(RestoreInconclusive, match="several databases"):
        live.restore(FileCopies(live.backups, "app.db"))


def test_the_sidecar_of_sha256sum_is_understood(live: Live) -> None:
    path = pack(live.vacuum_into("app.db"), "gzip")
    with path.with_name(f"{path.name}.sha256").open("wb") as file:
        subprocess.run(["sha256sum", path.name], cwd=live.backups, stdout=file, check=True)
    backup = BackupFiles(live.backups, "app*")
    assert is_sound(live.restore(backup)[1])


def test_a_copy_under_way_is_not_the_newest(live: Live) -> None:
    live.vacuum_into("app-1.db")
    command = ["/bin/sh", "-c", f"while sleep 0.02; do head -c 4096 /dev/zero >> '{live.backups}/app-2.db'; done"]
    with subprocess.Popen(command, start_new_session=True) as process:
        try:
            while not (live.backups / "app-2.db").exists():
                time.sleep(0.01)
            restored, found, _ = live.restore(BackupFiles(live.backups, "app-*", settle_seconds=0.6))
        finally:
            process.kill()
    assert (restored.marker, found.row_counts) == ("app-1.db", {"users": 2000})
    assert "app-2.db is newer" in restored.notes[0]


def test_a_point_in_time_is_the_newest_file_before_it(live: Live) -> None:
    for number, hours in ((1, 3), (2, 2), (3, 1)):
        age(live.vacuum_into(f"app-{number}.db"), hours * 3600)
    backup = BackupFiles(live.backups, "app-*", live.source)
    bounds = Bounds(folder=live.scratch, deadline=Deadline(30))
    planned = backup.plan(bounds, at=datetime.now(UTC) - timedelta(hours=1.5))
    restored = backup.restore(planned, bounds, on_progress=lambda _count: None)
    assert (restored.marker, restored.has_gap, backup.can_restore_to_a_moment) == ("app-2.db", False, True)
    assert restored.newest_at == planned.newest_at


def test_what_is_there_and_how_far_it_is_behind(live: Live) -> None:
    bounds = Bounds(folder=live.scratch, deadline=Deadline(30))
    backup = BackupFiles(live.backups, "app-*", live.source)
    assert backup.describe(bounds).newest_at is None
    assert "is named like app-*" in backup.lag(bounds).reason
    sizes = 0
    for number, hours in ((1, 3), (2, 2)):
        sizes += age(live.vacuum_into(f"app-{number}.db"), hours * 3600).stat().st_size
    seen = backup.describe(bounds)
    assert seen.newest_at
    assert seen.oldest_at
    assert seen.newest_at - seen.oldest_at == pytest.approx(timedelta(hours=1), abs=timedelta(seconds=10))
    assert (seen.size_bytes, seen.version) == (sizes, backup.tool_version())
    os.utime(live.source)
    assert backup.lag(bounds).seconds == pytest.approx(7200, abs=30)
    age(live.source, 9 * 3600)
    assert backup.lag(bounds).seconds == 0
    assert BackupFiles(live.backups, "app-*").lag(bounds).seconds is None
    assert "No such file" in BackupFiles(live.backups, "*", live.folder / "gone").lag(bounds).reason
