"""Reads the headers and names of LTX files, the form in which Litestream 0.5 keeps transactions."""

import os
import re
import stat
import struct
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

# Magic, flags, page size, pages after commit, first and last transaction, time in ms, checksum, start and length of
# what was read from the write-ahead log, and the log's salts. The rest is not needed here.
_HEADER = struct.Struct(">4sIIIQQQQQQ8s")
_MAGIC = b"LTX1"
_NAME = re.compile(r"([0-9a-f]{16})-([0-9a-f]{16})\.ltx")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_PAGE_SIZES = frozenset(2**power for power in range(9, 17))


@dataclass(frozen=True)
class LtxHeader:
    """What the first bytes of an LTX file say. `database_bytes` is the exact size of the database after it.

    `wal_end` is how far the source's write-ahead log had been read, and `wal_salts` which log that was: SQLite draws
    new ones whenever it begins the log anew. A file made of others has no end (0). `min_txid` and `max_txid` are the
    first and last transaction, as its name has them unless somebody renamed it.
    """

    database_bytes: int
    at: datetime
    page_size: int = 0
    wal_end: int = 0
    wal_salts: bytes = b""
    min_txid: str = ""
    max_txid: str = ""


@dataclass(frozen=True)
class LtxFile:
    """One file of a replica, by its name alone. Transaction numbers are 16 hexadecimal digits, so they sort as text."""

    path: Path
    min_txid: str
    max_txid: str


def read_header(path: Path) -> LtxHeader | None:
    """The header of the file, or None if it cannot be read now or is no LTX file. Never waits for a pipe or a lock."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError:
        return None
    try:
        raw = os.read(descriptor, _HEADER.size) if stat.S_ISREG(os.fstat(descriptor).st_mode) else b""
    except OSError:
        return None
    finally:
        os.close(descriptor)
    return _parse(raw) if len(raw) == _HEADER.size else None


def _parse(raw: bytes) -> LtxHeader | None:
    magic, _flags, page_size, commit, first, last, milliseconds, _sum, start, length, salts = _HEADER.unpack(raw)
    if magic != _MAGIC or page_size not in _PAGE_SIZES:
        return None
    try:
        at = _EPOCH + timedelta(milliseconds=milliseconds)
    except OverflowError:
        return None
    end = start + length if length else 0
    return LtxHeader(page_size * commit, at, page_size, end, salts, f"{first:016x}", f"{last:016x}")


def list_files(replica: Path) -> list[LtxFile]:
    """The LTX files of a replica folder, all levels, in no order; empty if there are none or no such folder."""
    found = ((path, _NAME.fullmatch(path.name)) for path in replica.glob("ltx/*/*.ltx"))
    return [LtxFile(path, match[1], match[2]) for path, match in found if match]


def read_transaction(replica: Path, txid: str) -> LtxHeader | None:
    """The header of the file that ends at `txid`, or None if none can be read.

    Of several, the one with the earliest time: a snapshot carries the time it was taken, which can be long after the
    transaction it ends with.
    """
    files = [file for file in list_files(replica) if file.max_txid == txid]
    headers = [header for file in files if (header := read_header(file.path))]
    return min(headers, key=lambda header: header.at, default=None)


def is_old_layout(replica: Path) -> bool:
    """Whether the folder is one that Litestream 0.3 wrote and 0.5 has not taken over."""
    # os.path, for unlike pathlib it takes a folder that may not be entered for one that is not there.
    return os.path.isdir(replica / "generations") and not os.path.exists(replica / "ltx")  # noqa: PTH110, PTH112


def read_old_layout_time(replica: Path) -> datetime | None:
    """When a replica of Litestream 0.3 was last written to (UTC), or None if it holds nothing.

    It has no time inside its files, so the newest of the files' own times stands for it.
    """
    return max(read_old_layout_times(replica), default=None)


def read_old_layout_times(replica: Path) -> list[datetime]:
    """The times (UTC) of the files of a replica of Litestream 0.3, in no order."""
    return [_EPOCH + timedelta(microseconds=found.st_mtime_ns // 1000) for found in _stat_old_layout(replica)]


def old_layout_bytes(replica: Path) -> int:
    """What the files of a replica of Litestream 0.3 take up."""
    return sum(found.st_size for found in _stat_old_layout(replica))


def _stat_old_layout(replica: Path) -> list[os.stat_result]:
    found = []
    for path in replica.glob("generations/*/*/*.lz4"):
        # Old ones are cleared while they are looked at.
        with suppress(OSError):
            found.append(path.stat())
    return found


def has_backup(replica: Path) -> bool:
    """Whether the folder holds any file of a backup, whole or not."""
    return any(replica.glob("ltx/*/*.ltx")) or any(replica.glob("generations/*/*/*"))
