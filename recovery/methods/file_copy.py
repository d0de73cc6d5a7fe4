"""Copies of the database's file, made by cp, rsync or the like.

In WAL mode the newest transactions are in a second file, named like the first with -wal after it. Where the copy has
one beside it (app.db-wal; packed: app.db-wal.gz), both are fetched and SQLite puts them together; likewise a rollback
journal (-journal), with which it takes an unfinished transaction back. The -shm is never copied: SQLite makes its own.
"""

import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import ClassVar

from django.utils.translation import gettext

from recovery.errors import RestoreFailed, RestoreInconclusive
from recovery.methods.backup import Plan, Restored
from recovery.methods.backup_files import FilesInFolder, Work, bring, ignore_progress
from recovery.methods.backup_folder import BackupFile
from recovery.methods.backup_names import companion_names
from recovery.methods.process import Bounds
from recovery.methods.sqlite_reading import Reading, open_untrusted, read_in_parallel
from recovery.methods.sqlite_wal import LogFrames, names_other_files, read_log

_VERSIONS_AT = 18
_WAL_VERSIONS = b"\x02\x02"


class FileCopies(FilesInFolder):
    """Copied database files, each with its -wal or -journal where that was copied too."""

    has_copied_journals: ClassVar[bool] = True

    def restore(self, planned: Plan, bounds: Bounds, *, on_progress: Callable[[int], None]) -> Restored:
        """As every file's. The time of a copy that lacks its log is not the time of its newest transaction."""
        restored = super().restore(planned, bounds, on_progress=on_progress)
        lacking = _say_no_log(restored.marker)
        return replace(restored, age_doubt=lacking) if lacking in restored.notes else restored

    def complete(self, file: BackupFile, work: Work) -> list[str]:
        """The log or journal beside the copy is applied to it; the notes say what is missing or cut off."""
        journal = _bring_companion(file, work, "-journal")
        log = _bring_companion(file, work, "-wal")
        notes = [_say_no_log(file.path.name)] if log is None and _is_in_wal_mode(work.path) else []
        if not log and not journal:
            return notes
        if journal and names_other_files(journal):
            message = gettext("The journal beside {name} belongs to several databases at once, and is not applied.")
            raise RestoreInconclusive(message.format(name=file.path.name))
        started = time.monotonic()
        frames = _read_log(file, log) if log else None
        applied = _apply(work.path, work.bounds)
        work.seconds["restore"] += time.monotonic() - started
        return [*notes, *_judge_log(file, frames, applied)] if frames else notes


def _bring_companion(file: BackupFile, work: Work, companion: str) -> Path | None:
    """The file beside the backup, unpacked beside the restored one; None where there is none."""
    for name in companion_names(file.path.name, companion):
        source = file.path.with_name(name)
        try:
            found = source.stat(follow_symlinks=False)
        except FileNotFoundError:
            continue
        except OSError as error:
            message = gettext("{name} cannot be read ({reason}). Give the application's user read access to it.")
            raise RestoreInconclusive(message.format(name=name, reason=error.strerror)) from error
        moment = datetime.fromtimestamp(found.st_mtime, tz=UTC)
        beside = BackupFile(source, moment, moment, found.st_size, found.st_mtime_ns)
        target = work.path.with_name(f"{work.path.name}{companion}")
        bring(beside, replace(work, path=target, on_progress=ignore_progress))
        return target
    return None


def _read_log(file: BackupFile, log: Path) -> LogFrames | None:
    if not log.stat().st_size:
        return None
    frames = read_log(log)
    if frames is None:
        raise RestoreFailed(_say_log_damaged(file))
    return frames


def _is_in_wal_mode(path: Path) -> bool:
    with path.open("rb") as file:
        file.seek(_VERSIONS_AT)
        return file.read(2) == _WAL_VERSIONS


def _apply(path: Path, bounds: Bounds) -> int:
    """The pages of the log that SQLite found whole, all of them in the file now, which stands alone afterwards.

    Raises RestoreFailed where SQLite cannot put the files together.
    """
    found: list[int] = []

    def checkpoint(reading: Reading) -> None:
        # The first look rolls a journal back or reads the log.
        list(reading.rows("SELECT count(*) FROM sqlite_master"))
        found.extend(row[1] for row in reading.rows("PRAGMA wal_checkpoint(PASSIVE)"))
        list(reading.rows("PRAGMA wal_checkpoint(TRUNCATE)"))

    try:
        read_in_parallel(path, [checkpoint], bounds.deadline, bounds.on_tick, _open_to_complete)
    except sqlite3.DatabaseError as error:
        raise RestoreFailed(
            gettext(
                "The copy and the log beside it do not make a database ({error}). They were copied at different "
                "moments or are damaged. Make backups with VACUUM INTO instead."
            ).format(error=error)
        ) from error
    for ending in ("-wal", "-shm", "-journal"):
        path.with_name(f"{path.name}{ending}").unlink(missing_ok=True)
    return max(found, default=0)


@contextmanager
def _open_to_complete(path: Path) -> Iterator[sqlite3.Connection]:
    with open_untrusted(path, "mode=rw") as connection:
        yield connection


def _judge_log(file: BackupFile, frames: LogFrames, applied: int) -> list[str]:
    """Notes on a log that was cut off. Raises RestoreFailed where whole transactions in it could not be applied."""
    if applied < frames.last_commit:
        raise RestoreFailed(_say_log_damaged(file))
    if frames.is_torn or applied < frames.count:
        message = gettext(
            "The -wal beside {name} ends in the middle of a transaction: it was copied during a write, or is cut off, "
            "and newer transactions may be missing."
        )
        return [message.format(name=file.path.name)]
    return []


def _say_no_log(name: str) -> str:
    return gettext(
        "{name} is a copy of a database in WAL mode without its -wal, so its newest transactions may be missing. Copy "
        "the -wal too, or make backups with VACUUM INTO."
    ).format(name=name)


def _say_log_damaged(file: BackupFile) -> str:
    return gettext(
        "The -wal beside {name} is damaged or was copied during a write, and transactions in it are lost. Make backups "
        "with VACUUM INTO instead."
    ).format(name=file.path.name)
