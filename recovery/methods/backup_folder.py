"""Which files in a folder are finished backups, and when each was made.

**Finished.** A copy under way must not be taken for the newest backup. A file counts once its size and time have stood
still for some seconds, has no temporary name (hidden, .part, .tmp and the like) and no rollback journal with something
in it beside it, which SQLite keeps there while it writes. A file that fails this is left out and the one before it
counts; only a restore waits a few seconds for one that may be done. A copier that pauses longer than that is caught
later: what is read is compared with what was listed, and a torn copy does not pass the integrity check.

**When made.** The file's time (mtime), which is when it was finished. A copy made without keeping times, such as by cp
without -p, would look as new as the copying; so where the name holds a time that is older by more than a minute, that
one counts: it is when the backup was begun, and its data is no newer. Neither is ever in the future.
"""

import fnmatch
import os
import stat
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from django.utils.translation import gettext

from recovery.errors import RecoveryError, RestoreFailed, RestoreInconclusive
from recovery.methods.backup_names import companion_names, is_whole_backup, latest_moment_named
from recovery.methods.process import Bounds

SETTLE_SECONDS = 5.0
_NAME_COUNTS_FROM = timedelta(minutes=1)
# A name that is older than its file by less says when the copying began; by more, that the file lost its time.
_LONGEST_COPYING = timedelta(hours=1)
_ABANDONED_SECONDS = 3600.0


@dataclass(frozen=True)
class BackupFile:
    """One finished file. Its data is that of `made_at` at the latest, as far as is known; then it was `finished_at`."""

    path: Path
    made_at: datetime
    finished_at: datetime
    size: int
    mtime_ns: int
    is_name_older: bool = False


@dataclass(frozen=True)
class Listing:
    """The finished files, oldest first, and the names of those left out: being written, or links that lead away."""

    files: tuple[BackupFile, ...]
    unfinished: tuple[str, ...] = ()
    refused: tuple[str, ...] = ()


@dataclass(frozen=True)
class BackupFolder:
    """A folder, and the pattern (as a shell's, with * ? []) of the names of the backups in it.

    `has_copied_journals`: a rollback journal beside a file was copied with it and is no sign of writing.
    """

    path: Path
    pattern: str
    settle_seconds: float = SETTLE_SECONDS
    has_copied_journals: bool = False

    def __post_init__(self) -> None:
        if not self.path.is_absolute():
            message = gettext("The folder {path} is not an absolute path. Write it from / on.")
            raise RecoveryError(message.format(path=self.path))
        check_pattern(self.pattern)

    def look(self, now: datetime) -> Listing:
        """What is there at `now`. Raises RestoreFailed without the folder, RestoreInconclusive if it cannot be read."""
        files: list[BackupFile] = []
        unfinished, refused = [], []
        names = self._names()
        for name in sorted(fnmatch.filter(names, self.pattern)):
            if not is_whole_backup(name):
                continue
            path = self._follow(name)
            found = _stat(path) if path else None
            if path is None:
                refused.append(name)
            elif found is None or not stat.S_ISREG(found.st_mode):
                continue
            elif self._is_being_written(path, found, now, names):
                unfinished.append(name)
            else:
                files.append(_as_backup(path, found, now))
        files.sort(key=lambda file: (file.made_at, file.path.name))
        return Listing(tuple(files), tuple(unfinished), tuple(refused))

    def look_settled(self, bounds: Bounds) -> Listing:
        """What is there after waiting, for `settle_seconds` at most, for files that may be finished."""
        end = time.monotonic() + self.settle_seconds
        listing = self.look(datetime.now(UTC))
        while listing.unfinished and time.monotonic() < end:
            bounds.deadline.check()
            bounds.on_tick()
            time.sleep(min(bounds.deadline.next_tick, max(0.0, end - time.monotonic())))
            listing = self.look(datetime.now(UTC))
        return listing

    def _names(self) -> list[str]:
        try:
            return os.listdir(self.path)  # noqa: PTH208  # names, without a path for each
        except (FileNotFoundError, NotADirectoryError) as error:
            raise RestoreFailed(
                gettext(
                    "There is no folder {path}, so there is nothing to restore. Correct its path, or make backups."
                ).format(path=self.path)
            ) from error
        except OSError as error:
            raise RestoreInconclusive(
                gettext("The folder {path} cannot be read ({reason}). Give the application's user read access.").format(
                    path=self.path, reason=error.strerror
                )
            ) from error

    def _follow(self, name: str) -> Path | None:
        """The file itself, or None for a link that leads out of the folder: what is outside is nobody's backup."""
        path = self.path / name
        if not path.is_symlink():
            return path
        try:
            target = path.resolve()
            return target if target.parent == self.path.resolve() else None
        except (OSError, RuntimeError):
            return None

    def _is_being_written(self, path: Path, found: os.stat_result, now: datetime, names: list[str]) -> bool:
        # A time in the future says nothing; such a file is taken as it is and compared after reading.
        age = now.timestamp() - found.st_mtime
        if 0 <= age < self.settle_seconds:
            return True
        if self.has_copied_journals:
            return False
        journals = set(companion_names(path.name, "-journal")) & set(names)
        found_beside = [_stat(self.path / name) for name in journals]
        # One that nobody has written to for long is left over: what died halfway is judged, not passed over.
        return any(
            beside and beside.st_size and now.timestamp() - beside.st_mtime < _ABANDONED_SECONDS
            for beside in found_beside
        )


def check_pattern(pattern: str) -> None:
    """Return for a pattern of the names of files in one folder; RecoveryError otherwise."""
    if not pattern or "/" in pattern:
        raise RecoveryError(
            gettext("The pattern {pattern} does not name files in one folder. Write one such as app-*.db.").format(
                pattern=pattern or "“”"
            )
        )


def choose(listing: Listing, folder: BackupFolder, at: datetime | None) -> BackupFile:
    """The newest file, or the newest one finished strictly before `at`. Raises RestoreFailed or RestoreInconclusive."""
    fitting = [file for file in listing.files if at is None or file.finished_at < at]
    if fitting:
        return fitting[-1]
    values = {"folder": folder.path, "pattern": folder.pattern}
    if listing.files:
        message = gettext("No file in {folder} was finished before {at:%Y-%m-%d %H:%M:%S} UTC. Choose a later time.")
        raise RestoreFailed(message.format(**values, at=(at or datetime.now(UTC)).astimezone(UTC)))
    if listing.unfinished:
        message = gettext("{name} in {folder} is still being written, and there is no other. Run the test again later.")
        raise RestoreInconclusive(message.format(**values, name=listing.unfinished[-1]))
    if listing.refused:
        message = gettext("{name} is a link that leads out of {folder}, where nothing is read. Put the file there.")
        raise RestoreInconclusive(message.format(**values, name=listing.refused[-1]))
    message = gettext("No file in {folder} is named like {pattern}. Correct the pattern, or make backups.")
    raise RestoreFailed(message.format(**values))


def _as_backup(path: Path, found: os.stat_result, now: datetime) -> BackupFile:
    modified = min(datetime.fromtimestamp(found.st_mtime, tz=UTC), now)
    named = latest_moment_named(path.name)
    is_older = named is not None and modified - named > _NAME_COUNTS_FROM
    made_at = named if named and is_older else modified
    finished_at = modified if modified - made_at < _LONGEST_COPYING else made_at
    return BackupFile(path, made_at, finished_at, found.st_size, found.st_mtime_ns, is_older)


def _stat(path: Path) -> os.stat_result | None:
    """None for a file that is gone, as by rotation in this moment."""
    try:
        return path.stat(follow_symlinks=False)
    except OSError:
        return None
