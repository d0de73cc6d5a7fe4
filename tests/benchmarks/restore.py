"""How much longer a restore test takes than the three commands a careful person would type."""

import random
import sqlite3
import statistics
import subprocess
import sysconfig
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

from django.utils import timezone

from recovery.methods.deadline import Deadline
from recovery.methods.litestream import FileReplica, replicate_once
from recovery.methods.process import Bounds
from recovery.models import Database, Replica, RestoreTest
from recovery.services.restore_runs import run_restore_test
from recovery.services.restore_tests import create_restore_test
from tests.benchmarks.figures import figure

MEGABYTE = 1024 * 1024
LARGEST_GROWTH = 100


def measure_restores() -> list[dict[str, Any]]:
    """A small database, and one large enough that starting tools and writing rows no longer counts."""
    small = measure_restore("100 MB", 100 * MEGABYTE, rounds=7, aim=1.1)
    return [*small, *measure_restore("1 GB", 1024 * MEGABYTE, rounds=3, aim=1.0)]


def measure_restore(label: str, size_bytes: int, *, rounds: int, aim: float) -> list[dict[str, Any]]:
    """The median ratio of a restore test to a script beside it, the median of both in seconds, and memory.

    Django is set up and its database migrated. The test goes through the runner, with its row, heartbeats and result.
    The two of a round follow each other, and which is first changes from round to round, so that a noisy minute meets
    both alike.
    """
    with tempfile.TemporaryDirectory(prefix="restore-benchmark-") as name:
        folder = Path(name)
        replica = _make_replica(folder, size_bytes)
        scripts: list[float] = []
        tests: list[float] = []
        growths: list[float] = []
        # The first round warms the disk cache and is thrown away.
        for number in range(rounds + 1):
            turns = [
                lambda: scripts.append(_time(lambda: _run_script(folder, Path(replica.destination)))),
                lambda: growths.append(_measure_growth(lambda: tests.append(_time_restore_test(replica)))),
            ]
            for turn in turns if number % 2 else reversed(turns):
                turn()
    ratio = statistics.median(test / script for test, script in zip(tests[1:], scripts[1:], strict=True))
    by_script = "restore, integrity_check and count by shell script"
    return [
        figure(f"restore test of {label}", ratio, "ratio", at_most=aim, ratio_to=by_script),
        figure(f"restore test of {label}, duration", statistics.median(tests[1:]), "s"),
        figure(f"shell script for {label}, duration", statistics.median(scripts[1:]), "s"),
        figure(f"restore test of {label}, worker's memory", max(growths), "MB", at_most=LARGEST_GROWTH),
    ]


def _measure_growth(action: Callable[[], object]) -> float:
    """By how many megabytes the memory of this process rose above where it was, at its highest."""
    # Resets the peak: see proc(5), /proc/PID/clear_refs.
    Path("/proc/self/clear_refs").write_text("5")
    before = _read_memory("VmRSS")
    action()
    return (_read_memory("VmHWM") - before) / 1024


def _read_memory(name: str) -> int:
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(f"{name}:"))


def _time(action: Callable[[], object]) -> float:
    started = time.perf_counter()
    action()
    return time.perf_counter() - started


def _make_replica(folder: Path, size_bytes: int) -> Replica:
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
    destination = folder / "replica"
    replicate_once(source, FileReplica(destination), Bounds(folder=folder, deadline=Deadline(600)))
    database = Database.objects.create(name=f"benchmark-{size_bytes}", path=str(source))
    return Replica.objects.create(database=database, name="local", destination=str(destination))


def _time_restore_test(replica: Replica) -> float:
    waiting = create_restore_test(replica, actor=None, now=timezone.now())
    seconds = _time(lambda: run_restore_test(waiting.number, now=timezone.now()))
    test = RestoreTest.objects.get(pk=waiting.pk)
    if test.status != RestoreTest.Status.PASSED:
        raise AssertionError(test.reasons)
    return seconds


def _run_script(folder: Path, replica: Path) -> None:
    tool = Path(sysconfig.get_path("scripts")) / "litestream"
    script = """
        set -e
        "$1" restore -o "$3" "file://$2" 2>/dev/null
        sqlite3 "$3" "PRAGMA integrity_check"
        sqlite3 "$3" "select count(*) from users"
        rm -f "$3" "$3-wal" "$3-shm"
    """
    output = folder / "by-hand.db"
    command = ["/bin/sh", "-c", script, "sh", str(tool), str(replica), str(output)]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
