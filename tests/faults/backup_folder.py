"""A live database with a writer of its own process, and a folder of backups that real tools make of it."""

import os
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from recovery.methods.backup import Restored
from recovery.methods.backup_files import FilesInFolder
from recovery.methods.deadline import Deadline, do_nothing
from recovery.methods.inspection import Inspection
from recovery.methods.process import Bounds

QUOTA = 50_000_000
PACKERS = {"plain": [], "gzip": ["gzip", "-q"], "zstd": ["zstd", "-q", "--rm"]}
ENDINGS = {"plain": "", "gzip": ".gz", "zstd": ".zst"}
_WRITER = """
import os, sqlite3, sys, time
connection = sqlite3.connect(sys.argv[1], isolation_level=None, timeout=20)
connection.execute("PRAGMA journal_mode=" + sys.argv[2])
connection.execute("PRAGMA wal_autocheckpoint=" + sys.argv[3])
number = 0
while True:
    connection.execute("BEGIN IMMEDIATE")
    connection.execute("INSERT INTO users (name) VALUES (?)", (os.urandom(400).hex(),))
    for _ in range(20):
        connection.execute("UPDATE users SET name = ? WHERE id = abs(random()) % 2000", (os.urandom(400).hex(),))
    connection.execute("COMMIT")
    number += 1
    if number == 5:
        print("ready", flush=True)
    time.sleep(0.001)
"""


@dataclass
class Live:
    """`source` is the live database, `backups` the folder of its backups, `scratch` where restores work."""

    folder: Path
    source: Path = field(init=False)
    backups: Path = field(init=False)
    scratch: Path = field(init=False)

    def __post_init__(self) -> None:
        self.source = self.folder / "live" / "app.db"
        self.backups = self.folder / "backups"
        self.scratch = self.folder / "scratch"
        for folder in (self.source.parent, self.backups, self.scratch):
            folder.mkdir()
        self.execute(
            "PRAGMA journal_mode = WAL; PRAGMA application_id = 77;"
            "CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT); CREATE INDEX users_name ON users (name);"
        )

    def execute(self, sql: str) -> None:
        with closing(sqlite3.connect(self.source)) as connection:
            connection.executescript(sql)

    def write(self, count: int) -> None:
        with closing(sqlite3.connect(self.source)) as connection:
            connection.executemany(
                "INSERT INTO users (name) VALUES (?)", [(os.urandom(400).hex(),) for _ in range(count)]
            )
            connection.commit()

    @contextmanager
    def writer(self, *, journal: str = "WAL", autocheckpoint: int = 20) -> Iterator[None]:
        """While it lasts, another process writes as quickly as it can."""
        command = [sys.executable, "-c", _WRITER, str(self.source), journal, str(autocheckpoint)]
        with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
            assert process.stdout
            process.stdout.readline()
            try:
                yield
            finally:
                process.kill()

    def shell(self, command: str) -> None:
        """Run SQLite's own shell on the source."""
        subprocess.run(["sqlite3", str(self.source), ".timeout 20000", command], check=True, capture_output=True)

    def vacuum_into(self, name: str) -> Path:
        self.shell(f"VACUUM INTO '{self.backups / name}'")
        return age(self.backups / name)

    def restore(
        self, backup: FilesInFolder, *, quota: int = QUOTA, run: str = "run"
    ) -> tuple[Restored, Inspection, list[int]]:
        """One restore from plan to inspection, in a fresh folder."""
        folder = self.scratch / f"{run}-{time.monotonic_ns()}"
        folder.mkdir(mode=0o700)
        bounds = Bounds(folder=folder, deadline=Deadline(30), quota_bytes=quota, on_tick=do_nothing)
        progress: list[int] = []
        restored = backup.restore(backup.plan(bounds), bounds, on_progress=progress.append)
        found = backup.inspect(restored, bounds)
        assert [path.name for path in folder.iterdir()] == ["restored.db"]
        return restored, found, progress


def age(path: Path, seconds: float = 60) -> Path:
    """As if the file had been finished that long ago."""
    moment = time.time() - seconds
    os.utime(path, (moment, moment))
    return path


def is_sound(found: Inspection) -> bool:
    """What the judgement of a restore test asks of any database."""
    return bool(
        found.integrity.is_ok and not found.uncountable and found.is_expected_size is not False and found.row_counts
    )


def pack(path: Path, packing: str) -> Path:
    if PACKERS[packing]:
        subprocess.run([*PACKERS[packing], str(path)], check=True)
    return age(path.with_name(f"{path.name}{ENDINGS[packing]}"))
