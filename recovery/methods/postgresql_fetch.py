"""Fetches a base backup from a standby into the scratch folder, verifies it, and makes it harmless to start."""

import hashlib
import json
import os
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from django.utils.translation import gettext as _

from lib.durations import format_bytes
from recovery.errors import RestoreFailed, RestoreInconclusive, RestoreStopped
from recovery.methods.deadline import do_nothing
from recovery.methods.postgresql_asking import explain_refusal, last_line
from recovery.methods.postgresql_programs import Programs
from recovery.methods.process import Bounds, Finished, run

MANIFEST = "backup_manifest"
# Of the time, how much may go into adding up the files of the folder.
_MEASURING_SHARE = 10
_DAMAGE = (
    "checksum",
    "could not open file",
    "could not read",
    "could not stat",
    "invalid page",
    "unexpected end of file",
)
_SHORT_OF_ROOM = ("No space left", "File too large", "Disk quota")


class FolderWatch:
    """Adds up what a folder holds at ticks, tells it on, and stops what goes beyond the quota of the whole."""

    def __init__(self, bounds: Bounds, on_progress: Callable[[int], None] | None = None) -> None:
        self._bounds = bounds
        self._on_progress = on_progress or (lambda _size: None)
        self._next = 0.0

    def tick(self) -> None:
        """Called at each tick. Raises RestoreInconclusive beyond the quota."""
        self._bounds.on_tick()
        started = time.monotonic()
        if started >= self._next:
            self.measure()
            self._next = time.monotonic() + _MEASURING_SHARE * (time.monotonic() - started)

    def measure(self) -> int:
        """The size now, in bytes."""
        size, quota = folder_bytes(self._bounds.folder), self._bounds.quota_bytes
        self._on_progress(size)
        if quota is not None and size > quota:
            raise RestoreInconclusive(too_large(quota))
        return size


def too_large(quota: int) -> str:
    """The sentence for a cluster that the scratch folder may not hold."""
    return _("The cluster is larger than the %(allowed)s that a restore test may write. Allow more.") % {
        "allowed": format_bytes(quota)
    }


def folder_bytes(folder: Path) -> int:
    """The sizes of all files under the folder; those that go away meanwhile are left out."""
    total, waiting = 0, [str(folder)]
    while waiting:
        try:
            with os.scandir(waiting.pop()) as entries:
                for entry in entries:
                    if entry.is_dir(follow_symlinks=False):
                        waiting.append(entry.path)
                    elif entry.is_file(follow_symlinks=False):
                        total += entry.stat(follow_symlinks=False).st_size
        except OSError:
            continue
    return total


def fetch(programs: Programs, conninfo: str, tablespaces: Sequence[str], bounds: Bounds) -> Finished:
    """A verbatim copy of the cluster is in `data` in the folder, with its tablespaces beside it.

    No replication slot stays behind: the one used is temporary and ends with the connection.
    """
    # A tablespace lies at an absolute path, where the standby itself may have it on this very machine.
    mapping = [
        f"--tablespace-mapping={_escape(old)}={_escape(str(bounds.folder / f'tablespace-{number}'))}"
        for number, old in enumerate(tablespaces)
    ]
    data = bounds.folder / "data"
    fixed = ["--wal-method=stream", "--checkpoint=fast", "--manifest-checksums=SHA256", "--no-password", "--no-sync"]
    command = [programs["pg_basebackup"], f"--pgdata={data}", *fixed, *mapping, f"--dbname={conninfo}"]
    finished = run(command, bounds)
    if finished.exit_code:
        raise _explain(finished, bounds.quota_bytes)
    _check_links(data, bounds.folder)
    return finished


def verify(programs: Programs, bounds: Bounds) -> None:
    """The copy is what its manifest says, and its log can be read from beginning to end; else RestoreFailed."""
    data = bounds.folder / "data"
    finished = run([programs["pg_verifybackup"], "--quiet", str(data)], bounds)
    if finished.exit_code:
        raise RestoreFailed(
            _("The backup is not whole: pg_verifybackup says “%(reason)s”. Set the standby up again.")
            % {"reason": last_line(finished.log_tail)},
            exit_code=finished.exit_code,
            log_tail=finished.log_tail,
        )


def make_harmless(data: Path) -> None:
    """Nothing in the copy makes it follow, reach or feed another server; what it is started with stands elsewhere."""
    for name in ("standby.signal", "recovery.signal"):
        (data / name).unlink(missing_ok=True)
    (data / "postgresql.auto.conf").write_text("")


def digest_manifest(data: Path, check: Callable[[], None] = do_nothing) -> str:
    """The SHA-256 over path, size and SHA-256 of every file that came, in order of path: it names these very bytes."""
    digest = hashlib.sha256()
    files = json.loads((data / MANIFEST).read_bytes())["Files"]
    lines = sorted(
        (str(file.get("Path") or file.get("Encoded-Path")), file["Size"], file["Checksum"]) for file in files
    )
    for path, size, checksum in lines:
        check()
        digest.update(f"{path}\0{size}\0{checksum}\n".encode("utf-8", "surrogatepass"))
    return digest.hexdigest()


def _escape(path: str) -> str:
    return path.replace("=", "\\=")


def _check_links(data: Path, folder: Path) -> None:
    """A tablespace made after the plan lies where nobody mapped it."""
    for link in (data / "pg_tblspc").iterdir():
        if not link.resolve().is_relative_to(folder.resolve()):
            raise RestoreInconclusive(
                _("A tablespace was added to the server while it was copied. Run the test again, and remove %(path)s.")
                % {"path": link.resolve()}
            )


def _explain(finished: Finished, quota: int | None) -> RestoreStopped:
    log = finished.log_tail
    kind: type[RestoreStopped] = RestoreInconclusive
    if quota is not None and "File too large" in log:
        message = too_large(quota)
    elif any(words in log for words in _SHORT_OF_ROOM):
        message = _("The scratch disk was full before the cluster was copied. Free space there.")
    # Words about a connection have “connection to server” before them; the others are about the server's files.
    elif "connection to server" not in log and any(words in log for words in _DAMAGE):
        kind = RestoreFailed
        message = _(
            "The standby could not be copied, for its files are damaged: “%(reason)s”. Set the standby up again."
        ) % {"reason": last_line(log)}
    else:
        message = explain_refusal(log, "standby")
    return kind(message, exit_code=finished.exit_code, log_tail=log)
