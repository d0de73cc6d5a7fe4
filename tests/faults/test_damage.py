"""A backup that is not there, not whole or not sound never comes back as a success."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from recovery.errors import RestoreFailed, RestoreInconclusive
from recovery.methods.ltx import read_header
from tests.faults.backup import Backup

# The administrator's right to read every file is given up; everybody else has none.
WITHOUT_PRIVILEGE = ["setpriv", "--bounding-set", "-dac_override,-dac_read_search"] if os.geteuid() == 0 else []

UNREADABLE = """
import sys
import django; django.setup()  # messages are translated
from pathlib import Path
from recovery.errors import RestoreInconclusive
from recovery.methods.sqlite_file import describe_problem
from tests.faults.backup import Backup
backup = Backup(Path(sys.argv[1]))
try:
    backup.restore_test()
except RestoreInconclusive as error:
    print(error.message)
print(describe_problem(backup.source))
"""


def refuse(backup: Backup, words: str) -> RestoreFailed:
    before = backup.digest()
    with pytest.raises(RestoreFailed, match=words) as caught:
        backup.restore_test()
    assert backup.digest() == before
    assert caught.value.exit_code == 1
    assert "Error:" in caught.value.log_tail
    return caught.value


def test_a_missing_folder(backup: Backup) -> None:
    shutil.rmtree(backup.replica.path)
    refuse(backup, "does not exist")
    assert not backup.replica.path.exists()


def test_an_empty_folder(backup: Backup) -> None:
    shutil.rmtree(backup.replica.path)
    backup.replica.path.mkdir()
    refuse(backup, "holds no backup")


def test_a_file_in_place_of_the_folder(backup: Backup) -> None:
    shutil.rmtree(backup.replica.path)
    backup.replica.path.touch()
    refuse(backup, "not a folder")


def test_a_moment_before_the_first_backup(backup: Backup) -> None:
    first = read_header(backup.files()[0])
    assert first is not None
    with pytest.raises(RestoreFailed, match="nothing from before"):
        backup.restore_test(at=first.at)


def test_the_first_full_copy_is_missing(backup: Backup) -> None:
    backup.files()[0].unlink()
    refuse(backup, "first full copy")


def test_a_file_in_the_middle_is_missing(backup: Backup) -> None:
    backup.files()[1].unlink()
    refuse(backup, "has a gap")


@pytest.mark.parametrize("place", [0, 10, 40, 120, 0.5, -1])
@pytest.mark.parametrize("number", [0, 1, 2])
def test_one_flipped_bit(backup: Backup, number: int, place: float) -> None:
    path = backup.files()[number]
    raw = bytearray(path.read_bytes())
    raw[place if isinstance(place, int) else int(place * len(raw))] ^= 1
    path.write_bytes(raw)
    refuse(backup, "damaged or cut short")


@pytest.mark.parametrize("kept", [0, 40, 0.5, -1])
@pytest.mark.parametrize("number", [0, 1, 2])
def test_a_truncated_file(backup: Backup, number: int, kept: float) -> None:
    path = backup.files()[number]
    raw = path.read_bytes()
    path.write_bytes(raw[: kept if isinstance(kept, int) else int(kept * len(raw))])
    refuse(backup, "damaged or cut short")


def test_a_pipe_in_place_of_the_newest_file(backup: Backup) -> None:
    path = backup.files()[-1]
    path.unlink()
    os.mkfifo(path)
    refuse(backup, "damaged or cut short")


def test_a_larger_file_than_allowed_says_nothing_about_the_backup(backup: Backup) -> None:
    with pytest.raises(RestoreInconclusive, match="may write"):
        backup.restore_test(quota=100_000)
    with pytest.raises(RestoreInconclusive, match="larger than a restore test may write") as caught:
        backup.restore_test(quota=100_000, checks_room=False)
    assert "file too large" in caught.value.log_tail


def say_without_privilege(backup: Backup) -> str:
    return subprocess.run(
        [*WITHOUT_PRIVILEGE, sys.executable, "-c", UNREADABLE, str(backup.folder)],
        cwd=Path(__file__).parents[2],
        check=True,
        capture_output=True,
        text=True,
    ).stdout


def test_a_folder_that_may_not_be_entered_says_nothing_about_the_backup(backup: Backup) -> None:
    backup.replica.path.chmod(0)
    said = say_without_privilege(backup)
    backup.replica.path.chmod(0o700)
    assert "may not be read by the workers. Give them read access" in said


def test_a_file_that_may_not_be_read_says_nothing_about_the_backup(backup: Backup) -> None:
    backup.files()[-1].chmod(0)
    backup.source.chmod(0)
    said = say_without_privilege(backup)
    assert "may not be read by the workers. Give them read access" in said
    assert "source.db cannot be read (Permission denied)" in said
