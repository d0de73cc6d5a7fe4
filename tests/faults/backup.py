"""A real database, its real replica, and a whole restore test of it in one call."""

import hashlib
import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from recovery.methods.backup import Plan, Restored
from recovery.methods.deadline import Deadline, do_nothing
from recovery.methods.inspection import Inspection
from recovery.methods.litestream import FileReplica, replicate_once
from recovery.methods.litestream_replica import LitestreamReplica
from recovery.methods.process import Bounds
from recovery.methods.scratch import check_room, scratch_folder

QUOTA = 50_000_000


@dataclass
class Outcome:
    planned: Plan
    restored: Restored
    found: Inspection
    progress: list[int]


@dataclass
class Backup:
    """`source` is written to in batches, each replicated by the real tool; `scratch` is where restore tests work."""

    folder: Path
    replica: FileReplica = field(init=False)

    def __post_init__(self) -> None:
        self.source = self.folder / "live" / "source.db"
        self.scratch = self.folder / "scratch"
        self.replica = FileReplica(self.folder / "replica")

    def execute(self, sql: str) -> None:
        self.source.parent.mkdir(exist_ok=True)
        with closing(sqlite3.connect(self.source)) as connection:
            connection.executescript(f"PRAGMA journal_mode = WAL; {sql}")

    def write(self, count: int) -> None:
        """Add `count` users of about 1 kB each."""
        self.execute("CREATE TABLE IF NOT EXISTS users (id INTEGER PRIMARY KEY, name TEXT);")
        with closing(sqlite3.connect(self.source)) as connection:
            rows = [(os.urandom(500).hex(),) for _ in range(count)]
            connection.executemany("INSERT INTO users (name) VALUES (?)", rows)
            connection.commit()

    def replicate(self) -> None:
        work = self.folder / "work"
        work.mkdir(exist_ok=True)
        replicate_once(self.source, self.replica, Bounds(folder=work, deadline=Deadline(30)))

    def open(self) -> LitestreamReplica:
        """The replica, as a restore test sees it."""
        return LitestreamReplica(str(self.replica.path), source=self.source)

    def files(self) -> list[Path]:
        """The replica's files, oldest first."""
        return sorted(self.replica.path.glob("ltx/0/*.ltx"))

    def digest(self) -> dict[str, tuple[str, int, int]]:
        """Contents, mode and time of every file of the source and the replica."""
        paths = [path for root in (self.source.parent, self.replica.path) for path in root.rglob("*") if path.is_file()]
        return {
            str(path): (hashlib.sha256(path.read_bytes()).hexdigest(), path.stat().st_mode, path.stat().st_mtime_ns)
            for path in paths
        }

    def restore_test(
        self,
        *,
        at: datetime | None = None,
        seconds: float = 30,
        quota: int = QUOTA,
        checks_room: bool = True,
        on_tick: Callable[[], None] = do_nothing,
    ) -> Outcome:
        """One restore test from plan to inspection, in a scratch folder of its own."""
        progress: list[int] = []
        with scratch_folder(self.scratch, "test-1") as folder:
            bounds = Bounds(folder=folder, deadline=Deadline(seconds), quota_bytes=quota, on_tick=on_tick)
            replica = self.open()
            planned = replica.plan(bounds, at=at)
            if checks_room:
                check_room(self.scratch, planned.expected_bytes or 0, quota)
            restored = replica.restore(planned, bounds, on_progress=progress.append)
            found = replica.inspect(restored, bounds)
        return Outcome(planned, restored, found, progress)
