"""The only place a restore test writes to: a private folder for each run, gone afterwards."""

import os
import re
import shutil
import signal
import tempfile
import time
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from django.utils.translation import gettext

from lib.durations import format_bytes
from recovery.errors import RestoreInconclusive

# Kept free beyond what the restored file needs, for the configuration and for whoever else uses the disk.
MARGIN_BYTES = 16 * 1024 * 1024
_SEPARATOR = "--"
_RUN = re.compile(r"[A-Za-z0-9]+(?:-[A-Za-z0-9]+)*")


@contextmanager
def scratch_folder(root: Path, run: str) -> Iterator[Path]:
    """An empty folder, mode 0700, for the run named `run` (letters, digits, single hyphens); removed on leaving.

    `root` is made with mode 0700 if it is not there. A folder that cannot be removed is left to `remove_abandoned`.
    Raises RestoreInconclusive if the folder cannot be made.
    """
    if not _RUN.fullmatch(run):
        raise ValueError(f"{run!r} does not name a run.")
    try:
        root.mkdir(mode=0o700, parents=True, exist_ok=True)
        folder = Path(tempfile.mkdtemp(prefix=f"{run}{_SEPARATOR}", dir=root.absolute()))
    except OSError as error:
        raise RestoreInconclusive(
            gettext(
                "No scratch folder could be made in {root} ({reason}). Give the workers a writable folder "
                "with room in it."
            ).format(root=root, reason=error.strerror)
        ) from error
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def check_room(root: Path, needed_bytes: int, quota_bytes: int) -> None:
    """Return if a file of `needed_bytes` fits the quota and the disk of `root`, which exists.

    Otherwise raise RestoreInconclusive.
    """
    if needed_bytes > quota_bytes:
        raise RestoreInconclusive(
            gettext(
                "The restored database takes {needed}, and a restore test may write {allowed} here. Allow "
                "restore tests more space."
            ).format(needed=format_bytes(needed_bytes), allowed=format_bytes(quota_bytes))
        )
    free = shutil.disk_usage(root).free
    if free < needed_bytes + MARGIN_BYTES:
        raise RestoreInconclusive(
            gettext(
                "The restored database takes {needed}, and {root} has {free} left. Free space there, or "
                "move the scratch folder to a larger disk."
            ).format(needed=format_bytes(needed_bytes), root=root, free=format_bytes(free))
        )


def remove_forgotten(root: Path, prefix: str, *, seconds: float) -> None:
    """Remove the folders in `root` whose name begins with `prefix` and that were made longer ago than `seconds`.

    For what takes seconds and is known to nobody: a worker that was killed leaves it behind, with its secrets in it.
    """
    for folder in root.glob(f"{prefix}*"):
        with suppress(OSError):
            if time.time() - folder.stat().st_mtime > seconds:
                _remove(folder)


def remove_abandoned(root: Path, list_alive: Callable[[], Collection[str]]) -> list[str]:
    """Remove the folders of runs that `list_alive` does not name, and return the names of those runs, sorted.

    Processes that still work in one are ended.

    Only folders that `scratch_folder` made are touched. A run must be named before its folder is made.
    """
    # Folders first, then the runs: a run that starts in between has no folder here yet, and is left alone.
    found = [folder for folder in root.iterdir() if _SEPARATOR in folder.name] if root.is_dir() else []
    alive = list_alive()
    removed = set()
    for folder in found:
        run = folder.name.partition(_SEPARATOR)[0]
        if run not in alive and folder.is_dir() and not folder.is_symlink():
            _remove(folder)
            removed.add(run)
    return sorted(removed)


def _remove(folder: Path) -> None:
    # Tools end with the worker that started them, but not what they started themselves: pg_basebackup leaves a process
    # behind that goes on receiving the log.
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            # The kernel names the folder itself, not the link that a setting leads through.
            if (process / "cwd").readlink().is_relative_to(folder.resolve()):
                os.kill(int(process.name), signal.SIGKILL)
    shutil.rmtree(folder, ignore_errors=True)
