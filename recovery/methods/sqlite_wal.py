"""What is in a write-ahead log or rollback journal that was copied with its database, before SQLite applies it."""

import struct
from dataclasses import dataclass
from pathlib import Path

_HEADER = struct.Struct(">4sIII8sII")
_FRAME = struct.Struct(">II8sII")
_MAGIC = (b"\x37\x7f\x06\x82", b"\x37\x7f\x06\x83")
_JOURNAL_MAGIC = b"\xd9\xd5\x05\xf9\x20\xa1\x63\xd7"


@dataclass(frozen=True)
class LogFrames:
    """`count` pages are of the log's present round, of which the last that ends a transaction is number `last_commit`.

    `is_torn`: the file ends within a page.
    """

    count: int
    last_commit: int
    is_torn: bool


def read_log(path: Path) -> LogFrames | None:
    """The frames of the write-ahead log at `path`, by their headers alone; None if it is no such log.

    SQLite applies a log up to the first page whose checksum is wrong, and says nothing of the rest. What it should have
    applied can be told from this.
    """
    with path.open("rb") as file:
        header = file.read(_HEADER.size)
        if len(header) < _HEADER.size:
            return None
        magic, _version, page_size, _round, salts, _sum1, _sum2 = _HEADER.unpack(header)
        if magic not in _MAGIC or not page_size:
            return None
        number, count, last_commit, has_foreign = 0, 0, 0, False
        while len(frame := file.read(_FRAME.size + page_size)) == _FRAME.size + page_size:
            number += 1
            _page, pages_after, own_salts, _sum1, _sum2 = _FRAME.unpack_from(frame)
            # Damage in the salts of a page leaves one of the two alone; a page of an earlier round differs in both.
            is_present = own_salts[:4] == salts[:4] or own_salts[4:] == salts[4:]
            has_foreign = has_foreign or not is_present
            if is_present:
                count = number
                last_commit = number if pages_after else last_commit
        return LogFrames(count, last_commit, bool(frame) and not has_foreign)


def names_other_files(journal: Path) -> bool:
    """Whether the rollback journal names another one: SQLite would open, and may delete, whatever file that is."""
    content = journal.stat().st_size
    with journal.open("rb") as file:
        file.seek(max(0, content - len(_JOURNAL_MAGIC)))
        return file.read() == _JOURNAL_MAGIC and content > len(_JOURNAL_MAGIC)
