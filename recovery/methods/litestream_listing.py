"""What files a replica has, wherever it lies, and what follows from that."""

import os
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from recovery.methods import ltx

_TXID = re.compile(r"[0-9a-f]{16}")
_RAW, _COMPACTED_ONCE, _SNAPSHOTS = 0, 1, 9
# Remote listings have whole seconds, cut off.
COARSE = timedelta(seconds=1)


@dataclass(frozen=True)
class Listed:
    """One file of a replica; `at` as the listing has it: to the millisecond in a folder, to the second elsewhere."""

    level: int
    min_txid: str
    max_txid: str
    size_bytes: int
    at: datetime | None

    @property
    def is_snapshot(self) -> bool:
        """Whether it is the whole database at one moment, and so says nothing of the transactions on the way to it."""
        return self.level == _SNAPSHOTS


def list_folder(folder: Path) -> list[Listed]:
    """The files of a replica in a folder, with their sizes and without their times; empty if there is none."""
    found = []
    for file in ltx.list_files(folder):
        try:
            size = os.stat(file.path).st_size  # noqa: PTH116  # quick, and there may be thousands
        except OSError:
            continue
        if file.path.parent.name.isdecimal():
            found.append(Listed(int(file.path.parent.name), file.min_txid, file.max_txid, size, None))
    return found


def path_of(folder: Path, file: Listed) -> Path:
    """Where the file lies in a replica that is a folder."""
    return folder / "ltx" / str(file.level) / f"{file.min_txid}-{file.max_txid}.ltx"


def find_misnamed(folder: Path, files: Iterable[Listed]) -> Path | None:
    """A file of a replica in a folder that holds other transactions than its name says, None if there is none.

    Litestream goes by the names: of one file alone it would not notice.
    """
    for file in files:
        path = path_of(folder, file)
        header = ltx.read_header(path)
        if header and (header.min_txid, header.max_txid) != (file.min_txid, file.max_txid):
            return path
    return None


def read_listing(answer: Any) -> list[Listed]:
    """The files that `litestream ltx -level all -json` names; what is not understood is left out."""
    found = []
    for entry in answer if isinstance(answer, list) else []:
        first, last, level = (str(entry.get(name)) for name in ("min_txid", "max_txid", "level"))
        if _TXID.fullmatch(first) and _TXID.fullmatch(last) and level.isdecimal():
            found.append(
                Listed(int(level), first, last, int(entry.get("size") or 0), read_time(entry.get("timestamp")))
            )
    return found


def read_time(text: object) -> datetime | None:
    """The instant that Litestream wrote, or None."""
    try:
        return datetime.fromisoformat(str(text)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def newest_txid(files: Iterable[Listed]) -> str:
    """The last transaction that any of the files has, empty for none."""
    return max((file.max_txid for file in files), default="")


def has_gap_after(files: Sequence[Listed], txid: str) -> bool:
    """Whether newer transactions are there but those that follow `txid` are lost, or kept only with later ones.

    A snapshot begins with the first transaction, whatever was lost before it: it shows only that there are newer ones.
    Litestream clears single transactions from the oldest on, and keeps what it compacted them to first. So one that is
    missing among others, or is in the higher levels alone, was lost: a restore could have come closer.
    """
    if not txid:
        return False
    following = following_txid(txid)
    newer = [file for file in files if file.max_txid > txid]
    levels = {file.level for file in newer if not file.is_snapshot and file.min_txid <= following <= file.max_txid}
    if not newer or _RAW in levels:
        return False
    return _COMPACTED_ONCE not in levels or _is_within_raw(files, following)


def _is_within_raw(files: Iterable[Listed], txid: str) -> bool:
    """Whether there are single transactions before this one and after it."""
    raw = [file for file in files if file.level == _RAW]
    return any(file.max_txid < txid for file in raw) and any(file.min_txid > txid for file in raw)


def following_txid(txid: str) -> str:
    """The number after `txid`."""
    return f"{int(txid, 16) + 1:016x}"


def find_alone(files: Iterable[Listed], txid: str) -> list[Listed]:
    """The files that have this transaction and no other, so that their time is its own."""
    return [file for file in files if file.min_txid == file.max_txid == txid]


def first_files(files: Iterable[Listed], txid: str) -> list[Listed]:
    """The files that begin with this transaction."""
    return [file for file in files if file.min_txid == txid]


def first_copies(files: Iterable[Listed]) -> list[Listed]:
    """The files that begin with the first transaction: a restore starts from one of them."""
    return [file for file in files if int(file.min_txid, 16) == 1]
