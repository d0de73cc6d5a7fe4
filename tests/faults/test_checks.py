"""Checks that hold and then do not, on what a real restore brought back: each says so in a sentence."""

import os
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from recovery.models import Replica, RestoreTest
from recovery.services.heartbeats import set_heartbeat
from tests.factories import make_check
from tests.faults.backup import Backup
from tests.recovery.runs import age_of_source, reason_of, run

Status = RestoreTest.Status


def said(test: RestoreTest, name: str) -> tuple[str, str]:
    """What became of a check, and its sentence."""
    (check,) = [check for check in test.checks if check["name"] == name]
    return check["outcome"], check["message"]


def change(backup: Backup, sql: str) -> None:
    backup.execute(sql)
    backup.replicate()


def stamp(backup: Backup, at: datetime) -> None:
    """The only row of a table is this time, and is replicated."""
    backup.execute("CREATE TABLE IF NOT EXISTS stamps (at TEXT); DELETE FROM stamps;")
    with closing(sqlite3.connect(backup.source)) as connection, connection:
        connection.execute("INSERT INTO stamps VALUES (?)", (f"{at:%Y-%m-%d %H:%M:%S}",))
    backup.replicate()


@pytest.mark.parametrize(
    ("kind", "parameters", "damage", "sentence"),
    [
        (
            "sql_assertion",
            {"sql": "SELECT count(*) FROM users WHERE name = ''", "operator": "=", "expected": "0"},
            "UPDATE users SET name = '' WHERE id < 4;",
            "“SELECT count(*) FROM users WHERE name = ''” gives 3; expected was = 0.",
        ),
        (
            "minimum_rows",
            {"table": "users", "rows": 600},
            "DELETE FROM users WHERE id = 600;",
            "users has 599 rows; at least 600 are required.",
        ),
        (
            "required_tables",
            {"tables": ["users"]},
            "ALTER TABLE users RENAME TO people;",
            "Tables are missing: users.",
        ),
    ],
)
def test_what_a_person_expects(
    replica: Replica, backup: Backup, kind: str, parameters: dict[str, Any], damage: str, sentence: str
) -> None:
    make_check(replica.database, kind, parameters=parameters)
    test = run(replica)
    assert (test.status, said(test, kind)[0]) == (Status.PASSED, "passed")
    change(backup, damage)
    test = run(replica)
    assert test.status == Status.FAILED
    assert sentence in test.reasons


def test_the_newest_value(replica: Replica, backup: Backup) -> None:
    make_check(replica.database, "newest_value", parameters={"table": "stamps", "column": "at", "seconds": 3600})
    now = timezone.now()
    stamp(backup, now)
    assert run(replica).status == Status.PASSED
    stamp(backup, now - timedelta(hours=2))
    test = run(replica)
    assert test.status == Status.FAILED
    assert reason_of(test) == "The newest value of stamps.at is 2 h old; 1 h are allowed."
    change(backup, "DELETE FROM stamps;")
    assert "stamps.at has no value at all; one of the last 1 h is required." in run(replica).reasons


def test_a_query_that_would_write_is_inconclusive_and_changes_nothing(replica: Replica, backup: Backup) -> None:
    make_check(
        replica.database,
        "sql_assertion",
        parameters={"sql": "DELETE FROM users RETURNING 1", "operator": "=", "expected": "1"},
    )
    before = backup.digest()
    test = run(replica)
    assert (test.status, test.tables) == (Status.INCONCLUSIVE, {"users": 600})
    assert reason_of(test).startswith("“DELETE FROM users RETURNING 1” could not be answered:")
    assert backup.digest() == before


def test_the_same_content_as_a_quiet_source(replica: Replica, backup: Backup) -> None:
    make_check(replica.database, "source_content", parameters={"table": "users"})
    test = run(replica)
    assert said(test, "source_content") == ("passed", "users holds row for row what the source holds.")
    change_a_letter(backup)
    test = run(replica)
    assert test.status == Status.FAILED
    assert reason_of(test) == "users does not hold what the source holds."


def change_a_letter(backup: Backup) -> None:
    """One row of the source is another, though its time says that nobody wrote to it since it was replicated."""
    with closing(sqlite3.connect(f"file:{backup.source}?mode=ro", uri=True)) as connection:
        (name,) = connection.execute("SELECT name FROM users WHERE id = 300").fetchone()
    raw = backup.source.read_bytes()
    assert raw.count(name.encode()) == 1
    backup.source.write_bytes(raw.replace(name.encode(), name.encode().swapcase()))
    age_of_source(backup, after_newest=timedelta(0))


def test_the_same_content_under_a_writer_up_to_what_was_restored(replica: Replica, backup: Backup) -> None:
    make_check(replica.database, "source_content", parameters={"table": "users"})
    make_check(replica.database, "source_content", parameters={"table": "users", "column": "id"})
    backup.write(7)
    outcomes = [check for check in run(replica).checks if check["name"] == "source_content"]
    assert [outcome["outcome"] for outcome in outcomes] == ["skipped", "passed"]
    assert "has been written to since; so nothing can be said" in outcomes[0]["message"]
    # A row that the replica has too is another in the source now.
    backup.execute("UPDATE users SET name = 'changed' WHERE id = 5;")
    test = run(replica)
    assert test.status == Status.FAILED
    assert reason_of(test) == "users does not hold what the source holds."


def test_another_applications_database_in_the_folder(replica: Replica, backup: Backup) -> None:
    change(backup, "PRAGMA application_id = 1234;")
    assert run(replica).status == Status.PASSED
    change(backup, "PRAGMA application_id = 77;")
    test = run(replica)
    assert test.status == Status.FAILED
    assert "This may be another database: its application_id is 77 and should be 1234." in test.reasons


def test_a_changed_schema_with_the_source_in_sight(replica: Replica, backup: Backup) -> None:
    run(replica)
    change(backup, "ALTER TABLE users ADD COLUMN email TEXT;")
    test = run(replica)
    assert test.status == Status.PASSED
    assert said(test, "schema")[1] == "The schema has changed since the last passing test, as it has in the source."


def test_a_changed_schema_without_the_source(replica: Replica, backup: Backup) -> None:
    run(replica)
    change(backup, "ALTER TABLE users ADD COLUMN email TEXT;")
    backup.source.rename(backup.source.with_name("elsewhere.db"))
    test = run(replica)
    assert test.status == Status.PASSED
    assert said(test, "schema")[1].endswith("Check that the application was upgraded.")


def test_a_schema_that_is_neither_the_old_one_nor_the_sources(replica: Replica, backup: Backup) -> None:
    run(replica)
    change(backup, "ALTER TABLE users ADD COLUMN email TEXT;")
    # What is replicated is a schema in between, and the source's own time says it was never written to again.
    moment = datetime(2020, 1, 1, tzinfo=UTC)
    backup.execute("ALTER TABLE users ADD COLUMN phone TEXT;")
    for path in backup.source.parent.glob("source.db*"):
        os.utime(path, (moment.timestamp(),) * 2)
    test = run(replica)
    assert test.status == Status.FAILED
    assert reason_of(test) == "The schema is neither that of the last passing test nor that of the source."


def test_a_heartbeat_says_how_old_the_data_is(replica: Replica, backup: Backup) -> None:
    database = replica.database
    database.rpo_objective_seconds = 60
    database.save()
    now = timezone.now()
    stamp(backup, now)
    set_heartbeat(database, table="stamps", column="at")
    replica.database.refresh_from_db()
    fresh = run(replica)
    assert (fresh.status, fresh.is_rpo_met) == (Status.PASSED, True)
    stamp(backup, now - timedelta(minutes=5))
    test = run(replica)
    assert (test.status, test.is_rpo_met) == (Status.FAILED, False)
    assert test.rpo_seconds
    assert 300 <= test.rpo_seconds < 400
    assert "are missing; the RPO objective is 1 min. Check the replication." in reason_of(test)
    change(backup, "UPDATE stamps SET at = 'soon';")
    unknown = run(replica)
    assert (unknown.status, unknown.rpo_seconds) == (Status.INCONCLUSIVE, None)
    assert "The heartbeat’s newest value is no time, or there is none." in reason_of(unknown)
