"""Looks for processes the way an administrator would: by what stands in their command line."""

import os
import time
from pathlib import Path

PATIENCE_SECONDS = 60


def commands_about(folder: Path) -> list[str]:
    """The command lines of other processes that name `folder`; one that has ended and is not yet reaped has none."""
    found = []
    for process in Path("/proc").iterdir():
        if process.name.isdigit() and int(process.name) != os.getpid():
            try:
                command = (process / "cmdline").read_bytes().replace(b"\0", b" ").decode("utf-8", "replace")
            except OSError:
                continue
            if str(folder) in command:
                found.append(command)
    return found


def wait_for_commands(folder: Path, word: str, *, wanted: bool) -> bool:
    """Whether there is, or no longer is, a process with both in its command line, within a generous time."""
    end = time.monotonic() + PATIENCE_SECONDS
    while any(word in command for command in commands_about(folder)) != wanted:
        if time.monotonic() > end:
            return False
        time.sleep(0.02)
    return True
