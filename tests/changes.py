"""Taking the triggers away from recorded changes, which is the only way to be rid of them."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

TABLE = "accounts_change"


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
