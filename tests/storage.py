"""A database that takes nothing more for a while, on SQLite and on PostgreSQL."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.apps import apps
from django.db import connection, transaction

# What PostgreSQL says on a full disk; a real one would have to be mounted.
FULL = """
    CREATE FUNCTION refuse_as_full() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        RAISE 'could not extend file "base/5/16411": No space left on device' USING ERRCODE = 'disk_full';
    END $$
"""
REFUSE = "CREATE TRIGGER full_disk BEFORE INSERT OR UPDATE ON {} EXECUTE FUNCTION refuse_as_full()"


def ask(sql: str) -> Any:
    """The first value of the answer, None where there is none."""
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return (cursor.fetchone() or [None])[0] if cursor.description else None


@contextmanager
def no_writes() -> Iterator[None]:
    """Inside, the database answers and refuses every write: a file that may not be written to, or a standby."""
    if connection.vendor == "sqlite":
        with _between("PRAGMA query_only = 1", "PRAGMA query_only = 0"):
            yield
    elif connection.in_atomic_block:
        with transaction.atomic():
            ask("SET TRANSACTION READ ONLY")
            yield
            # Which is over with the savepoint.
            transaction.set_rollback(True)
    else:
        with _between("SET default_transaction_read_only = on", "SET default_transaction_read_only = off"):
            yield


@contextmanager
def small_disk() -> Iterator[Callable[[], None]]:
    """A call fills the disk: from then on nothing can be added. Afterwards there is room again."""
    if connection.vendor == "sqlite":
        largest = ask("PRAGMA max_page_count")
        yield _fill_sqlite
        ask(f"PRAGMA max_page_count = {largest}")
    else:
        yield _fill_postgresql
        ask("DROP FUNCTION IF EXISTS refuse_as_full CASCADE")


def _fill_sqlite() -> None:
    # Pages that are free already would be used first.
    ask("VACUUM")
    ask(f"PRAGMA max_page_count = {ask('PRAGMA page_count')}")


def _fill_postgresql() -> None:
    ask(FULL)
    for model in apps.get_app_config("incidents").get_models():
        ask(REFUSE.format(model._meta.db_table))


@contextmanager
def _between(begin: str, end: str) -> Iterator[None]:
    ask(begin)
    try:
        yield
    finally:
        ask(end)
