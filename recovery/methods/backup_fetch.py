"""Brings one file of a backup folder into the scratch folder, whole and unchanged, or says why not."""

import errno
import hashlib
import os
import re
import stat
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType

from django.utils.translation import gettext

from lib.durations import format_bytes
from recovery.errors import RestoreFailed, RestoreInconclusive
from recovery.methods.backup_names import CHECKSUM_ENDING
from recovery.methods.deadline import TICK_SECONDS
from recovery.methods.process import Bounds

_PIECE = 1024 * 1024
_LONGEST_CHECKSUM_FILE = 64 * 1024
_CHECKSUM_LINE = re.compile(r"\\?([0-9A-Fa-f]{64})(?:[ \t]+[ *]?(.+))?\s*")
_OUT_OF_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


class Output:
    """A new file in the scratch folder, mode 0600, that stays within the bounds while it is written to."""

    def __init__(self, path: Path, bounds: Bounds, on_progress: Callable[[int], None]) -> None:
        self.path = path
        self.count = 0
        self._bounds = bounds
        self._on_progress = on_progress
        self._next_tick = time.monotonic() + TICK_SECONDS
        self._file = os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600), "wb", 0)

    def write(self, piece: bytes | memoryview) -> None:
        """Append. Raises RestoreInconclusive where the quota or the disk is full, RestoreTimedOut at the deadline."""
        quota = self._bounds.quota_bytes
        if quota is not None and self.count + len(piece) > quota:
            raise RestoreInconclusive(
                gettext(
                    "The restored database takes more than {allowed}, which is all that a restore test may write here. "
                    "Allow restore tests more space."
                ).format(allowed=format_bytes(quota))
            )
        rest = memoryview(piece)
        try:
            while rest:
                rest = rest[self._file.write(rest) :]
        except OSError as error:
            raise _explain_write(error, self.path) from error
        self.count += len(piece)
        self.look_up()

    def look_up(self) -> None:
        """Tick, tell the progress and look at the deadline, where it is time to."""
        if time.monotonic() < self._next_tick:
            return
        self._bounds.deadline.check()
        self._on_progress(self.count)
        self._bounds.on_tick()
        self._next_tick = time.monotonic() + TICK_SECONDS

    def __enter__(self) -> "Output":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()
        if error is None:
            self._on_progress(self.count)


def fetch(source: Path, output: Output, *, size: int, mtime_ns: int) -> None:
    """`output` has the bytes of `source`, which were of that size and time before and after, and match its checksum.

    The checksum is the one in a file of the same name and .sha256, as sha256sum writes it, where there is one. Raises
    RestoreFailed where it does not match, RestoreInconclusive where the file is gone, changed or not to be read.
    """
    wanted = _read_checksum(source)
    digest = hashlib.sha256() if wanted else None
    with _reading(source), _open(source) as file:
        _check_unchanged(source, file, size, mtime_ns)
        for piece in _pieces(file):
            if digest:
                digest.update(piece)
            output.write(piece)
            # One that grows as quickly as it is read has no end.
            if output.count > size:
                raise RestoreInconclusive(_say_changed(source))
        _check_unchanged(source, file, size, mtime_ns)
    if output.count != size:
        raise RestoreInconclusive(_say_changed(source))
    if digest and digest.hexdigest() != wanted:
        raise RestoreFailed(
            gettext(
                "{name} is not what it was when its checksum was made: {checksum} says otherwise. Look for an "
                "earlier backup that is sound, and find out what changed this one."
            ).format(name=source.name, checksum=f"{source.name}{CHECKSUM_ENDING}")
        )


def read_beginning(source: Path, count: int) -> bytes:
    """The first bytes of the file. Raises RestoreInconclusive if it cannot be read."""
    with _reading(source), _open(source) as file:
        return os.read(file, count)


def read_end(source: Path, count: int) -> bytes:
    """The last bytes of the file. Raises RestoreInconclusive if it cannot be read."""
    with _reading(source), _open(source) as file:
        return os.pread(file, count, max(0, os.fstat(file).st_size - count))


def _pieces(file: int) -> Iterator[memoryview]:
    buffer = memoryview(bytearray(_PIECE))
    while count := os.readv(file, [buffer]):
        yield buffer[:count]


def _read_checksum(source: Path) -> str | None:
    path = source.with_name(f"{source.name}{CHECKSUM_ENDING}")
    try:
        with _open(path) as file:
            text = os.read(file, _LONGEST_CHECKSUM_FILE).decode("utf-8", "replace")
    except FileNotFoundError:
        return None
    except OSError as error:
        raise _explain_read(error, path) from error
    matches = [match for line in text.splitlines() if (match := _CHECKSUM_LINE.fullmatch(line))]
    named = [match for match in matches if match[2] and Path(match[2]).name == source.name]
    # Made in another folder or before a renaming, a single checksum still is this file's.
    chosen = named or (matches if len(matches) == 1 else [])
    if not chosen:
        raise RestoreFailed(
            gettext("{checksum} holds no SHA-256 checksum of {name}. Make it with sha256sum.").format(
                checksum=path.name, name=source.name
            )
        )
    return chosen[0][1].lower()


@contextmanager
def _open(path: Path) -> Iterator[int]:
    """A descriptor of an ordinary file; not of a link or a pipe that took its place."""
    descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    try:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise RestoreInconclusive(_say_changed(path))
        yield descriptor
    finally:
        os.close(descriptor)


@contextmanager
def _reading(source: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise _explain_read(error, source) from error


def _check_unchanged(source: Path, file: int, size: int, mtime_ns: int) -> None:
    now = os.fstat(file)
    if (now.st_size, now.st_mtime_ns) != (size, mtime_ns):
        raise RestoreInconclusive(_say_changed(source))


def _say_changed(source: Path) -> str:
    return gettext("{name} was changed while it was read. Run the test again when the backup is finished.").format(
        name=source.name
    )


def _explain_read(error: OSError, source: Path) -> RestoreInconclusive:
    if isinstance(error, FileNotFoundError):
        message = gettext("{name} was removed before it was read. Run the test again, with the backups that are there.")
        return RestoreInconclusive(message.format(name=source.name))
    message = gettext("{name} cannot be read ({reason}). Give the application's user read access to the backups.")
    return RestoreInconclusive(message.format(name=source.name, reason=error.strerror))


def _explain_write(error: OSError, path: Path) -> RestoreInconclusive:
    if error.errno in _OUT_OF_ROOM:
        message = gettext("The disk of {folder} is full. Free space there, or move the scratch folder.")
        return RestoreInconclusive(message.format(folder=path.parent))
    message = gettext("The scratch folder {folder} cannot be written ({reason}). Check its disk.")
    return RestoreInconclusive(message.format(folder=path.parent, reason=error.strerror))
