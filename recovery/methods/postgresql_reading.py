"""Reads a restored PostgreSQL database: rows, foreign keys, and the answers to questions."""

import hashlib
import math
import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, cast

import psycopg
from django.utils.translation import gettext as _
from psycopg import sql

from recovery.methods.inspection import Answer, ForeignKeys, Question
from recovery.methods.postgresql_asking import last_line
from recovery.methods.postgresql_schema import Table, Tables

_FETCH_ROWS = 2000
# Of this error the server gives the name in its sentence alone, which is English in a restored cluster.
_NO_TABLE = re.compile(r'relation "(.+?)" does not exist')
_BY_TABLE = ("enable_indexscan", "enable_indexonlyscan", "enable_bitmapscan")
_BY_INDEX = ("enable_seqscan", "enable_bitmapscan")
_FOREIGN_KEYS = """SELECT k.conname, k.conrelid::regclass::text, k.confrelid::regclass::text, k.convalidated,
    CASE WHEN n.nspname = 'public' THEN c.relname ELSE n.nspname || '.' || c.relname END,
    (SELECT array_agg(quote_ident(attname) ORDER BY u.place) FROM unnest(k.conkey) WITH ORDINALITY u(number, place)
        JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = u.number),
    (SELECT array_agg(quote_ident(attname) ORDER BY u.place) FROM unnest(k.confkey) WITH ORDINALITY u(number, place)
        JOIN pg_attribute a ON a.attrelid = k.confrelid AND a.attnum = u.number)
    FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE k.contype = 'f' AND k.conparentid = 0 ORDER BY 2, 1"""


def count_rows(connection: psycopg.Connection, tables: Tables) -> tuple[dict[str, int], dict[str, str], list[str]]:
    """The rows of each table, the reason for each that cannot be counted, and where an index counts otherwise.

    A page that was lost or emptied leaves its entries in the index, and no other check looks from there to the table.
    """
    counts: dict[str, int] = {}
    uncountable: dict[str, str] = {}
    differences = []
    for name, table in tables.by_name.items():
        try:
            counts[name] = _count(connection, table, _BY_TABLE)
            by_index = _count(connection, table, _BY_INDEX)
        except psycopg.Error as error:
            counts.pop(name, None)
            uncountable[name] = _say(connection, error)
        else:
            if by_index != counts[name]:
                sentence = _("The table %(table)s has %(rows)d rows, and its index has %(entries)d.")
                differences.append(sentence % {"table": name, "rows": counts[name], "entries": by_index})
    return counts, uncountable, differences


def _count(connection: psycopg.Connection, table: Table, avoided: tuple[str, ...]) -> int:
    """The rows, read without the ways in `avoided` where there is another."""
    with connection.transaction():
        for way in avoided:
            connection.execute(sql.SQL("SET LOCAL {} = off").format(sql.Identifier(way)))
        return sum(_scalar(connection, f"SELECT count(*) FROM {part}") for part in table.parts)  # noqa: S608


def check_foreign_keys(connection: psycopg.Connection) -> tuple[ForeignKeys, str]:
    """The rows that refer to nothing, found by looking and not by trust in the constraint; and a remark.

    Constraints that are NOT VALID hold only for later rows, as somebody decided: the remark names them.
    """
    violations: dict[str, int] = {}
    unchecked: dict[str, str] = {}
    not_valid = []
    for name, child, parent, is_valid, table, columns, keys in connection.execute(_FOREIGN_KEYS).fetchall():
        if not is_valid:
            not_valid.append(f"{table}.{name}")
            continue
        present = " AND ".join(f"c.{column} IS NOT NULL" for column in columns)
        same = " AND ".join(f"p.{key} = c.{column}" for key, column in zip(keys, columns, strict=True))
        query = f"SELECT count(*) FROM {child} c WHERE {present} AND NOT EXISTS (SELECT FROM {parent} p WHERE {same})"  # noqa: S608
        try:
            count = _scalar(connection, query)
        except psycopg.Error as error:
            unchecked[table] = _say(connection, error)
        else:
            violations |= {table: violations.get(table, 0) + count} if count else {}
    remark = _("These foreign keys are NOT VALID, so older rows may break them: %(names)s.")
    return (
        ForeignKeys(sum(violations.values()), tuple(violations), unchecked),
        remark % {"names": ", ".join(not_valid)} if not_valid else "",
    )


def answer(connection: psycopg.Connection, question: Question, tables: Tables) -> Answer:
    """The answer to the question; one that cannot be given has its problem in a sentence."""
    ask = {"scalar": _answer_scalar, "newest": _answer_newest, "content": _answer_content}[question.kind]
    if question.kind != "scalar" and question.table.removeprefix("public.") not in tables.by_name:
        problem = _("There is no table %(table)s.") % {"table": question.table}
        return Answer(problem=problem, missing_table=question.table)
    try:
        # Whatever it does is undone, and a setting it changes is gone for the next one.
        with connection.transaction(force_rollback=True):
            milliseconds = math.ceil(question.seconds * 1000)
            connection.execute(f"SET LOCAL statement_timeout = {milliseconds}")
            return ask(connection, question, tables.by_name)
    except psycopg.errors.QueryCanceled:
        return Answer(problem=_("It took longer than %(seconds)g seconds.") % {"seconds": question.seconds})
    except psycopg.errors.UndefinedTable as error:
        missing = _NO_TABLE.search(str(error))
        return Answer(problem=_say(connection, error), missing_table=missing[1] if missing else "")
    except (psycopg.Error, ValueError) as error:
        return Answer(problem=_say(connection, error))


def describe_error(error: psycopg.Error | ValueError) -> str:
    """The server's own words, in one line."""
    words = error.diag.message_primary if isinstance(error, psycopg.Error) else None
    return words or last_line(str(error))


def _answer_scalar(connection: psycopg.Connection, question: Question, _tables: Mapping[str, Table]) -> Answer:
    # Prepared, for then the server takes one statement and no more.
    connection.execute("SET LOCAL search_path = public")
    rows = connection.execute(_trusted(question.sql), prepare=True).fetchmany(2)
    if len(rows) != 1 or not rows[0]:
        return Answer(
            problem=_("The query gave %(rows)s, and one is wanted.")
            % {"rows": _("no row") if not rows else _("several rows")}
        )
    return Answer(plain_value(rows[0][0]))


def _answer_newest(connection: psycopg.Connection, question: Question, tables: Mapping[str, Table]) -> Answer:
    table = tables[question.table.removeprefix("public.")]
    query = sql.SQL("SELECT max({}) FROM {}").format(sql.Identifier(question.column), _trusted(table.quoted))
    row = connection.execute(query).fetchone()
    return Answer(plain_value(row[0]) if row else None)


def _answer_content(connection: psycopg.Connection, question: Question, tables: Mapping[str, Table]) -> Answer:
    table = tables[question.table.removeprefix("public.")]
    limit: sql.Composable = sql.SQL("")
    if question.column:
        limit = sql.SQL("WHERE t.{} IS NOT NULL").format(sql.Identifier(question.column))
    if question.column and question.up_to is not None:
        limit = sql.SQL("WHERE t.{} <= {}").format(sql.Identifier(question.column), sql.Literal(str(question.up_to)))
    query = sql.SQL('SELECT t::text FROM {} t {} ORDER BY t::text COLLATE "C"').format(_trusted(table.quoted), limit)
    digest = hashlib.sha256()
    with connection.cursor("content") as cursor:
        cursor.itersize = _FETCH_ROWS
        for (line,) in cursor.execute(query):
            digest.update(line.encode() + b"\0\n")
    return Answer(digest.hexdigest())


def _scalar(connection: psycopg.Connection, query: str) -> Any:
    row = connection.execute(_trusted(query)).fetchone()
    return row[0] if row else None


def _trusted(text: str) -> sql.SQL:
    """SQL that the server itself has quoted, or that a question is made of."""
    return sql.SQL(cast(Any, text))


def _say(connection: psycopg.Connection, error: psycopg.Error | ValueError) -> str:
    """What went wrong with one table or question; a connection that is lost is nobody's answer, and goes on up."""
    if connection.closed:
        raise error
    return describe_error(error)


def plain_value(value: Any) -> str | int | float | None:
    """A value of the server's as an answer holds it."""
    if isinstance(value, bool):
        return str(value).lower()
    if value is None or isinstance(value, str | int | float):
        return value
    if isinstance(value, Decimal):
        # An infinite one is whole and yet no int.
        return int(value) if value.is_finite() and value == value.to_integral_value() else float(value)
    return value.isoformat() if hasattr(value, "isoformat") else str(value)
