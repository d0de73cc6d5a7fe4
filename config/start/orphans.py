"""Processes whose parent ended before them."""

import ctypes
import os
import signal
import subprocess
import time
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

PR_SET_CHILD_SUBREAPER = 36
PATIENCE = 1.0
# Reading ends when the other end of the pipe is closed, in whatever way the process that holds it came to its end.
GUARD = """
read -r _
for group in "$@"; do kill -TERM "$group" 2>/dev/null; done
sleep 3
for group in "$@"; do kill -KILL "-$group" 2>/dev/null; done
"""


def adopt_orphans() -> None:
    """From now on a descendant that loses its parent becomes a child of this process, not of init.

    So a daemon that a task started in a session of its own, such as a PostgreSQL under test, can be found.
    """
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def start_guard(groups: Iterable[int]) -> "subprocess.Popen[bytes]":
    """A process that ends these process groups should this process be killed; kill it before an orderly end.

    Not left to the servers or to PR_SET_PDEATHSIG: Celery, told to stop while its Redis goes away, may hang for ever.
    """
    command = ["/bin/sh", "-c", GUARD, "guard", *map(str, groups)]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, start_new_session=True)


def end_orphans() -> None:
    """No child of this process is left; whoever is still there is killed, and so are its own children."""
    give_up_at = time.monotonic() + PATIENCE
    while (children := _children_of(os.getpid())) and time.monotonic() < give_up_at:
        for pid in children:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        for pid in children:
            with suppress(ChildProcessError):
                os.waitpid(pid, os.WNOHANG)
        time.sleep(0.01)


def _children_of(parent: int) -> list[int]:
    children = []
    for folder in Path("/proc").iterdir():
        if not folder.name.isdigit():
            continue
        with suppress(OSError):
            # "pid (name) state parent …"; the name may hold blanks and brackets.
            if int((folder / "stat").read_text().rpartition(")")[2].split()[1]) == parent:
                children.append(int(folder.name))
    return children
