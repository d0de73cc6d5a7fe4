"""How far the source of a replica has come, and whether all of it is replicated. Only ever reads.

The times of files alone cry wolf: a checkpoint that moves replicated transactions from the log into the database makes
it look newer than its replica. But each file of transactions says how far the log had been read. When the log has no
commit after that, everything is replicated, whatever the clocks of files say.
"""

import os
import struct
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from recovery.methods import ltx
from recovery.methods.deadline import TICK_SECONDS
from recovery.methods.ltx import LtxHeader
from recovery.methods.process import Bounds

_WAL_HEADER_BYTES, _FRAME_HEADER_BYTES = 32, 24
_WAL_SALTS = slice(16, 24)
# A frame's page, the size of the database after its commit (0 within a transaction), and the log's salts.
_FRAME = struct.Struct(">II8s")
_MOST_FRAMES = 200_000
_PIECE = 1024 * 1024


@dataclass(frozen=True)
class Local:
    """The newest transaction that Litestream has taken from the source."""

    txid: str
    header: LtxHeader


def state_folder(source: Path) -> Path:
    """Where Litestream keeps what it took from the source, unless it is configured otherwise."""
    return source.with_name(f".{source.name}-litestream")


def find_position(source: Path, replica: Path | None, txid: str) -> Local | None:
    """How far the source's log had been read when the newest transaction was made that is in the replica, `txid`.

    It is in Litestream's own folder, or in the replica where that is a folder; None where it is in neither.
    """
    for folder in (state_folder(source), replica):
        if folder and txid and (found := _read_newest(folder, txid)):
            return found
    return None


def read_exact(source: Path, txid: str) -> LtxHeader | None:
    """What Litestream's own folder beside the source says of transaction `txid`, None where it has it no more."""
    return ltx.read_header(state_folder(source) / "ltx" / "0" / f"{txid}-{txid}.ltx")


def _read_newest(folder: Path, txid: str) -> Local | None:
    """The newest file that was made from the log and holds nothing after `txid`."""
    files = [file for file in ltx.list_files(folder) if file.path.parent.name == "0" and file.max_txid <= txid]
    newest = max(files, key=lambda file: file.max_txid, default=None)
    header = ltx.read_header(newest.path) if newest else None
    return Local(newest.max_txid, header) if newest and header else None


def last_write(source: Path) -> datetime | None:
    """When the source or its write-ahead log was last written to (UTC), or None if the source is not there."""
    try:
        times = [source.stat().st_mtime_ns]
    except OSError:
        return None
    # Absent once the last connection is closed, which may be now; empty where somebody only reads.
    with suppress(OSError):
        log = log_of(source).stat()
        times += [log.st_mtime_ns] if log.st_size else []
    return datetime.fromtimestamp(max(times) / 1e9, tz=UTC)


def last_unreplicated_write(source: Path, local: Local | None) -> datetime | None:
    """When the newest write to the source was made that is not in `local` (UTC); None where there is none.

    Where that cannot be told, it is the last write of all: nothing is taken for replicated that may not be. Raises
    OSError if the source is not there.
    """
    database = source.stat()
    latest = datetime.fromtimestamp(database.st_mtime_ns / 1e9, tz=UTC)
    with _open_log(source) as log:
        if log is None:
            return None if local and latest <= local.header.at else latest
        # Taken before the frames are looked at: what is written in between is neither missed nor misdated.
        written = datetime.fromtimestamp(os.fstat(log).st_mtime_ns / 1e9, tz=UTC)
        if local and _is_same_log(log, local.header):
            return written if _has_commit_after(log, local.header) else None
    latest = max(latest, written)
    return None if local and latest <= local.header.at else latest


def log_of(source: Path) -> Path:
    """The write-ahead log of the source."""
    return source.with_name(f"{source.name}-wal")


@contextmanager
def _open_log(source: Path) -> Iterator[int | None]:
    """The log, or None where there is none or it is empty."""
    try:
        descriptor = os.open(log_of(source), os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError:
        yield None
        return
    try:
        yield descriptor if os.fstat(descriptor).st_size >= _WAL_HEADER_BYTES else None
    finally:
        os.close(descriptor)


def _is_same_log(log: int, header: LtxHeader) -> bool:
    return header.wal_end >= _WAL_HEADER_BYTES and os.pread(log, _WAL_HEADER_BYTES, 0)[_WAL_SALTS] == header.wal_salts


def _has_commit_after(log: int, header: LtxHeader) -> bool:
    """Whether a transaction was committed to the log after the place where `header` ends.

    What an earlier round of the log left behind has other salts; what is being written has no commit yet.
    """
    place = header.wal_end
    for _ in range(_MOST_FRAMES):
        raw = os.pread(log, _FRAME_HEADER_BYTES, place)
        if len(raw) < _FRAME_HEADER_BYTES:
            return False
        _page, commit, salts = _FRAME.unpack(raw[: _FRAME.size])
        if salts != header.wal_salts:
            # Begun anew while it was read, or the end of it.
            return not _is_same_log(log, header)
        if commit:
            return True
        place += _FRAME_HEADER_BYTES + header.page_size
    return True


def is_same_database(source: Path, restored: Path, newest_at: datetime | None, bounds: Bounds) -> bool:
    """Whether the source is closed, was written to after `newest_at`, and is byte for byte what was restored.

    SQLite moves the log into the database when the last connection closes, which may be long after the last write.
    """
    try:
        before = source.stat()
        # Whoever has it open has a log, even an empty one. Opening and closing it here would drop this process's own
        # locks on it, if it is the one.
        if log_of(source).exists() or before.st_size != restored.stat().st_size:
            return False
        if newest_at is None or before.st_mtime <= newest_at.timestamp():
            return False
        with source.open("rb") as one, restored.open("rb") as other:
            next_tick = time.monotonic() + TICK_SECONDS
            while piece := one.read(_PIECE):
                if time.monotonic() >= next_tick:
                    bounds.deadline.check()
                    bounds.on_tick()
                    next_tick = time.monotonic() + TICK_SECONDS
                if piece != other.read(_PIECE):
                    return False
        return before.st_mtime_ns == source.stat().st_mtime_ns and not log_of(source).exists()
    except OSError:
        return False
