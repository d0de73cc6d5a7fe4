import signal
import stat
import subprocess
from pathlib import Path

import pytest

from recovery.errors import RestoreInconclusive
from recovery.methods.scratch import check_room, remove_abandoned, scratch_folder


def test_a_folder_is_private_and_gone_afterwards(tmp_path: Path) -> None:
    root = tmp_path / "new" / "root"
    with scratch_folder(root, "run-7") as folder:
        assert stat.S_IMODE(folder.stat().st_mode) == stat.S_IMODE(root.stat().st_mode) == 0o700
        (folder / "deep").mkdir()
        (folder / "deep" / "file").write_text("x")
    assert list(root.iterdir()) == []


def test_a_folder_is_gone_after_an_error(tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError), scratch_folder(tmp_path, "run-7"):
        _ = 1 // 0
    assert list(tmp_path.iterdir()) == []


def test_the_same_run_twice_gets_two_folders(tmp_path: Path) -> None:
    with scratch_folder(tmp_path, "7") as first, scratch_folder(tmp_path, "7") as second:
        assert first != second


@pytest.mark.parametrize("name", ["", "../x", "a--b", "-a", "a/b", "ก"])
def test_a_name_that_could_lead_elsewhere_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(ValueError, match="does not name a run"), scratch_folder(tmp_path, name):
        pass


def test_a_root_that_is_a_file_is_inconclusive(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(RestoreInconclusive, match="writable folder"), scratch_folder(tmp_path / "file", "7"):
        pass


def test_room_is_checked_against_quota_and_disk(tmp_path: Path) -> None:
    check_room(tmp_path, 1000, 1000)
    with pytest.raises(RestoreInconclusive, match=r"takes 1\.0 kB, and a restore test may write 999 B"):
        check_room(tmp_path, 1001, 999)
    with pytest.raises(RestoreInconclusive, match="Free space"):
        check_room(tmp_path, 10**18, 10**19)


def test_only_left_over_folders_of_dead_runs_are_removed(tmp_path: Path) -> None:
    for name in ("a--1", "a--2", "b-2--x", "mine", "not-a-run"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "restored.db").touch()
    outside = tmp_path / "mine" / "restored.db"
    (tmp_path / "c--link").symlink_to(tmp_path / "mine")
    assert remove_abandoned(tmp_path, lambda: {"b-2"}) == ["a"]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["b-2--x", "c--link", "mine", "not-a-run"]
    assert outside.exists()
    assert remove_abandoned(tmp_path / "gone", set) == []


def test_a_run_that_starts_during_the_removal_keeps_its_folder(tmp_path: Path) -> None:
    (tmp_path / "dead--1").mkdir()

    def list_alive_and_start_another() -> set[str]:
        (tmp_path / "new--1").mkdir()
        return set()

    assert remove_abandoned(tmp_path, list_alive_and_start_another) == ["dead"]
    assert [path.name for path in tmp_path.iterdir()] == ["new--1"]


def test_what_still_works_in_an_abandoned_folder_is_ended(tmp_path: Path) -> None:
    (tmp_path / "dead--1").mkdir()
    (tmp_path / "alive--1").mkdir()
    left, other = (subprocess.Popen(["sleep", "60"], cwd=tmp_path / name) for name in ("dead--1", "alive--1"))
    try:
        assert remove_abandoned(tmp_path, lambda: {"alive"}) == ["dead"]
        assert left.wait(10) == -signal.SIGKILL
        assert other.poll() is None
    finally:
        other.kill()
        other.wait()
        left.kill()
        left.wait()


def test_it_is_ended_also_where_the_root_is_a_link(tmp_path: Path) -> None:
    (tmp_path / "real" / "dead--1").mkdir(parents=True)
    (tmp_path / "link").symlink_to(tmp_path / "real")
    left = subprocess.Popen(["sleep", "60"], cwd=tmp_path / "real" / "dead--1")
    try:
        assert remove_abandoned(tmp_path / "link", set) == ["dead"]
        assert left.wait(10) == -signal.SIGKILL
    finally:
        left.kill()
        left.wait()
