"""Runs one external tool so that it can be stopped, cannot fill the disk and cannot outlive its worker."""

import os
import selectors
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from pathlib import Path

from django.utils.translation import gettext

from recovery.errors import RestoreInconclusive
from recovery.methods.capture import Capture, clean_log
from recovery.methods.deadline import Deadline, do_nothing

SEARCH_PATH = "/usr/local/bin:/usr/bin:/bin"
# Between TERM and KILL. A tool that only reads a backup has nothing to save, so it is short.
GRACE_SECONDS = 1.0
STDOUT_LIMIT = 32 * 1024 * 1024
STDERR_LIMIT = 64 * 1024
_PIECE = 64 * 1024


@dataclass(frozen=True, kw_only=True)
class Bounds:
    """Where a tool works and how far it may go.

    `folder` is private, absolute, and the tool's home and working folder. `quota_bytes` limits each file it writes
    (None: no limit). `on_tick` is called about every 0.25 s; what it raises ends the tool and is passed on.
    """

    folder: Path
    deadline: Deadline
    quota_bytes: int | None = None
    on_tick: Callable[[], None] = do_nothing


@dataclass(frozen=True)
class Finished:
    """A tool that has ended. `exit_code` is negative if a signal ended it; `log_tail` is cleaned, at most 4 KB."""

    exit_code: int
    stdout: bytes
    log_tail: str
    seconds: float


def run(command: Sequence[str], bounds: Bounds) -> Finished:
    """Run `command` (an absolute path and its arguments) to its end, whatever its exit code.

    When this returns or raises, no process of its group is left. Raises RestoreTimedOut at the deadline and
    RestoreInconclusive when the tool cannot be started.
    """
    bounds.deadline.check()
    started = time.monotonic()
    stdout, stderr = Capture(STDOUT_LIMIT), Capture(STDERR_LIMIT, keeps_tail=True)
    with ExitStack() as stack:
        process = _start(command, bounds)
        ending = _watch_ending(process)
        # First in, last out: the process is reaped before the descriptor that watches it is closed.
        stack.callback(os.close, ending)
        stack.callback(_end, process, ending)
        pipes = {
            stack.enter_context(pipe): kept
            for pipe, kept in ((process.stdout, stdout), (process.stderr, stderr))
            if pipe
        }
        _follow({pipe.fileno(): kept for pipe, kept in pipes.items()}, ending, bounds)
    return Finished(process.returncode, stdout.data, clean_log(stderr.data), time.monotonic() - started)


def _start(command: Sequence[str], bounds: Bounds) -> subprocess.Popen[bytes]:
    if not os.access(command[0], os.X_OK):
        raise RestoreInconclusive(
            gettext("The tool {tool} is not installed or may not be run. Install it and run the test again.").format(
                tool=command[0]
            )
        )
    try:
        return subprocess.Popen(
            [*_confinement(bounds.quota_bytes), *command],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            cwd=bounds.folder,
            env=_environment(bounds.folder),
            start_new_session=True,
            umask=0o077,
        )
    except OSError as error:
        raise RestoreInconclusive(
            gettext("The tool {tool} could not be started ({reason}). Run the test again.").format(
                tool=command[0], reason=error.strerror
            )
        ) from error


def _watch_ending(process: subprocess.Popen[bytes]) -> int:
    """A descriptor that becomes readable when the process has ended, before it is reaped."""
    try:
        return os.pidfd_open(process.pid)
    except OSError as error:
        _signal_group(process.pid, signal.SIGKILL)
        process.communicate()
        raise RestoreInconclusive(
            gettext(
                "The tool could not be watched ({reason}) and was stopped. Raise the workers' limit of open files."
            ).format(reason=error.strerror)
        ) from error


def _confinement(quota_bytes: int | None) -> list[str]:
    """The commands that start the tool: they replace themselves by it, so it keeps the process id and the group.

    The death signal is tied to the thread that starts the tool, which is the one that waits for it.
    """
    limit = "unlimited" if quota_bytes is None else str(quota_bytes)
    setpriv, prlimit = _find("setpriv"), _find("prlimit")
    return [setpriv, "--pdeathsig", "KILL", "--no-new-privs", prlimit, f"--fsize={limit}", "--core=0"]


def _find(name: str) -> str:
    found = shutil.which(name, path=SEARCH_PATH)
    if found is None:
        raise RestoreInconclusive(
            gettext("The command {name} is missing, and restores are not run without it. Install util-linux.").format(
                name=name
            )
        )
    return found


def _environment(folder: Path) -> dict[str, str]:
    """A list of what is allowed: an inherited variable such as AWS_CA_BUNDLE can change what a tool reads or trusts."""
    return {
        "PATH": SEARCH_PATH,
        "HOME": str(folder),
        "TMPDIR": str(folder),
        "LANG": "C.UTF-8",
        "AWS_EC2_METADATA_DISABLED": "true",
    }


def _follow(pipes: dict[int, Capture], ending: int, bounds: Bounds) -> None:
    """Read the pipes until the tool has ended; a process descriptor wakes the wait, so the end costs no delay."""
    next_tick = time.monotonic() + bounds.deadline.next_tick
    with selectors.DefaultSelector() as selector:
        selector.register(ending, selectors.EVENT_READ)
        for pipe in pipes:
            os.set_blocking(pipe, False)
            selector.register(pipe, selectors.EVENT_READ)
        while True:
            ready = [key.fd for key, _ in selector.select(max(0.0, next_tick - time.monotonic()))]
            for pipe in pipes.keys() & (pipes.keys() if ending in ready else ready):
                if _drain(pipe, pipes[pipe]) and pipe in selector.get_map():
                    selector.unregister(pipe)
            if ending in ready:
                return
            if time.monotonic() >= next_tick:
                bounds.deadline.check()
                bounds.on_tick()
                next_tick = time.monotonic() + bounds.deadline.next_tick


def _drain(pipe: int, kept: Capture) -> bool:
    """Move what is in the pipe now into `kept`; True at its end. A few pieces at most, so that ticks go on."""
    for _ in range(16):
        try:
            piece = os.read(pipe, _PIECE)
        except BlockingIOError:
            return False
        if not piece:
            return True
        kept.add(piece)
    return False


def _end(process: subprocess.Popen[bytes], ending: int) -> None:
    """End the whole group and reap its leader. Until it is reaped its id cannot be given to another process."""
    if not _has_ended(ending, 0):
        _signal_group(process.pid, signal.SIGTERM)
        _has_ended(ending, GRACE_SECONDS)
    _signal_group(process.pid, signal.SIGKILL)
    process.wait()


def _has_ended(ending: int, seconds: float) -> bool:
    with selectors.DefaultSelector() as selector:
        selector.register(ending, selectors.EVENT_READ)
        return bool(selector.select(seconds))


def _signal_group(group: int, number: signal.Signals) -> None:
    with suppress(ProcessLookupError):
        os.killpg(group, number)
