import gzip
import random
from collections.abc import Callable
from pathlib import Path

import pytest
import zstandard
from hypothesis import given, settings
from hypothesis import strategies as st

from recovery.errors import RestoreFailed, RestoreInconclusive
from recovery.methods.backup_archive import Packing, announced_size, detect, unpack
from recovery.methods.backup_fetch import Output
from recovery.methods.deadline import Deadline
from recovery.methods.process import Bounds

Packer = Callable[..., bytes]
DATA = random.Random(1).randbytes(3000) * 100


def packed_with_gzip(data: bytes = DATA) -> bytes:
    return gzip.compress(data, 6)


def packed_with_zstd(data: bytes = DATA) -> bytes:
    return zstandard.ZstdCompressor(write_checksum=True).compress(data)


PACKERS = [packed_with_gzip, packed_with_zstd]


def unpacked(folder: Path, packed: bytes, quota: int = 10**8) -> tuple[bytes, int]:
    """The content and the bytes that belong to nothing."""
    (folder / "packed").write_bytes(packed)
    (folder / "out").unlink(missing_ok=True)
    bounds = Bounds(folder=folder, deadline=Deadline(30), quota_bytes=quota)
    with Output(folder / "out", bounds, lambda _count: None) as output:
        ignored = unpack(folder / "packed", detect(packed[:18]), output)
    return (folder / "out").read_bytes(), ignored


@pytest.mark.parametrize("pack", PACKERS)
def test_what_was_packed_comes_back(tmp_path: Path, pack: Packer) -> None:
    assert unpacked(tmp_path, pack()) == (DATA, 0)


@pytest.mark.parametrize("pack", PACKERS)
def test_parts_joined_together_come_back_as_one(tmp_path: Path, pack: Packer) -> None:
    joined = pack(b"first") + pack(b"") + pack(DATA)
    assert unpacked(tmp_path, joined) == (b"first" + DATA, 0)


@pytest.mark.parametrize("pack", PACKERS)
def test_what_follows_is_noticed_and_zeros_are_not(tmp_path: Path, pack: Packer) -> None:
    packed = pack()
    assert unpacked(tmp_path, packed + b"\0" * 5000) == (DATA, 0)
    assert unpacked(tmp_path, packed + b"garbage") == (DATA, 7)


@pytest.mark.parametrize("pack", PACKERS)
@given(share=st.floats(0, 1, exclude_max=True))
@settings(deadline=None)
def test_an_archive_that_is_cut_off_fails(tmp_path_factory: pytest.TempPathFactory, pack: Packer, share: float) -> None:
    packed = pack()
    cut = packed[: max(4, int(len(packed) * share))]
    with pytest.raises(RestoreFailed, match="cut off"):
        unpacked(tmp_path_factory.mktemp("cut"), cut)


@pytest.mark.parametrize("pack", PACKERS)
def test_a_bomb_stops_at_the_quota(tmp_path: Path, pack: Packer) -> None:
    bomb = pack(b"\0" * 30_000_000)
    assert len(bomb) < 100_000
    with pytest.raises(
        RestoreInconclusive, match=r"takes more than 1\.0 MB, which is all that a restore test may write"
    ):
        unpacked(tmp_path, bomb, quota=1_000_000)
    assert (tmp_path / "out").stat().st_size <= 1_000_000


def test_how_a_file_is_packed_is_told_by_its_content() -> None:
    assert detect(b"SQLite format 3\0") is Packing.PLAIN
    assert detect(b"") is Packing.PLAIN
    assert detect(b"\x50\x2a\x4d\x18") is Packing.ZSTD
    for magic, name in ((b"BZh9", "bzip2"), (b"\xfd7zXZ\0", "xz"), (b"PK\3\4", "zip")):
        with pytest.raises(RestoreInconclusive, match=f"packed with {name}"):
            detect(magic)


def test_the_size_that_an_archive_announces() -> None:
    for packing, packed in ((Packing.GZIP, packed_with_gzip()), (Packing.ZSTD, packed_with_zstd())):
        assert announced_size(packing, packed[:18], packed[-4:]) == len(DATA)
    streamed = zstandard.ZstdCompressor().compressobj()
    packed = streamed.compress(DATA) + streamed.flush()
    assert announced_size(Packing.ZSTD, packed[:18], packed[-4:]) is None
    assert announced_size(Packing.ZSTD, b"\x28\xb5", b"") is None
