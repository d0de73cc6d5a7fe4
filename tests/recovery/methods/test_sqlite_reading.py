import sqlite3
import threading
from pathlib import Path

import pytest

from recovery.errors import RestoreTimedOut
from recovery.methods.deadline import Deadline
from recovery.methods.sqlite_reading import Reading, open_restored, read_in_parallel
from tests.recovery.methods.sqlite_files import make_database

ENDLESS = "WITH RECURSIVE c (x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c) SELECT count(*) FROM c"


class HeartStoppedError(Exception):
    pass


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return make_database(tmp_path / "what? 100%#.db", "CREATE TABLE t (x); INSERT INTO t VALUES (1);")


def run_endlessly(reading: Reading) -> None:
    list(reading.rows(ENDLESS))


def test_an_endless_query_ends_at_the_deadline(path: Path) -> None:
    before = threading.active_count()
    with pytest.raises(RestoreTimedOut):
        read_in_parallel(path, [run_endlessly, run_endlessly], Deadline(0.3))
    assert threading.active_count() == before


def test_a_tick_that_raises_ends_the_reading(path: Path) -> None:
    def stop() -> None:
        raise HeartStoppedError

    with pytest.raises(HeartStoppedError):
        read_in_parallel(path, [run_endlessly], Deadline(60), stop)


def test_one_failing_job_ends_the_others(path: Path) -> None:
    def fail(reading: Reading) -> None:
        list(reading.rows("SELECT * FROM gone"))

    with pytest.raises(sqlite3.OperationalError, match="no such table"):
        read_in_parallel(path, [run_endlessly, fail], Deadline(60))


def test_a_restored_file_cannot_be_written(path: Path) -> None:
    with open_restored(path) as connection, pytest.raises(sqlite3.OperationalError, match="readonly"):
        connection.execute("DELETE FROM t")
