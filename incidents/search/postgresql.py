"""The index on PostgreSQL: each table carries its folded text in generated columns, under GIN indexes of pg_trgm.

Columns rather than indexes on an expression: where a word is common, PostgreSQL reads the newest rows and compares
their text, and folding each anew took forty times as long. The columns are unknown to Django, which neither reads nor
writes them.

For migrations to come: PostgreSQL refuses to alter the type of a column that a generated one is made of. Such a
migration begins with `remove` and ends with `install`; so does one that comes with a change of SOURCES or of
lib.folding.REPLACED.
"""

import re
from collections.abc import Iterable
from typing import Any

from django.core.management.base import CommandError
from django.db import DatabaseError, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import QuerySet
from django.db.models.expressions import RawSQL
from django.utils.translation import gettext as _

from incidents.search.kinds import SOURCES, Source
from lib.folding import REPLACED, SARA_AM

FOLD = "incidents_search_fold"
# Rows that one look compares at most, before it is asked whether there is time for the next.
PIECE = 200_000
TITLE, TEXT = "search_title", "search_text"
# pg_trgm keeps trigrams of letters and digits alone; a term without one would have every row compared.
_indexed = re.compile(r"[^\W_]{3}|[\u0e01-\u0e7f]{3}")


def install(database: BaseDatabaseWrapper, sources: Iterable[Source] = tuple(SOURCES.values())) -> None:
    """Every source has its folded columns and their indexes. Raises CommandError where pg_trgm may not be added."""
    _add_extension(database)
    with database.cursor() as cursor:
        cursor.execute(_function())
        for source in sources:
            cursor.execute(f"ALTER TABLE {source.table} {', '.join(_added(source))}")
            cursor.execute(f"CREATE INDEX {source.table}_search ON {source.table} USING gin ({TEXT} gin_trgm_ops)")


def remove(database: BaseDatabaseWrapper, sources: Iterable[Source] = tuple(SOURCES.values())) -> None:
    """No folded column, no index on one, no function; pg_trgm stays, since others may use it."""
    with database.cursor() as cursor:
        for source in sources:
            dropped = ", ".join(f"DROP COLUMN IF EXISTS {column}" for column in (TITLE, TEXT))
            cursor.execute(f"ALTER TABLE {source.table} {dropped}")
        cursor.execute(f"DROP FUNCTION IF EXISTS {FOLD}(text)")


def is_installed(database: BaseDatabaseWrapper) -> bool:
    """True from the migration that makes the index on."""
    with database.cursor() as cursor:
        cursor.execute("SELECT to_regproc(%s) IS NOT NULL", [FOLD])
        return bool(cursor.fetchone()[0])


def find_missing(database: BaseDatabaseWrapper) -> list[str]:
    """Indexes that are not there, or cannot be used."""
    with database.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class JOIN pg_index ON indexrelid = pg_class.oid"
            " WHERE indisvalid AND pg_table_is_visible(pg_class.oid)"
        )
        present = {name for (name,) in cursor.fetchall()}
    return sorted({f"{source.table}_search" for source in SOURCES.values()} - present)


def restore_triggers(database: BaseDatabaseWrapper) -> list[str]:  # noqa: ARG001  # as on SQLite
    """Nothing to do: no trigger is needed here, and columns stay where they are."""
    return []


def rebuild(database: BaseDatabaseWrapper) -> None:
    """The columns are computed and the indexes built anew."""
    remove(database)
    install(database)


def find_faults(database: BaseDatabaseWrapper) -> list[str]:
    """What is wrong with the index, one line each: missing indexes, text that is not folded as it would be now."""
    faults = [f"The index {name} is missing or invalid." for name in find_missing(database)]
    with database.cursor() as cursor:
        for source in SOURCES.values():
            wrong = [f"{TEXT} IS DISTINCT FROM {FOLD}({_joined(source)})"]
            wrong += [f"{TITLE} IS DISTINCT FROM {FOLD}({source.titles[0]})"] if source.titles else []
            cursor.execute(f"SELECT count(*) FROM {source.table} WHERE {' OR '.join(wrong)}")  # noqa: S608  # own names
            if count := cursor.fetchone()[0]:
                faults.append(f"{source.table}: {count} rows are indexed with another text than they have.")
    return faults


def is_indexed(term: str) -> bool:
    """Whether the index finds the folded term; others are looked for in texts."""
    return _indexed.search(term) is not None


def narrow(
    rows: QuerySet[Any], source: Source, terms: Iterable[str], excluded: Iterable[str], *, titles_only: bool = False
) -> QuerySet[Any]:
    """Those of the rows that hold every one of the terms and none of the excluded, the newest first.

    Only indexed terms. PostgreSQL chooses between the index and the newest rows by how common it takes the terms for.
    """
    terms, excluded = tuple(terms), tuple(excluded)
    where, params = _where(source, terms, excluded)
    if titles_only:
        where += [f"{source.table}.{TITLE} LIKE %s"] * len(terms)
        params += [_pattern(term) for term in terms]
    return rows.order_by(f"-{source.key}").extra(where=where, params=params)  # noqa: S610  # own names; terms are parameters


def keys(source: Source, terms: Iterable[str], excluded: Iterable[str]) -> RawSQL:
    """The keys of all rows that hold every one of the terms and none of the excluded. Only indexed terms."""
    where, params = _where(source, tuple(terms), tuple(excluded))
    sql = f"SELECT {source.key} FROM {source.table} WHERE {' AND '.join(where)}"  # noqa: S608  # own names
    return RawSQL(sql, params)  # noqa: S611  # what was typed is a parameter


def between(rows: QuerySet[Any], source: Source, first: int, end: int) -> QuerySet[Any]:
    """Those whose key is `first` or higher, and lower than `end`."""
    return rows.filter(**{f"{source.key}__gte": first, f"{source.key}__lt": end})


def _where(source: Source, terms: tuple[str, ...], excluded: tuple[str, ...]) -> tuple[list[str], list[str]]:
    where = [f"{source.table}.{TEXT} LIKE %s"] * len(terms) + [f"{source.table}.{TEXT} NOT LIKE %s"] * len(excluded)
    return where, [_pattern(term) for term in (*terms, *excluded)]


def _pattern(term: str) -> str:
    return "%" + re.sub(r"([\\%_])", r"\\\1", term) + "%"


def _add_extension(database: BaseDatabaseWrapper) -> None:
    with database.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_extension WHERE extname = 'pg_trgm'")
        if cursor.fetchone():
            return
        try:
            with transaction.atomic(using=database.alias):
                cursor.execute("CREATE EXTENSION pg_trgm")
        except DatabaseError as error:
            raise CommandError(
                _(
                    "Search needs PostgreSQL's extension pg_trgm, which this account may not add or this server does "
                    "not have (%(error)s). Install the server's contrib package if it is missing, let a superuser run "
                    "“CREATE EXTENSION pg_trgm” in this database, then migrate again."
                )
                % {"error": " ".join(str(error).split())}
            ) from error


def _function() -> str:
    # What becomes a letter comes first: translate() drops the characters that have no counterpart.
    pairs = sorted(REPLACED.items(), key=lambda pair: not pair[1])
    letters, plain = (_literal("".join(side)) for side in zip(*pairs, strict=True))
    folded = f"pg_catalog.lower(pg_catalog.translate(given, {letters}, {plain}))"
    return (
        f"CREATE OR REPLACE FUNCTION {FOLD}(given text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT AS"
        f" $$ SELECT pg_catalog.replace({folded}, {_literal(SARA_AM[0])}, {_literal(SARA_AM[1])}) $$"
    )


def _added(source: Source) -> list[str]:
    made = [f"ADD COLUMN {TEXT} text GENERATED ALWAYS AS ({FOLD}({_joined(source)})) STORED"]
    if source.titles:
        made.append(f"ADD COLUMN {TITLE} text GENERATED ALWAYS AS ({FOLD}({source.titles[0]})) STORED")
    return made


def _joined(source: Source) -> str:
    return " || ' ' || ".join((*source.titles, *source.texts))


def _literal(text: str) -> str:
    return "U&'" + "".join(f"\\+{ord(letter):06x}" for letter in text) + "'"
