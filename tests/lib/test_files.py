import stat
from pathlib import Path

import pytest

from lib.files import write_atomically


def test_a_file_is_written_with_its_folder_for_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "down" / "file"
    write_atomically(path, b"content")
    assert path.read_bytes() == b"content"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert list(path.parent.iterdir()) == [path]


def test_an_old_file_is_replaced_whole_and_open_readers_keep_it(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"old and longer")
    with path.open("rb") as reader:
        write_atomically(path, b"new")
        assert reader.read() == b"old and longer"
    assert path.read_bytes() == b"new"


def test_a_write_that_fails_leaves_the_old_file_and_no_draft(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"old")
    with pytest.raises(TypeError):
        write_atomically(path, "not bytes")  # type: ignore[arg-type]
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_folder_in_its_place_leaves_no_draft(tmp_path: Path) -> None:
    folder = tmp_path / "in the way"
    folder.mkdir()
    with pytest.raises(IsADirectoryError):
        write_atomically(folder, b"content")
    assert list(tmp_path.iterdir()) == [folder]
