"""Runs the restored cluster on a private socket: nothing but this process reaches it, and it reaches nobody."""

import os
import re
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path

import psycopg
from django.utils.translation import gettext as _
from psycopg.conninfo import make_conninfo
from psycopg.pq import Conninfo

from recovery.errors import RestoreFailed, RestoreInconclusive, RestoreStopped
from recovery.methods.deadline import Deadline
from recovery.methods.postgresql_asking import last_line
from recovery.methods.postgresql_isolation import isolate
from recovery.methods.postgresql_programs import Programs
from recovery.methods.postgresql_settings import SOCKETS, write_settings
from recovery.methods.process import Bounds, Finished, run

_LOOK_SECONDS = 0.05
_LONGEST_SOCKET = 107
# How long a stop may take: one that writes everything, and one that just ends the server's processes.
_STOP_SECONDS = 60.0
_END_SECONDS = 6.0
# What the log says when the surroundings failed, and not the data.
_SURROUNDINGS = (
    *("No space left", "File too large", "Cannot allocate memory", "shared memory", "semaphores", "execution of"),
    *("could not access file", "could not load library", "incompatible with server", "not permitted", "socket"),
    "incompatible with operating system",
)
# What a server says that is still replaying the log.
_NOT_YET = ("starting up", "not yet accepting", "not accepting", "shutting down")
# A role or a database may have settings of its own; what a superuser's session asks for goes before them.
SUPERUSER_OPTIONS = (
    "-c session_preload_libraries= -c local_preload_libraries= -c row_security=off -c statement_timeout=0 "
    "-c lock_timeout=0 -c default_transaction_read_only=off -c default_transaction_isolation=read\\ committed"
)


@dataclass(frozen=True)
class Cluster:
    """A data folder with what is needed to start it. `superuser` is a role in it."""

    data: Path
    programs: Programs
    superuser: str

    @property
    def major(self) -> int:
        """The version that wrote it, such as 15."""
        return int((self.data / "PG_VERSION").read_text())


class _OverdueError(Exception):
    pass


class Server:
    """A running cluster. A thread waits for it, as the death signal that ends it with the worker demands."""

    def __init__(self, cluster: Cluster, command: list[str], bounds: Bounds, socket: int) -> None:
        self.cluster = cluster
        self.host = _reach(bounds.folder / SOCKETS, socket)
        self.finished: Finished | None = None
        self._problem: RestoreStopped | None = None
        self._ending: tuple[signal.Signals, float] | None = None
        self._is_told = False
        limits = replace(bounds, deadline=Deadline(bounds.deadline.remaining + _STOP_SECONDS), on_tick=self._tick)
        self._thread = threading.Thread(target=self._run, args=(command, limits), name="postgres")
        self._thread.start()

    def conninfo(self, user: str, database: str, options: str = SUPERUSER_OPTIONS) -> str:
        """For the tools and for psycopg: whatever the worker's environment says of other servers is overruled."""
        own = {"host": self.host, "user": user, "dbname": database, "sslmode": "disable", "gssencmode": "disable"}
        own |= {"options": options, "connect_timeout": "10", "client_encoding": "UTF8"}
        inherited = {
            option.keyword.decode(): (option.compiled or b"").decode()
            for option in Conninfo.get_defaults()
            if option.envvar and option.envvar.decode() in os.environ and option.keyword != b"service"
        }
        return make_conninfo("", **{**inherited, **own})

    def connect(self, user: str, database: str, options: str = SUPERUSER_OPTIONS) -> psycopg.Connection:
        """A session of its own, each statement its own transaction."""
        return psycopg.connect(self.conninfo(user, database, options), autocommit=True)

    def wait_until_ready(self, database: str, bounds: Bounds) -> None:
        """Recovery is over and the server takes connections. Raises RestoreFailed or RestoreInconclusive if not."""
        next_tick = 0.0
        while True:
            if not self._thread.is_alive():
                raise self._explain_end()
            try:
                with self.connect(self.cluster.superuser, database) as connection:
                    row = connection.execute("SELECT pg_is_in_recovery()").fetchone()
                    if row == (False,):
                        return
            except psycopg.OperationalError as error:
                self._judge_refusal(error)
            if time.monotonic() >= next_tick:
                bounds.deadline.check()
                bounds.on_tick()
                next_tick = time.monotonic() + bounds.deadline.next_tick
            time.sleep(_LOOK_SECONDS)

    def stop(self, bounds: Bounds) -> None:
        """The server has shut down cleanly. Raises RestoreInconclusive if it had ended before, or would not."""
        self._ask_to_end(signal.SIGINT, _STOP_SECONDS)
        while self._thread.is_alive():
            self._thread.join(bounds.deadline.next_tick)
            bounds.deadline.check()
            bounds.on_tick()
        if self.finished is None or self.finished.exit_code:
            raise self._explain_end()

    def end(self) -> None:
        """No process of the server is left; nothing if it has been stopped. Never raises."""
        self._ask_to_end(signal.SIGQUIT, _END_SECONDS)
        self._thread.join()
        _end_strays(self.cluster.data)

    def _run(self, command: list[str], bounds: Bounds) -> None:
        with suppress(_OverdueError):
            try:
                self.finished = run(command, bounds)
            except RestoreStopped as error:
                self._problem = error

    def _ask_to_end(self, number: signal.Signals, seconds: float) -> None:
        self._is_told = False
        self._ending = number, time.monotonic() + seconds

    def _tick(self) -> None:
        """On the thread that reaps the server, so its process id cannot be another's."""
        if self._ending is None:
            return
        number, end = self._ending
        if not self._is_told:
            self._is_told = True
            with suppress(OSError, ValueError, IndexError):
                os.kill(int((self.cluster.data / "postmaster.pid").read_text().splitlines()[0]), number)
                return
            raise _OverdueError
        if time.monotonic() > end:
            raise _OverdueError

    def _explain_end(self) -> RestoreStopped:
        if self._problem:
            return self._problem
        log = self.finished.log_tail if self.finished else ""
        code = self.finished.exit_code if self.finished else None
        serious = [line for line in log.splitlines() if re.search(r"FATAL|PANIC", line)]
        reason = serious[-1].strip()[:300] if serious else last_line(log)
        if not serious or any(words in log for words in _SURROUNDINGS):
            message = _(
                "The restored cluster could not be run here (%(reason)s). Put that right and run the test again."
            )
            return RestoreInconclusive(message % {"reason": reason}, exit_code=code, log_tail=log)
        message = _("The restored cluster does not start: “%(reason)s”. Set the standby up again.")
        return RestoreFailed(message % {"reason": reason}, exit_code=code, log_tail=log)

    def _judge_refusal(self, error: psycopg.OperationalError) -> None:
        """Return where the server may take the next connection; raise where no later one can succeed."""
        text = str(error)
        if "incompatible with operating system" in text:
            raise RestoreInconclusive(
                _("The database needs a locale that this machine has not (%(reason)s). Install it.")
                % {"reason": last_line(text)}
            )
        if "FATAL" in text and not any(words in text for words in _NOT_YET):
            raise RestoreFailed(
                _("The restored database cannot be opened: “%(reason)s”.") % {"reason": last_line(text)}
            )


@contextmanager
def running_server(cluster: Cluster, bounds: Bounds, *, wait_for: str) -> Iterator[Server]:
    """The cluster's server, ready for connections to the database `wait_for`; on leaving none of it runs on."""
    sockets = bounds.folder / SOCKETS
    sockets.mkdir(mode=0o700, exist_ok=True)
    config = write_settings(cluster.data, cluster.programs, bounds)
    command = [*isolate(bounds), cluster.programs["postgres"], "-D", str(cluster.data), "-c", f"config_file={config}"]
    descriptor = os.open(sockets, os.O_RDONLY | os.O_DIRECTORY)
    try:
        server = Server(cluster, command, bounds, descriptor)
        try:
            server.wait_until_ready(wait_for, bounds)
            yield server
        finally:
            server.end()
    finally:
        os.close(descriptor)


def _reach(folder: Path, descriptor: int) -> str:
    """The folder's path for libpq. One that is too long for a socket is reached through this process's descriptor.

    Not always, for the tools may not look into a worker that has changed its user without starting anew.
    """
    is_short = len(os.fsencode(folder)) + len("/.s.PGSQL.5432") <= _LONGEST_SOCKET
    return str(folder) if is_short else f"/proc/{os.getpid()}/fd/{descriptor}"


def _end_strays(data: Path) -> None:
    """A server's processes are sessions of their own. They outlive it only where it was ended by force, in `data`."""
    folder = str(data.resolve())
    for number in _processes_in(folder):
        with suppress(OSError):
            process = os.pidfd_open(number)
            try:
                # Looked at again through the descriptor's own process, for the number may be another's by now.
                if number in _processes_in(folder):
                    signal.pidfd_send_signal(process, signal.SIGKILL)
            finally:
                os.close(process)


def _processes_in(folder: str) -> list[int]:
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with suppress(OSError):
                if str((entry / "cwd").readlink()) == folder:
                    found.append(int(entry.name))
    return found
