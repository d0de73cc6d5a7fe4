"""What the methods that keep whole files in a folder have in common: finding the newest, fetching and unpacking it."""

import sqlite3
import struct
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import ClassVar

from django.utils.translation import gettext

from recovery.errors import RestoreInconclusive
from recovery.methods.backup import Description, Lag, Plan, Restored, SourceState
from recovery.methods.backup_archive import HEAD_BYTES, Packing, announced_size, detect, unpack
from recovery.methods.backup_fetch import Output, fetch, read_beginning, read_end
from recovery.methods.backup_folder import SETTLE_SECONDS, BackupFile, BackupFolder, Listing, choose
from recovery.methods.inspection import Inspection, Question
from recovery.methods.process import Bounds
from recovery.methods.sqlite_file import inspect
from recovery.methods.sqlite_source import read_last_write

RESTORED_NAME = "restored.db"
_MAGIC = b"SQLite format 3\x00"
_DATABASE_HEADER = 100


@dataclass(frozen=True)
class FilePlan(Plan):
    """Which file a restore would bring back. `left_out` are newer ones that are still being written."""

    file: BackupFile | None = None
    left_out: tuple[str, ...] = ()


@dataclass(frozen=True)
class Work:
    """A restore under way: the file it makes, its bounds, who hears of its progress, and its phases' seconds so far."""

    path: Path
    bounds: Bounds
    on_progress: Callable[[int], None]
    seconds: dict[str, float]


class FilesInFolder:
    """Backups that are whole SQLite files in `folder`, named like `pattern`; `source` is the live database, if known.

    The newest is the one made last; see `backup_folder` for what counts as finished and as its time.
    """

    can_restore_to_a_moment: ClassVar[bool] = True
    has_copied_journals: ClassVar[bool] = False

    def __init__(
        self, folder: Path, pattern: str, source: Path | None = None, *, settle_seconds: float = SETTLE_SECONDS
    ) -> None:
        self.folder = BackupFolder(folder, pattern, settle_seconds, self.has_copied_journals)
        self.source = source

    def tool_version(self) -> str:
        """SQLite's version, such as "SQLite 3.40.1"."""
        return f"SQLite {sqlite3.sqlite_version}"

    def describe(self, bounds: Bounds) -> Description:
        """What is in the folder now, finished; files that are being written count for nothing yet."""
        listing = self._list(bounds)
        made = [file.made_at for file in listing.files]
        return Description(
            newest_at=max(made, default=None),
            oldest_at=min(made, default=None),
            size_bytes=sum(file.size for file in listing.files),
            version=self.tool_version(),
        )

    def plan(self, bounds: Bounds, *, at: datetime | None = None) -> FilePlan:
        """The newest file, or the newest that was finished strictly before `at`."""
        bounds.deadline.check()
        listing = self.folder.look(datetime.now(UTC)) if at else self.folder.look_settled(bounds)
        file = choose(listing, self.folder, at)
        head, tail = read_beginning(file.path, _DATABASE_HEADER), read_end(file.path, 4)
        packing = detect(head)
        expected = file.size if packing is Packing.PLAIN else announced_size(packing, head[:HEAD_BYTES], tail)
        return FilePlan(
            asked_at=at,
            newest_at=file.made_at,
            marker=file.path.name,
            bytes_to_fetch=file.size,
            expected_bytes=expected,
            is_size_exact=False,
            file=file,
            left_out=() if at else listing.unfinished,
        )

    def restore(self, planned: Plan, bounds: Bounds, *, on_progress: Callable[[int], None]) -> Restored:
        """The database of the planned file in `bounds.folder`, which must be empty of an earlier one."""
        file = planned.file if isinstance(planned, FilePlan) else None
        if file is None:
            raise ValueError("A plan of another method cannot be restored from files.")
        path = bounds.folder / RESTORED_NAME
        work = Work(path, bounds, on_progress, {"fetch": 0.0, "restore": 0.0})
        ignored = bring(file, work)
        notes = self.complete(file, work)
        expected_bytes, after_end = _read_size(path)
        return Restored(
            path=path,
            marker=planned.marker,
            newest_at=file.made_at,
            expected_bytes=expected_bytes,
            seconds=work.seconds,
            notes=(*notes, *_describe_oddities(planned, ignored, after_end)),
        )

    def inspect(self, restored: Restored, bounds: Bounds, *, questions: tuple[Question, ...] = ()) -> Inspection:
        """Everything about the restored file; its notes stand with what is said of its integrity."""
        found = inspect(
            restored.path,
            expected_bytes=restored.expected_bytes,
            deadline=bounds.deadline,
            on_tick=bounds.on_tick,
            questions=questions,
        )
        notes = (*found.integrity.notes, *restored.notes)
        return replace(found, integrity=replace(found.integrity, notes=notes))

    def read_source(self, bounds: Bounds) -> SourceState:
        """When the source was last written to, by the times of its file and its write-ahead log."""
        bounds.deadline.check()
        if self.source is None:
            return SourceState(None, gettext("The source is not known here."))
        return read_last_write(self.source)

    def lag(self, bounds: Bounds) -> Lag:
        """The source's last write minus the time of the newest finished file. Hours are normal for such backups."""
        source = self.read_source(bounds)
        if source.last_write is None:
            return Lag(None, source.reason)
        newest_at = self.describe(bounds).newest_at
        if newest_at is None:
            return Lag(
                None,
                gettext("No finished file in {folder} is named like {pattern}.").format(
                    folder=self.folder.path, pattern=self.folder.pattern
                ),
            )
        return Lag(max(0.0, (source.last_write - newest_at).total_seconds()))

    def complete(self, file: BackupFile, work: Work) -> list[str]:  # noqa: ARG002  # other methods need both
        """What is left to do with a file that was brought is done; returns notes. SQLite's own backups are complete."""
        return []

    def _list(self, bounds: Bounds) -> Listing:
        bounds.deadline.check()
        return self.folder.look(datetime.now(UTC))


def bring(file: BackupFile, work: Work) -> int:
    """`work.path` has the unpacked content of `file`; returns how many bytes of it are no part of the packed data."""
    started = time.monotonic()
    packing = detect(read_beginning(file.path, HEAD_BYTES))
    is_packed = packing is not Packing.PLAIN
    fetched = work.path.with_name(f"{work.path.name}.fetched") if is_packed else work.path
    ignored = 0
    try:
        with Output(fetched, work.bounds, ignore_progress if is_packed else work.on_progress) as output:
            fetch(file.path, output, size=file.size, mtime_ns=file.mtime_ns)
        work.seconds["fetch"] += time.monotonic() - started
        if is_packed:
            started = time.monotonic()
            with Output(work.path, work.bounds, work.on_progress) as output:
                ignored = unpack(fetched, packing, output)
            work.seconds["restore"] += time.monotonic() - started
    except OSError as error:
        message = gettext("The scratch folder {folder} cannot be used ({reason}). Check its disk.")
        raise RestoreInconclusive(message.format(folder=work.path.parent, reason=error.strerror)) from error
    finally:
        if is_packed:
            fetched.unlink(missing_ok=True)
    return ignored


def ignore_progress(_count: int) -> None:
    """Bytes of something packed, or beside the database, are no measure of it."""


def _describe_oddities(planned: Plan, ignored: int, after_end: int) -> list[str]:
    notes = []
    if isinstance(planned, FilePlan) and planned.left_out:
        message = gettext("{name} is newer, was still being written when the test began, and was left out.")
        notes.append(message.format(name=planned.left_out[-1]))
    if isinstance(planned, FilePlan) and planned.file and planned.file.is_name_older:
        notes.append(gettext("The time in the file's name is older than the file's own, and was taken for its time."))
    if ignored:
        message = gettext("{count} bytes after the end of the packed data in {name} belong to nothing.")
        notes.append(message.format(count=ignored, name=planned.marker))
    if after_end > 0:
        message = gettext("{count} bytes after the end of the database in {name} belong to nothing.")
        notes.append(message.format(count=after_end, name=planned.marker))
    return notes


def _read_size(path: Path) -> tuple[int | None, int]:
    """The size that the database's own header gives, where it does and nothing follows; and how much follows."""
    with path.open("rb") as file:
        header = file.read(_DATABASE_HEADER)
    if len(header) < _DATABASE_HEADER or not header.startswith(_MAGIC):
        return None, 0
    page_size, pages = struct.unpack_from(">H", header, 16)[0], struct.unpack_from(">I", header, 28)[0]
    changes, valid_for = struct.unpack_from(">I", header, 24)[0], struct.unpack_from(">I", header, 92)[0]
    if not pages or changes != valid_for:
        return None, 0
    announced = (65536 if page_size == 1 else page_size) * pages
    after_end = path.stat().st_size - announced
    # Some applications grow their file in advance, so what follows is no fault.
    return (None, after_end) if after_end > 0 else (announced, 0)
