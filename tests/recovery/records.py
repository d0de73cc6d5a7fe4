"""An installation with records, and somebody who alters what lies in it."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from django.db import connection, transaction
from django.test import TestCase

from recovery.attestation.keys import known_keys
from recovery.models import RestoreTest, TestRecord
from recovery.services.records import write_record
from recovery.services.verification import verify_installation
from tests.factories import NOW, make_restore_test

LATER = NOW + timedelta(hours=1)
# Triggers and constraints but those that other tables lean on; taking them away is taken back with the transaction.
GUARDS = """
    SELECT tgrelid::regclass::text, 'DISABLE TRIGGER ' || quote_ident(tgname) FROM pg_trigger WHERE NOT tgisinternal
    UNION ALL
    SELECT conrelid::regclass::text, 'DROP CONSTRAINT ' || quote_ident(conname) FROM pg_constraint
    WHERE contype IN ('c', 'f') AND conrelid::regclass::text LIKE 'recovery%'
"""


def record_all(tests: list[RestoreTest], **facts: Any) -> list[TestRecord]:
    """Each test with its record and the record's file, as after the commit."""
    with TestCase.captureOnCommitCallbacks(execute=True):
        records = [write_record(test, now=NOW, **facts) for test in tests]
    assert all(records)
    return [record for record in records if record]


def make_records(count: int, replica: Any, **facts: Any) -> list[TestRecord]:
    return record_all([make_restore_test(replica, **facts) for _ in range(count)])


def findings() -> list[str]:
    """What a verification says some time later, in lines."""
    return [str(finding) for finding in verify_installation(known_keys(), now=LATER).findings]


@contextmanager
def tampering() -> Iterator[Any]:
    """`execute(sql, *parameters)` of somebody who took the triggers away; afterwards all is as it was."""
    is_sqlite = connection.vendor == "sqlite"
    with transaction.atomic(), connection.cursor() as cursor:
        drop_triggers_of_sqlite(cursor) if is_sqlite else drop_guards_of_postgresql(cursor)

        def execute(sql: str, *parameters: object) -> None:
            cursor.execute(sql, parameters)

        try:
            yield execute
        finally:
            if is_sqlite:
                cursor.execute("PRAGMA ignore_check_constraints = OFF")
            transaction.set_rollback(True)


def drop_triggers_of_sqlite(cursor: Any) -> None:
    cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
    for (name,) in cursor.fetchall():
        cursor.execute(f'DROP TRIGGER "{name}"')
    cursor.execute("PRAGMA ignore_check_constraints = ON")


def drop_guards_of_postgresql(cursor: Any) -> None:
    # It alters no table with checks that are yet to come.
    connection.check_constraints()
    cursor.execute(GUARDS)
    for table, guard in cursor.fetchall():
        cursor.execute(f"ALTER TABLE {table} {guard}")
