"""Rows by the hundred thousand, past the ORM: executemany on SQLite, COPY on PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import islice
from typing import Any

from django.core.management.color import no_style
from django.db import connection
from django.db.models import Field, Model

BATCH = 20_000
IS_SQLITE = connection.vendor == "sqlite"


def instant(moment: datetime) -> Any:
    """The moment as this database stores it."""
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(" ") if IS_SQLITE else moment


@contextmanager
def in_a_hurry() -> Iterator[None]:
    """Inside, SQLite does not wait for the disk: what is being built is thrown away if the machine stops."""
    with connection.cursor() as cursor:
        if IS_SQLITE:
            cursor.execute("PRAGMA synchronous=OFF")
            cursor.execute("PRAGMA cache_size=-400000")
        yield
        cursor.execute("ANALYZE")
        if IS_SQLITE:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            cursor.execute("PRAGMA synchronous=FULL")
            cursor.execute("PRAGMA cache_size=-20000")


def insert(model: type[Model], names: tuple[str, ...], rows: Iterable[tuple[Any, ...]], *, now: datetime) -> None:
    """The rows, their values in the order of `names` (attribute names) as the database stores them.

    What is not named has its default, and `now` where a row keeps when it was made or changed.
    """
    fields = {field.attname: field for field in model._meta.concrete_fields}
    rest = [field for name, field in fields.items() if name not in names and not field.primary_key]
    columns = [fields[name].column for name in names] + [field.column for field in rest]
    defaults = tuple(_default(field, now) for field in rest)
    _write(model._meta.db_table, columns, (row + defaults for row in rows))
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), [model]):
            cursor.execute(statement)


def next_key(model: type[Model]) -> int:
    """The first key that no row has."""
    newest = model._default_manager.order_by("-pk").values_list("pk", flat=True).first()
    return int(newest or 0) + 1


def _default(field: Field[Any, Any], now: datetime) -> Any:
    if getattr(field, "auto_now", False) or getattr(field, "auto_now_add", False):
        return instant(now)
    return field.get_db_prep_save(field.get_default(), connection)


def _write(table: str, columns: list[str], rows: Iterator[tuple[Any, ...]]) -> None:
    names = ", ".join(f'"{column}"' for column in columns)
    if IS_SQLITE:
        statement = f'INSERT INTO "{table}" ({names}) VALUES ({", ".join("?" * len(columns))})'  # noqa: S608
        while batch := list(islice(rows, BATCH)):
            connection.connection.executemany(statement, batch)
        return
    with connection.cursor() as cursor, cursor.copy(f'COPY "{table}" ({names}) FROM STDIN') as copy:
        for row in rows:
            copy.write_row(row)
