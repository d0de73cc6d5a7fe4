"""Opens SQLite files without trusting or changing them, and reads them on several threads until a deadline."""

import sqlite3
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_EXCEPTION, Future, ThreadPoolExecutor, wait
from contextlib import AbstractContextManager, ExitStack, closing, contextmanager
from pathlib import Path
from typing import Any

from recovery.methods.deadline import Deadline, do_nothing

_INTERRUPT_SECONDS = 0.02
# Index and foreign key checks jump about in the file: a quarter quicker than with SQLite's 2 MB, and no more with 64.
_CACHE_KIB = 32_000


def open_restored(path: Path) -> AbstractContextManager[sqlite3.Connection]:
    """A connection to a file nobody writes to; neither the file nor its folder is changed."""
    return open_untrusted(path, "mode=ro&immutable=1")


@contextmanager
def open_untrusted(path: Path, mode: str, *, busy_seconds: float = 5.0) -> Iterator[sqlite3.Connection]:
    """A connection opened with the options of a SQLite URI in `mode`. It may be interrupted from another thread.

    Functions and virtual tables that the file's schema names are not run.
    """
    uri = f"{path.absolute().as_uri()}?{mode}"
    opened = sqlite3.connect(uri, uri=True, isolation_level=None, check_same_thread=False, timeout=busy_seconds)
    with closing(opened) as connection:
        # What a damaged or hostile file could use against its reader, as https://sqlite.org/security.html advises.
        connection.execute("PRAGMA trusted_schema=OFF")
        connection.execute("PRAGMA cell_size_check=ON")
        connection.execute("PRAGMA mmap_size=0")
        connection.execute(f"PRAGMA cache_size=-{_CACHE_KIB}")
        yield connection


class Reading:
    """One thread's way to read a SQLite file, which stops when the others are to stop."""

    def __init__(self, path: Path, connection: sqlite3.Connection, stop: threading.Event) -> None:
        self.path = path
        self.connection = connection
        self._stop = stop

    def check(self) -> None:
        """Return unless reading is to stop. The error is never seen: it ends a thread whose answer is not wanted."""
        if self._stop.is_set():
            raise InterruptedError

    def rows(self, sql: str, parameters: Sequence[str] = ()) -> Iterator[tuple[Any, ...]]:
        """The answer's rows, one by one; raises sqlite3.DatabaseError where the file cannot be read."""
        self.check()
        with closing(self.connection.execute(sql, parameters)) as cursor:
            for row in cursor:
                self.check()
                yield row


def read_in_parallel(
    path: Path,
    jobs: Sequence[Callable[[Reading], None]],
    deadline: Deadline,
    on_tick: Callable[[], None] = do_nothing,
    opened: Callable[[Path], AbstractContextManager[sqlite3.Connection]] = open_restored,
) -> None:
    """All jobs are done, each on its own thread and connection: SQLite and hashing leave Python's lock to the others.

    `opened` makes each connection. Raises what the first failing job raises, RestoreTimedOut at the deadline, or what
    `on_tick` raises, called about every 0.25 s. No thread runs on after it.
    """
    stop = threading.Event()
    with ExitStack() as stack:
        connections = [stack.enter_context(opened(path)) for _ in jobs]
        pool = stack.enter_context(ThreadPoolExecutor(len(jobs)))
        futures = [
            pool.submit(job, Reading(path, connection, stop)) for job, connection in zip(jobs, connections, strict=True)
        ]
        # Before the pool waits for its threads, they are told to end.
        stack.callback(_interrupt, futures, connections, stop)
        _follow(futures, deadline, on_tick)


def _follow(futures: Sequence[Future[None]], deadline: Deadline, on_tick: Callable[[], None]) -> None:
    while True:
        done, running = wait(futures, timeout=deadline.next_tick, return_when=FIRST_EXCEPTION)
        for future in done:
            future.result()
        if not running:
            return
        deadline.check()
        on_tick()


def _interrupt(
    futures: Sequence[Future[None]], connections: Sequence[sqlite3.Connection], stop: threading.Event
) -> None:
    """End what still runs. Again and again, for an interrupt between two statements stops neither."""
    stop.set()
    while wait(futures, timeout=_INTERRUPT_SECONDS).not_done:
        for connection in connections:
            connection.interrupt()
