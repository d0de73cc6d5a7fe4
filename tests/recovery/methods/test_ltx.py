import os
import struct
from datetime import UTC, datetime
from pathlib import Path

import pytest

from recovery.methods.ltx import list_files, read_header, read_old_layout_time, read_transaction


def header(
    *, magic: bytes = b"LTX1", page_size: int = 4096, commit: int = 3, milliseconds: int = 1_795_359_075_006
) -> bytes:
    return struct.pack(">4sIIIQQQ", magic, 0, page_size, commit, 1, 2, milliseconds) + bytes(60)


def put(replica: Path, level: int, first: int, last: int, content: bytes) -> Path:
    path = replica / "ltx" / str(level) / f"{first:016x}-{last:016x}.ltx"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def test_a_header_gives_size_and_time(tmp_path: Path) -> None:
    found = read_header(put(tmp_path, 0, 1, 2, header()))
    assert found is not None
    assert found.database_bytes == 3 * 4096
    assert found.at == datetime(2026, 11, 22, 14, 51, 15, 6000, tzinfo=UTC)


def test_a_header_says_how_far_the_log_was_read(tmp_path: Path) -> None:
    raw = bytearray(header())
    raw[48:72] = struct.pack(">QQ", 32, 4120) + b"saltsalt"
    found = read_header(put(tmp_path, 0, 2, 2, bytes(raw)))
    assert found is not None
    assert (found.page_size, found.wal_end, found.wal_salts) == (4096, 4152, b"saltsalt")
    compacted = read_header(put(tmp_path, 1, 1, 2, header()))
    assert compacted is not None
    assert compacted.wal_end == 0


@pytest.mark.parametrize(
    "content", [b"", header()[:39], header(magic=b"LTX9"), header(page_size=4352), header(milliseconds=2**63)]
)
def test_what_is_no_header_gives_nothing(tmp_path: Path, content: bytes) -> None:
    assert read_header(put(tmp_path, 0, 1, 2, content)) is None


def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    assert read_header(tmp_path / "pipe") is None
    assert read_header(tmp_path / "gone") is None


def test_other_files_are_no_part_of_the_replica(tmp_path: Path) -> None:
    path = put(tmp_path, 0, 1, 2, header())
    path.with_name(f"{path.name}.tmp").touch()
    path.with_name("notes.ltx").touch()
    assert [file.path for file in list_files(tmp_path)] == [path]
    assert list_files(tmp_path / "gone") == []


def test_a_snapshot_does_not_make_its_last_transaction_younger(tmp_path: Path) -> None:
    put(tmp_path, 9, 1, 15, header(milliseconds=9000))
    put(tmp_path, 0, 15, 15, header(milliseconds=4000))
    put(tmp_path, 0, 14, 14, header(milliseconds=3000))
    found, earlier = read_transaction(tmp_path, f"{15:016x}"), read_transaction(tmp_path, f"{14:016x}")
    assert found is not None
    assert earlier is not None
    assert (found.at.timestamp(), earlier.at.timestamp()) == (4, 3)
    assert read_transaction(tmp_path, f"{99:016x}") is None


def test_the_layout_of_litestream_0_3_has_the_time_of_its_files(tmp_path: Path) -> None:
    folder = tmp_path / "generations" / "a9596b70e5d18b55" / "wal"
    folder.mkdir(parents=True)
    for number in (7, 5):
        path = folder / f"0000000{number}_00000000.wal.lz4"
        path.touch()
        os.utime(path, (number, number))
    assert read_old_layout_time(tmp_path) == datetime(1970, 1, 1, 0, 0, 7, tzinfo=UTC)
    assert read_old_layout_time(tmp_path / "gone") is None
