"""A real primary and its standby, which a restore test copies, and ways to damage them."""

import hashlib
import os
import shutil
import socket
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg

from recovery.methods.backup import Lag, Secrets
from recovery.methods.deadline import Deadline, do_nothing
from recovery.methods.inspection import Inspection, Question
from recovery.methods.postgresql import RestoredCluster, Standby, StandbyPlan
from recovery.methods.process import Bounds
from recovery.methods.scratch import scratch_folder
from tests.faults.processes import commands_about

BINARIES = max(
    Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name), default=Path("/missing")
)
# PostgreSQL refuses to run as root; anybody else will do.
NOBODY = 65534
AS_SOMEBODY = ["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups", "--"] if os.geteuid() == 0 else []
PASSWORD = "a:secret\\pass word"
PATIENCE_SECONDS = 30
ROWS = 3000
ALL_ROWS = {"users": ROWS, "empty": 0, "events": 2, "heartbeat": 1, 'sales.or"der ไทย': 2}
SCHEMA = """
    CREATE ROLE debrief LOGIN REPLICATION PASSWORD :password;
    GRANT pg_monitor TO debrief;
    CREATE TABLE users (id int PRIMARY KEY, name text NOT NULL, seen_at timestamptz);
    CREATE INDEX users_name ON users (name);
    INSERT INTO users SELECT n, 'user ' || n, timestamptz '2024-03-10 12:00+00' + n * interval '1 second'
        FROM generate_series(1, :rows) n;
    CREATE TABLE empty (id int);
    CREATE SCHEMA sales;
    CREATE TABLE sales."or""der ไทย" (id int PRIMARY KEY, user_id int REFERENCES users);
    INSERT INTO sales."or""der ไทย" VALUES (1, 1), (2, NULL);
    CREATE TABLE events (at date NOT NULL) PARTITION BY RANGE (at);
    CREATE TABLE events_2024 PARTITION OF events FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
    INSERT INTO events VALUES ('2024-02-03'), ('2024-02-04');
    CREATE UNLOGGED TABLE cache (id int);
    CREATE TABLE heartbeat (at timestamptz);
    INSERT INTO heartbeat VALUES (now());
    GRANT SELECT ON heartbeat TO debrief;
"""


@dataclass
class Outcome:
    planned: StandbyPlan
    restored: RestoredCluster
    found: Inspection
    progress: list[int]


@dataclass
class Machine:
    """One server of the tests. Its files belong to the account that runs it."""

    folder: Path
    port: int

    @property
    def data(self) -> Path:
        return self.folder / "data"

    @property
    def dsn(self) -> str:
        return f"host=127.0.0.1 port={self.port} user=debrief dbname=postgres"

    def run(self, tool: str, *arguments: str, password: str = "") -> None:
        # A server that pg_ctl started keeps what it is given as stdout, so it is given a file.
        log = self.folder / "log"
        environment = {"PATH": os.defpath, **({"PGPASSWORD": password} if password else {})}
        command = [*AS_SOMEBODY, str(BINARIES / tool), *arguments]
        with log.open("ab") as output:
            done = subprocess.run(command, cwd=self.folder, stdout=output, stderr=output, check=False, env=environment)
        assert done.returncode == 0, log.read_text()

    def start(self) -> None:
        options = f"-c listen_addresses=127.0.0.1 -p {self.port} -c unix_socket_directories='' -c fsync=off"
        options += " -c shared_buffers=16MB -c wal_receiver_status_interval=1s -c wal_retrieve_retry_interval=200ms"
        self.run("pg_ctl", "-D", str(self.data), "start", "--wait", "--options", options)

    def stop(self, mode: str = "fast") -> None:
        self.run("pg_ctl", "-D", str(self.data), "stop", "--wait", f"--mode={mode}")

    def execute(self, *statements: str) -> list[tuple[Any, ...]]:
        # Whatever a test has set for the role.
        options = r"-c session_preload_libraries= -c default_transaction_isolation=read\ committed"
        where = f"host=127.0.0.1 port={self.port} user=boss dbname=postgres"
        with psycopg.connect(where, options=options, autocommit=True) as connection:
            for statement in statements:
                cursor = connection.execute(statement)
            return cursor.fetchall() if cursor.description else []

    def path_of(self, relation: str) -> Path:
        return self.data / str(self.execute(f"SELECT pg_relation_filepath('{relation}')")[0][0])

    def replayed(self) -> str:
        return str(self.execute("SELECT pg_last_wal_replay_lsn()")[0][0])

    def digest(self) -> dict[str, str]:
        """The contents of the files that hold data, none of which a copy may change.

        Not of the cache that a server writes for itself when somebody connects.
        """
        paths = [path for path in self.data.glob("base/**/*") if path.is_file() and path.name != "pg_internal.init"]
        return {str(path): hashlib.sha256(path.read_bytes()).hexdigest() for path in paths}

    def set_up_still(self) -> None:
        """It runs as a standby that nobody feeds, so that what is in its files stays as it is."""
        (self.data / "standby.signal").touch()
        if AS_SOMEBODY:
            os.chown(self.data / "standby.signal", NOBODY, NOBODY)
        self.start()

    def is_running(self) -> bool:
        return (self.data / "postmaster.pid").exists()

    def copy(self, folder: Path) -> "Machine":
        """Another machine with the same files; this one must not be running."""
        folder.mkdir(mode=0o755, parents=True)
        shutil.copytree(self.data, folder / "data", symlinks=True)
        if AS_SOMEBODY:
            for path in (folder, *folder.rglob("*")):
                os.chown(path, NOBODY, NOBODY, follow_symlinks=False)
        return Machine(folder, free_port())


@dataclass
class Pair:
    primary: Machine
    standby: Machine
    scratch: Path

    def backup(self, **changes: Any) -> Standby:
        secrets = Secrets({"standby_password": PASSWORD, "primary_password": PASSWORD})
        return Standby(
            **{"standby_dsn": self.standby.dsn, "primary_dsn": self.primary.dsn, "secrets": secrets, **changes}
        )

    def catch_up(self) -> None:
        position = self.primary.execute("SELECT pg_current_wal_lsn()")[0][0]
        wait_until(lambda: self.standby.execute(f"SELECT pg_last_wal_replay_lsn() >= '{position}'") == [(True,)])

    def restore_test(
        self,
        backup: Standby | None = None,
        *,
        seconds: float = 120,
        quota: int | None = 2_000_000_000,
        on_tick: Callable[[], None] = do_nothing,
        questions: tuple[Question, ...] = (),
    ) -> Outcome:
        """One restore test from plan to inspection, in a scratch folder of its own."""
        backup = backup or self.backup()
        progress: list[int] = []
        with scratch_folder(self.scratch, "test-1") as folder:
            bounds = Bounds(folder=folder, deadline=Deadline(seconds), quota_bytes=quota, on_tick=on_tick)
            planned = backup.plan(bounds)
            restored = backup.restore(planned, bounds, on_progress=progress.append)
            found = backup.inspect(restored, bounds, questions=questions)
        return Outcome(planned, restored, found, progress)


def make_pair(folder: Path, *, checksums: bool) -> Pair:
    """A running primary and its running standby."""
    primary, standby = make_primary(folder / "primary", checksums=checksums), Machine(folder / "standby", free_port())
    make_folder(standby.folder)
    follow = ["-D", str(standby.data), "-R", "-C", "-S", "standby", "-c", "fast", "--no-sync"]
    standby.run("pg_basebackup", *follow, "-d", f"{primary.dsn} application_name=standby", password=PASSWORD)
    standby.start()
    pair = Pair(primary, standby, folder / "scratch")
    pair.scratch.mkdir(mode=0o700)
    wait_until(lambda: primary.execute("SELECT state FROM pg_stat_replication") == [("streaming",)])
    return pair


def make_primary(folder: Path, *, checksums: bool) -> Machine:
    machine = Machine(folder, free_port())
    make_folder(folder)
    options = ["--username=boss", "--auth=trust", "--encoding=UTF8", "--no-sync", "--locale=C.UTF-8"]
    machine.run("initdb", "-D", str(machine.data), *options, *(["--data-checksums"] if checksums else []))
    hba = "host all boss 127.0.0.1/32 trust\nhost all,replication debrief 127.0.0.1/32 scram-sha-256\n"
    (machine.data / "pg_hba.conf").write_text(hba)
    with (machine.data / "postgresql.conf").open("a") as config:
        # What a copy must not take over when it is started somewhere else.
        config.write("archive_mode = on\narchive_command = 'touch archived; true'\n")
    machine.start()
    machine.execute(SCHEMA.replace(":password", f"'{PASSWORD}'").replace(":rows", str(ROWS)))
    machine.execute("VACUUM (FREEZE, ANALYZE) users", "CHECKPOINT")
    return machine


def make_folder(folder: Path) -> None:
    folder.mkdir(mode=0o755, parents=True)
    if AS_SOMEBODY:
        os.chown(folder, NOBODY, NOBODY)


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def wait_until(holds: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE_SECONDS
    while not holds():
        assert time.monotonic() < end, "It did not come about in time."
        time.sleep(0.05)


def processes_in(folder: Path, name: str = "cmdline") -> list[str]:
    """The command lines (or another of their files) of processes that work under `folder`."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                place, text = (entry / "cwd").readlink(), (entry / name).read_bytes()
            except OSError:
                continue
            if text and place.is_relative_to(folder):
                found.append(text.replace(b"\0", b" ").decode("utf-8", "replace"))
    return found


def bounds(pair: Pair, seconds: float = 30) -> Bounds:
    return Bounds(folder=pair.scratch, deadline=Deadline(seconds))


def lag_of(pair: Pair, **changes: object) -> Lag:
    try:
        return pair.backup(**changes).lag(bounds(pair))
    finally:
        (pair.scratch / "pgpass-standby").unlink()
        (pair.scratch / "pgpass-primary").unlink(missing_ok=True)


def check_nothing_left(pair: Pair) -> None:
    assert list(pair.scratch.iterdir()) == []
    assert processes_in(pair.scratch) == []
    assert commands_about(pair.scratch) == []
    wait_until(lambda: pair.standby.execute("SELECT slot_name FROM pg_replication_slots WHERE temporary") == [])
    wait_until(lambda: pair.standby.execute("SELECT pid FROM pg_stat_replication") == [])
