"""How much longer a restore test takes than the three commands a careful person would type."""

import random
import sqlite3
import subprocess
import sysconfig
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

from recovery.methods.deadline import Deadline
from recovery.methods.litestream import FileReplica, plan, replicate_once, restore
from recovery.methods.process import Bounds
from recovery.methods.scratch import check_room, scratch_folder
from recovery.methods.sqlite_file import inspect

AIM = 1.1
ROUNDS = 5
SIZE_BYTES = 100 * 1024 * 1024
QUOTA_BYTES = 10 * SIZE_BYTES


def measure_restore(size_bytes: int = SIZE_BYTES, rounds: int = ROUNDS) -> list[dict[str, Any]]:
    """The ratio of the quickest rounds of each, and both in seconds.

    Other work on the machine only ever adds time, and most to what uses both cores; the quickest round has least of it.
    Rounds take turns, so that a noisy minute meets both.
    """
    with tempfile.TemporaryDirectory(prefix="restore-benchmark-") as name:
        folder = Path(name)
        replica = _make_replica(folder, size_bytes)
        tests, scripts = [], []
        # The first round warms the disk cache and is thrown away.
        for _ in range(rounds + 1):
            scripts.append(_time(lambda: _run_script(folder, replica)))
            tests.append(_time(lambda: _run_restore_test(folder, replica)))
    test, script = min(tests[1:]), min(scripts[1:])
    ratio = test / script
    return [
        _item("restore test of 100 MB", ratio, "ratio", AIM, "restore, integrity_check and count by shell script"),
        _item("restore test of 100 MB, duration", test, "s", None, ""),
        _item("shell script for 100 MB, duration", script, "s", None, ""),
    ]


def _item(name: str, value: float, unit: str, aim: float | None, ratio_to: str) -> dict[str, Any]:
    holds = aim is None or value <= aim
    return {"name": name, "value": round(value, 3), "unit": unit, "aim": aim, "ratio_to": ratio_to, "holds": holds}


def _time(action: Callable[[], None]) -> float:
    started = time.perf_counter()
    action()
    return time.perf_counter() - started


def _make_replica(folder: Path, size_bytes: int) -> FileReplica:
    """A replica of a database with two tables, an index and a foreign key, of `size_bytes` or a little more."""
    source = folder / "source.db"
    choose = random.Random(1)
    with closing(sqlite3.connect(source)) as connection:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("CREATE TABLE users (id INTEGER PRIMARY KEY, email TEXT NOT NULL, about TEXT)")
        connection.execute("CREATE TABLE orders (id INTEGER PRIMARY KEY, user_id INTEGER REFERENCES users, note TEXT)")
        connection.execute("CREATE INDEX users_email ON users (email)")
        users = 0
        while connection.execute("PRAGMA page_count").fetchone()[0] * 4096 < size_bytes:
            rows = [(f"{choose.getrandbits(60):x}@example.org", choose.randbytes(120).hex()) for _ in range(5000)]
            connection.executemany("INSERT INTO users (email, about) VALUES (?, ?)", rows)
            users += len(rows)
            orders = [(choose.randint(1, users), choose.randbytes(40).hex()) for _ in range(5000)]
            connection.executemany("INSERT INTO orders (user_id, note) VALUES (?, ?)", orders)
            connection.commit()
    replica = FileReplica(folder / "replica")
    replicate_once(source, replica, Bounds(folder=folder, deadline=Deadline(120)))
    return replica


def _run_restore_test(folder: Path, replica: FileReplica) -> None:
    root = folder / "scratch"
    with scratch_folder(root, "benchmark") as scratch:
        bounds = Bounds(folder=scratch, deadline=Deadline(120), quota_bytes=QUOTA_BYTES)
        planned = plan(replica, bounds)
        check_room(root, planned.expected_bytes or 0, QUOTA_BYTES)
        restored = restore(replica, planned, bounds)
        found = inspect(restored.path, expected_bytes=restored.expected_bytes, deadline=bounds.deadline)
        if not (found.integrity.is_ok and found.is_expected_size and found.row_counts["users"]):
            raise AssertionError(found)


def _run_script(folder: Path, replica: FileReplica) -> None:
    tool = Path(sysconfig.get_path("scripts")) / "litestream"
    script = """
        set -e
        "$1" restore -o "$3" "file://$2" 2>/dev/null
        sqlite3 "$3" "PRAGMA integrity_check"
        sqlite3 "$3" "select count(*) from users"
        rm -f "$3" "$3-wal" "$3-shm"
    """
    output = folder / "by-hand.db"
    command = ["/bin/sh", "-c", script, "sh", str(tool), str(replica.path), str(output)]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)


if __name__ == "__main__":
    for item in measure_restore():
        print(item)  # noqa: T201 (a script)
