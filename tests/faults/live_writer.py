"""A process that writes to a database the way applications do, with a ledger of what it committed."""

import sqlite3
import sys
import time
from collections.abc import Callable
from contextlib import closing, suppress

PAUSE = 0.04
SCHEMA = """
    PRAGMA journal_mode = WAL;
    CREATE TABLE IF NOT EXISTS ledger (number INTEGER PRIMARY KEY, total INTEGER NOT NULL);
    CREATE TABLE IF NOT EXISTS scratch (number INTEGER);
"""


def write(connection: sqlite3.Connection) -> None:
    """One transaction: the next number, with the sum of all up to it. Anything but a prefix of them shows."""
    connection.execute("BEGIN IMMEDIATE")
    connection.execute("INSERT INTO ledger SELECT count(*) + 1, coalesce(sum(number), 0) + count(*) + 1 FROM ledger")
    connection.execute("COMMIT")
    time.sleep(PAUSE)


def stay_open(path: str) -> None:
    with opened(path) as connection:
        for _ in range(20):
            write(connection)


def close_each_time(path: str) -> None:
    for _ in range(15):
        with opened(path) as connection:
            write(connection)


def checkpoint(path: str) -> None:
    with opened(path) as connection:
        for mode in ("PASSIVE", "FULL", "RESTART", "TRUNCATE"):
            for _ in range(4):
                write(connection)
            # Litestream reads all the time, and the last two would wait for it to end.
            connection.execute("PRAGMA busy_timeout = 100")
            with suppress(sqlite3.OperationalError):
                connection.execute(f"PRAGMA wal_checkpoint({mode})")
            connection.execute("PRAGMA busy_timeout = 20000")


def pause(path: str) -> None:
    with opened(path) as connection:
        write(connection)
        time.sleep(1)
        write(connection)
    time.sleep(1)


def tidy_up(path: str) -> None:
    with opened(path) as connection:
        connection.execute("INSERT INTO scratch SELECT number FROM ledger")
        connection.execute("DELETE FROM scratch")
        with suppress(sqlite3.OperationalError):
            connection.execute("VACUUM")


def opened(path: str) -> closing[sqlite3.Connection]:
    return closing(sqlite3.connect(path, isolation_level=None, timeout=20))


WAYS: tuple[Callable[[str], None], ...] = (stay_open, close_each_time, checkpoint, pause, tidy_up)


def main(path: str) -> None:
    """Write in one way after the other for ever."""
    with opened(path) as connection:
        connection.executescript(SCHEMA)
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    while True:
        for way in WAYS:
            way(path)


if __name__ == "__main__":
    main(sys.argv[1])
