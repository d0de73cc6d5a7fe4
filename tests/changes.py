"""Reading recorded changes; and taking their triggers away, which is the only way to be rid of them."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, models

from accounts.queries.change_words import RecordedChange, describe
from accounts.queries.changes import changes_of

TABLE = "accounts_change"


def list_changes(record: models.Model) -> list[RecordedChange]:
    """Every change of this record in words, newest first, whoever may know of it."""
    return [describe(change) for change in changes_of(record)]


@contextmanager
def without_triggers() -> Iterator[None]:
    """The table of changes without its triggers; afterwards they are there again."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(f"ALTER TABLE {TABLE} DISABLE TRIGGER USER")
            yield
            cursor.execute(f"ALTER TABLE {TABLE} ENABLE TRIGGER USER")
            return
        cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = %s", [TABLE])
        triggers = cursor.fetchall()
        for name, _sql in triggers:
            cursor.execute(f'DROP TRIGGER "{name}"')
        yield
        for _name, sql in triggers:
            cursor.execute(sql)


def forget_changes() -> None:
    """No change was ever recorded: for tests that empty all tables at their end."""
    with without_triggers(), connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {TABLE}")  # noqa: S608
