import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from recovery.errors import RecoveryError, RestoreFailed, RestoreInconclusive
from recovery.methods.backup_folder import BackupFolder, choose
from recovery.methods.deadline import Deadline
from recovery.methods.process import Bounds

NOW = datetime.now(UTC)


def put(path: Path, *, minutes_ago: float = 60, content: bytes = b"x") -> Path:
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(content)
    moment = (NOW - timedelta(minutes=minutes_ago)).timestamp()
    os.utime(path, (moment, moment))
    return path


def names(folder: BackupFolder) -> list[str]:
    return [file.path.name for file in folder.look(NOW).files]


def newest(folder: BackupFolder, at: datetime | None = None) -> str:
    return choose(folder.look(NOW), folder, at).path.name


def test_the_newest_is_the_one_made_last(tmp_path: Path) -> None:
    for name, minutes in (("app-b.db", 30), ("app-a.db", 10), ("app-c.db", 90), ("other.db", 1)):
        put(tmp_path / name, minutes_ago=minutes)
    folder = BackupFolder(tmp_path, "app-*.db")
    assert names(folder) == ["app-c.db", "app-b.db", "app-a.db"]
    assert newest(folder) == "app-a.db"
    assert newest(folder, NOW - timedelta(minutes=20)) == "app-b.db"
    # Strictly before: the moment itself is too late.
    assert newest(folder, NOW - timedelta(minutes=30)) == "app-c.db"
    with pytest.raises(RestoreFailed, match="Choose a later time"):
        newest(folder, NOW - timedelta(minutes=90))


def test_the_older_of_name_and_file_counts(tmp_path: Path) -> None:
    day_before = (NOW - timedelta(days=9)).replace(second=0, microsecond=0)
    put(tmp_path / f"app-{day_before:%Y%m%dT%H%M}Z.db", minutes_ago=1)
    put(tmp_path / f"app-{NOW + timedelta(days=2):%Y%m%dT%H%M}Z.db", minutes_ago=600)
    first, second = BackupFolder(tmp_path, "app-*").look(NOW).files
    assert first.made_at == first.finished_at == day_before + timedelta(minutes=1)
    assert (first.is_name_older, second.is_name_older) == (True, False)
    assert abs(second.made_at - (NOW - timedelta(minutes=600))) < timedelta(seconds=1)


def test_a_copy_counts_from_its_beginning_but_is_not_before_its_end(tmp_path: Path) -> None:
    begun = (NOW - timedelta(minutes=50)).replace(second=0, microsecond=0)
    put(tmp_path / f"app-{begun:%Y%m%dT%H%M}Z.db", minutes_ago=30)
    folder = BackupFolder(tmp_path, "app-*")
    (file,) = folder.look(NOW).files
    assert file.made_at == begun + timedelta(minutes=1)
    with pytest.raises(RestoreFailed):
        newest(folder, NOW - timedelta(minutes=40))


def test_a_time_in_the_future_flatters_nobody(tmp_path: Path) -> None:
    put(tmp_path / "app.db", minutes_ago=-600)
    (file,) = BackupFolder(tmp_path, "app.db").look(NOW).files
    assert file.made_at == NOW


def test_what_is_being_written_is_left_out(tmp_path: Path) -> None:
    put(tmp_path / "app-1.db")
    put(tmp_path / "app-2.db", minutes_ago=0.01)
    put(tmp_path / "app-3.db.part")
    put(tmp_path / "app-4.db")
    put(tmp_path / "app-4.db-journal", minutes_ago=0.5)
    folder = BackupFolder(tmp_path, "app-*")
    assert names(folder) == ["app-1.db"]
    assert folder.look(NOW).unfinished == ("app-2.db", "app-4.db")
    assert names(BackupFolder(tmp_path, "app-*", has_copied_journals=True)) == ["app-1.db", "app-4.db"]


def test_a_journal_left_behind_does_not_hide_the_backup(tmp_path: Path) -> None:
    put(tmp_path / "app.db", minutes_ago=600)
    put(tmp_path / "app.db-journal", minutes_ago=600)
    assert names(BackupFolder(tmp_path, "app*")) == ["app.db"]


def test_a_file_that_stands_still_is_waited_for(tmp_path: Path) -> None:
    path = tmp_path / "app.db"
    path.write_bytes(b"x")
    bounds = Bounds(folder=tmp_path, deadline=Deadline(30))
    listing = BackupFolder(tmp_path, "app.db", settle_seconds=0.4).look_settled(bounds)
    assert [file.path for file in listing.files] == [path]


def test_a_file_that_grows_is_not_waited_for_longer(tmp_path: Path) -> None:
    put(tmp_path / "app-1.db")
    path = tmp_path / "app-2.db"
    path.write_bytes(b"x")
    bounds = Bounds(folder=tmp_path, deadline=Deadline(30), on_tick=lambda: os.utime(path))
    folder = BackupFolder(tmp_path, "app-*.db", settle_seconds=0.8)
    listing = folder.look_settled(bounds)
    assert choose(listing, folder, None).path.name == "app-1.db"
    assert listing.unfinished == ("app-2.db",)


def test_a_link_within_the_folder_is_followed_and_one_that_leads_out_is_not(tmp_path: Path) -> None:
    put(tmp_path / "backups" / "app-1.db")
    secret = put(tmp_path / "secret.db", minutes_ago=1)
    (tmp_path / "backups" / "app-latest.db").symlink_to("app-1.db")
    (tmp_path / "backups" / "app-out.db").symlink_to(secret)
    (tmp_path / "backups" / "app-loop.db").symlink_to("app-loop.db")
    (tmp_path / "backups" / "app-folder.db").mkdir()
    os.mkfifo(tmp_path / "backups" / "app-pipe.db")
    listing = BackupFolder(tmp_path / "backups", "app-*").look(NOW)
    assert {file.path.name for file in listing.files} == {"app-1.db"}
    assert set(listing.refused) == {"app-out.db", "app-loop.db"}
    only_out = BackupFolder(tmp_path / "backups", "app-out*")
    with pytest.raises(RestoreInconclusive, match="leads out of"):
        newest(only_out)


def test_nothing_there_is_a_failure_and_no_access_is_not(tmp_path: Path) -> None:
    with pytest.raises(RestoreFailed, match="is named like"):
        newest(BackupFolder(tmp_path, "*.db"))
    with pytest.raises(RestoreFailed, match="There is no folder"):
        newest(BackupFolder(tmp_path / "gone", "*.db"))
    put(tmp_path / "new.db", minutes_ago=0.01)
    with pytest.raises(RestoreInconclusive, match="still being written"):
        newest(BackupFolder(tmp_path, "*.db"))
    with pytest.raises(RestoreInconclusive, match="cannot be read"):
        newest(BackupFolder(tmp_path / ("x" * 300), "*.db"))


@pytest.mark.parametrize("pattern", ["", "../*.db", "/etc/*"])
def test_a_pattern_names_files_in_one_folder(tmp_path: Path, pattern: str) -> None:
    with pytest.raises(RecoveryError, match="does not name files in one folder"):
        BackupFolder(tmp_path, pattern)


def test_a_folder_has_a_whole_path() -> None:
    with pytest.raises(RecoveryError, match="not an absolute path"):
        BackupFolder(Path("backups"), "*.db")
