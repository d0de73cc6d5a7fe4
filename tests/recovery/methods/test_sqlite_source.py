import hashlib
import os
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

import pytest

from recovery.errors import RestoreTimedOut
from recovery.methods.deadline import Deadline
from recovery.methods.inspection import Answer, Question
from recovery.methods.sqlite_file import inspect
from recovery.methods.sqlite_source import SourceContent, read_content, read_last_write
from tests.recovery.methods.sqlite_files import make_database

ENDLESS = "WITH RECURSIVE c (x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c) SELECT count(*) FROM c"
USERS = "CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT); INSERT INTO users (name) VALUES ('a'), ('b'), ('c');"
WAL = "PRAGMA journal_mode = WAL;"
QUESTIONS = (Question("hash", "content", table="users"), Question("count", "scalar", sql="SELECT count(*) FROM users"))
_HOLDER = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
connection.execute("PRAGMA wal_autocheckpoint = 0")
for statement in sys.argv[2:]:
    connection.execute(statement).fetchall()
print("ready", flush=True)
sys.stdin.read()
"""


@contextmanager
def held(path: Path, *statements: str) -> Iterator[subprocess.Popen[bytes]]:
    """While it lasts, another process has the database open, having run `statements`."""
    command = [sys.executable, "-c", _HOLDER, str(path), *statements]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout
        assert process.stdout.readline() == b"ready\n"
        try:
            yield process
        finally:
            process.kill()


def state(path: Path) -> dict[str, tuple[str, int, int]]:
    """Content, time and number of everything in the folder of the source, the log's index too."""
    return {
        entry.name: (hashlib.sha256(entry.read_bytes()).hexdigest(), entry.stat().st_mtime_ns, entry.stat().st_ino)
        for entry in path.parent.iterdir()
    }


def read(path: Path, *questions: Question, seconds: float = 30) -> SourceContent:
    """The content of the source, of which no byte has changed."""
    before, folder_time = state(path), path.parent.stat().st_mtime_ns
    found = read_content(path, deadline=Deadline(30), questions=questions or QUESTIONS, seconds=seconds)
    assert state(path) == before
    assert path.parent.stat().st_mtime_ns == folder_time
    return found


@pytest.mark.parametrize("mode", ["", WAL])
def test_a_source_that_nobody_has_open_is_read(tmp_path: Path, mode: str) -> None:
    path = make_database(tmp_path / "a b?#%.db", mode, "PRAGMA application_id = 5;", USERS)
    found = read(path)
    restored = inspect(path, expected_bytes=None, deadline=Deadline(30), questions=QUESTIONS)
    assert found.problem == ""
    assert found.answers == restored.answers
    assert (found.row_counts, found.identity, found.schema) == (
        restored.row_counts,
        {"application_id": "5"},
        restored.schema,
    )


def test_what_is_only_in_the_log_of_a_live_process_is_read(tmp_path: Path) -> None:
    path = make_database(tmp_path / "a.db", WAL, USERS)
    with held(path, "INSERT INTO users (name) VALUES ('d')", "BEGIN", "INSERT INTO users (name) VALUES ('not yet')"):
        found = read(path)
    assert found.answers["count"] == Answer(4)
    assert found.row_counts == {"users": 4}


def test_the_log_of_a_process_that_died_is_read(tmp_path: Path) -> None:
    path = make_database(tmp_path / "a.db", WAL, USERS)
    with held(path, "INSERT INTO users (name) VALUES ('d')") as process:
        process.kill()
        process.wait()
        assert read(path).answers["count"] == Answer(4)


def test_a_log_without_its_index_is_left_alone(tmp_path: Path) -> None:
    path = make_database(tmp_path / "a.db", WAL, USERS)
    with held(path, "INSERT INTO users (name) VALUES ('d')") as process:
        process.kill()
        process.wait()
        (tmp_path / "a.db-shm").unlink()
        found = read(path)
    assert "without its index" in found.problem
    assert found.answers["count"] == Answer(problem=found.problem)


def test_a_transaction_under_way_without_wal_is_waited_for_and_told(tmp_path: Path) -> None:
    path = make_database(tmp_path / "a.db", USERS)
    with closing(sqlite3.connect(path)) as connection:
        connection.executemany("INSERT INTO users (name) VALUES (?)", [("x" * 1000,)] * 2000)
        connection.commit()
    with held(path, "PRAGMA cache_size = 1", "BEGIN EXCLUSIVE", "UPDATE users SET name = name || 1"):
        assert (tmp_path / "a.db-journal").stat().st_size
        assert "middle of a transaction" in read(path).problem


def test_a_journal_that_is_kept_for_reuse_is_no_transaction(tmp_path: Path) -> None:
    path = make_database(tmp_path / "a.db", "PRAGMA journal_mode = PERSIST;", USERS)
    assert (tmp_path / "a.db-journal").stat().st_size
    assert read(path).answers["count"] == Answer(3)


def test_a_source_that_changes_while_it_is_read_is_told(tmp_path: Path) -> None:
    path = make_database(tmp_path / "a.db", USERS)
    writes = 0

    def write() -> None:
        nonlocal writes
        writes += 1
        make_database(path, "INSERT INTO users (name) VALUES ('more');")

    slow = Question("slow", "scalar", sql=ENDLESS, seconds=0.6)
    found = read_content(path, deadline=Deadline(30), on_tick=write, questions=[slow])
    assert writes
    assert "written to while it was read" in found.problem
    assert found.row_counts == {}


def test_a_slow_source_is_told_and_the_deadline_is_kept(tmp_path: Path) -> None:
    path = make_database(tmp_path / "a.db", USERS)
    endless = Question("endless", "scalar", sql=ENDLESS, seconds=60)
    assert "No time was left" in read(path, endless, seconds=1.0).answers["endless"].problem
    started = time.monotonic()
    with suppress(RestoreTimedOut):
        read_content(path, deadline=Deadline(0.01), questions=[endless])
    assert time.monotonic() - started < 15


def test_what_is_no_database_is_told(tmp_path: Path) -> None:
    (tmp_path / "text").write_text("hello" * 500)
    (tmp_path / "empty").touch()
    os.mkfifo(tmp_path / "pipe")
    said = {name: read_content(tmp_path / name, deadline=Deadline(20)).problem for name in ("text", "empty", "pipe")}
    assert "not a database" in said["text"]
    assert "no file with a database" in said["empty"]
    assert "no file with a database" in said["pipe"]
    assert "No such file" in read_content(tmp_path / "gone", deadline=Deadline(20)).problem
    assert sorted(entry.name for entry in tmp_path.iterdir()) == ["empty", "pipe", "text"]


def test_reading_a_database_that_this_process_has_open_keeps_its_locks(tmp_path: Path) -> None:
    path = make_database(tmp_path / "a.db", WAL, USERS)
    with closing(sqlite3.connect(path, isolation_level=None)) as own:
        own.execute("INSERT INTO users (name) VALUES ('d')")
        read_content(path, deadline=Deadline(20), questions=QUESTIONS)
        # Were the locks gone, the other process would take itself for the last and remove the log.
        closer = "import sqlite3, sys; c = sqlite3.connect(sys.argv[1]); c.execute('SELECT * FROM users'); c.close()"
        subprocess.run([sys.executable, "-c", closer, str(path)], check=True)
        assert (tmp_path / "a.db-wal").exists()
        assert own.execute("SELECT count(*) FROM users").fetchone() == (4,)


def test_the_last_write_is_that_of_the_log_where_it_is_newer(tmp_path: Path) -> None:
    path = make_database(tmp_path / "a.db", USERS)
    os.utime(path, (1_000_000, 1_000_000))
    log = tmp_path / "a.db-wal"
    log.touch()
    moment = read_last_write(path).last_write
    assert moment
    assert moment.timestamp() == 1_000_000
    log.write_bytes(b"x")
    os.utime(log, (2_000_000, 2_000_000))
    moment = read_last_write(path).last_write
    assert moment
    assert moment.timestamp() == 2_000_000
    assert "No such file" in read_last_write(tmp_path / "gone").reason
