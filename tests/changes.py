"""Reading recorded changes; and being rid of what is final, for which its triggers have to be taken away."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, models

from accounts.queries.change_words import RecordedChange, describe
from accounts.queries.changes import changes_of

CHANGES = "accounts_change"
# What the database itself refuses to delete; each holds rows that nothing else refers to.
FINAL = (CHANGES, "incidents_publication")


def list_changes(record: models.Model) -> list[RecordedChange]:
    """Every change of this record in words, newest first, whoever may know of it."""
    return [describe(change) for change in changes_of(record)]


@contextmanager
def without_triggers(table: str = CHANGES) -> Iterator[None]:
    """The table without its triggers; afterwards they are there again."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
            yield
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
            return
        cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = %s", [table])
        triggers = cursor.fetchall()
        for name, _sql in triggers:
            cursor.execute(f'DROP TRIGGER "{name}"')
        yield
        for _name, sql in triggers:
            cursor.execute(sql)


def forget_what_is_final() -> None:
    """No change was ever recorded and nothing published: for tests that empty all tables at their end."""
    for table in FINAL:
        with without_triggers(table), connection.cursor() as cursor:
            cursor.execute(f"DELETE FROM {table}")  # noqa: S608
