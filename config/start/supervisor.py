"""Runs the servers of the Procfile side by side, shows what they say, and stops all of them together."""

import os
import selectors
import signal
import subprocess
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from types import FrameType

from honcho.colour import get_colours
from honcho.printer import Message, Printer

from config.start.orphans import adopt_orphans, end_orphans, start_guard

STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
# What the others still need while they finish is stopped after them: the last write is replicated, too.
STOPPED_LAST = ("redis", "litestream")
# Work that a worker leaves behind is a row that a sweep finds, so a worker that was killed, as when memory runs out,
# is started anew and the pages stay up. One that keeps ending has a cause that a person must see.
RESTARTED = ("worker", "restores")
MOST_RESTARTS, RESTART_WINDOW = 3, 60.0
# Together below the ten seconds within which everything is gone.
FIRST_PATIENCE, LAST_PATIENCE = 5.0, 2.5
READ_SIZE = 65536


@dataclass
class Server:
    """One line of the Procfile, running in a session of its own."""

    name: str
    colour: str
    process: subprocess.Popen[bytes]
    last_line: bytes = field(default=b"")

    @property
    def is_running(self) -> bool:
        """Whether the process is still there; a zombie is not."""
        return self.process.poll() is None


class Supervisor:
    """Starts the commands, relays their output, restarts workers, and ends when told to or when another one ends."""

    def __init__(self, commands: Mapping[str, str], *, environment: Mapping[str, str], folder: str) -> None:
        self.commands, self.environment, self.folder = commands, environment, folder
        self.servers: list[Server] = []
        self.stop_requests = 0
        self._restarts: list[float] = []
        self.last_output_at = time.monotonic()
        self._selector = selectors.DefaultSelector()
        self._printer = Printer(width=max(map(len, commands)))

    def run(self, *, each_turn: Callable[["Supervisor"], None]) -> str | None:
        """None once everything was stopped on request; a sentence if one server ended by itself.

        `each_turn` is called a few times a second while all is well.
        """
        adopt_orphans()
        for number in STOP_SIGNALS:
            # A start under nohup means that the end of the terminal is not the end of Debrief.
            if number != signal.SIGHUP or signal.getsignal(number) is not signal.SIG_IGN:
                signal.signal(number, self._request_stop)
        try:
            self._start()
            return self._watch(each_turn)
        finally:
            self._stop()

    def _watch(self, each_turn: Callable[["Supervisor"], None]) -> str | None:
        while not self.stop_requests:
            guard = start_guard(server.process.pid for server in self.servers)
            try:
                ended = self._watch_all(each_turn)
            finally:
                guard.kill()
                guard.communicate()
            if ended and not self._may_restart(ended):
                return f"{self._obituary(ended)}, so everything else was stopped, too: its last lines say why."
            if ended:
                self._restart(ended)
        return None

    def _watch_all(self, each_turn: Callable[["Supervisor"], None]) -> Server | None:
        """The first server to end; None once a stop was asked for."""
        while not self.stop_requests:
            self._relay(0.2)
            ended = next((server for server in self.servers if not server.is_running), None)
            if ended:
                return ended
            each_turn(self)
        return None

    def _may_restart(self, server: Server) -> bool:
        earliest = time.monotonic() - RESTART_WINDOW
        self._restarts = [restart for restart in self._restarts if restart > earliest]
        return server.name in RESTARTED and len(self._restarts) < MOST_RESTARTS

    def _restart(self, server: Server) -> None:
        self._restarts.append(time.monotonic())
        self._print(server, f"{self._obituary(server)}; starting it again".encode())
        with suppress(ProcessLookupError):
            os.killpg(server.process.pid, signal.SIGKILL)
        self._relay(0)
        self.servers[self.servers.index(server)] = self._start_one(server.name, server.colour)

    def _request_stop(self, _number: int, _frame: FrameType | None) -> None:
        self.stop_requests += 1

    def _start(self) -> None:
        for name, colour in zip(self.commands, get_colours(), strict=False):
            self.servers.append(self._start_one(name, colour))

    def _start_one(self, name: str, colour: str) -> Server:
        process = subprocess.Popen(
            ["/bin/sh", "-c", self.commands[name]],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            cwd=self.folder,
            env=dict(self.environment),
            start_new_session=True,
        )
        server = Server(name, colour, process)
        if process.stdout:
            os.set_blocking(process.stdout.fileno(), False)
            self._selector.register(process.stdout, selectors.EVENT_READ, server)
        return server

    def _relay(self, patience: float) -> None:
        """Print the whole lines that arrive within so many seconds; the first ones end the wait."""
        if not self._selector.get_map():
            time.sleep(patience)
            return
        for key, _events in self._selector.select(patience):
            server: Server = key.data
            with suppress(BlockingIOError):
                read = os.read(key.fd, READ_SIZE)
                if not read:
                    self._selector.unregister(key.fileobj)
                *lines, server.last_line = (server.last_line + read).split(b"\n")
                for line in lines:
                    self._print(server, line)

    def _print(self, server: Server, line: bytes) -> None:
        self.last_output_at = time.monotonic()
        now = datetime.now(tz=UTC).astimezone()
        try:
            self._printer.write(Message("line", line, now, server.name, server.colour))
        except OSError:
            # Nobody reads any more: the terminal or the pipe is gone.
            self.stop_requests += 1

    def _obituary(self, server: Server) -> str:
        code = server.process.returncode
        how = f"was killed by {signal.Signals(-code).name}" if code < 0 else f"ended with exit code {code}"
        return f"{server.name} {how}"

    def _stop(self) -> None:
        last = [server for server in self.servers if server.name in STOPPED_LAST]
        first = [server for server in self.servers if server not in last]
        self._stop_together(first, FIRST_PATIENCE)
        self._stop_together(last, LAST_PATIENCE)
        end_orphans()
        self._relay(0)

    def _stop_together(self, servers: list[Server], patience: float) -> None:
        for server in servers:
            # Only the leader: each server ends its own children in order, Celery after their running tasks.
            server.process.terminate()
        kill_at = time.monotonic() + patience
        # Who asks a second time does not want to wait.
        while any(server.is_running for server in servers) and time.monotonic() < kill_at and self.stop_requests < 2:
            self._relay(0.05)
        for server in servers:
            with suppress(ProcessLookupError):
                os.killpg(server.process.pid, signal.SIGKILL)
            server.process.wait()
