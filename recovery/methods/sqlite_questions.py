"""Answers what checks ask of a SQLite file, each question within its own time."""

import math
import re
import sqlite3
import time
from collections.abc import Iterable, Mapping
from contextlib import closing
from typing import Any

from django.utils.translation import gettext

from recovery.methods.deadline import Deadline
from recovery.methods.inspection import Answer, Question
from recovery.methods.sqlite_confined import confine
from recovery.methods.sqlite_content import hash_rows
from recovery.methods.sqlite_reading import Reading
from recovery.methods.sqlite_schema import quote_name, read_schema

# A question that takes the last of the time leaves this much for telling so.
_RESERVE_SECONDS = 0.5
_STEPS_BETWEEN_LOOKS = 20_000
LONGEST_TEXT = 4000
# How SQLite says so; the schema before the name is not the table's.
_NO_TABLE = re.compile(r"no such table: (?:main\.)?(.+)", re.DOTALL)
# What sqlite3 raises for a question that cannot be put: several statements, a number or a text it cannot hold.
_REFUSALS = (sqlite3.Error, sqlite3.Warning, OverflowError, ValueError)


def answer_questions(reading: Reading, questions: Iterable[Question], deadline: Deadline) -> Mapping[str, Answer]:
    """An answer to each question under its key; one that has none has a sentence instead.

    Afterwards the connection of `reading` can do nothing but read. Raises sqlite3.DatabaseError if the schema cannot
    be read.
    """
    confine(reading.connection, read_schema(reading).uncounted)
    return {question.key: _answer(reading, question, deadline) for question in questions}


class _OutOfTimeError(Exception):
    """The time of one question is over."""


def _answer(reading: Reading, question: Question, deadline: Deadline) -> Answer:
    reading.check()
    seconds = min(question.seconds, deadline.remaining - _RESERVE_SECONDS)
    end = time.monotonic() + seconds

    def is_over() -> bool:
        return time.monotonic() >= end

    def check() -> None:
        reading.check()
        if is_over():
            raise _OutOfTimeError

    reading.connection.set_progress_handler(is_over, _STEPS_BETWEEN_LOOKS)
    try:
        check()
        return _ask(reading.connection, question, check)
    except (*_REFUSALS, _OutOfTimeError) as error:
        # Interrupted because everything is to stop, it must not go on with the next question.
        reading.check()
        if is_over():
            return Answer(problem=_describe_lateness(question, seconds))
        missing = _NO_TABLE.fullmatch(str(error))
        problem = gettext("SQLite could not answer: {error}.").format(error=error)
        return Answer(problem=problem, missing_table=missing[1] if missing else "")
    finally:
        reading.connection.set_progress_handler(None, 0)


def _describe_lateness(question: Question, seconds: float) -> str:
    if seconds < question.seconds:
        return gettext("No time was left for the answer. Allow restore tests more time.")
    return gettext(
        "The answer took longer than the {seconds:g} seconds it is allowed. Ask for less, or add an index."
    ).format(seconds=question.seconds)


def _ask(connection: sqlite3.Connection, question: Question, check: Any) -> Answer:
    if question.kind == "content":
        return Answer(hash_rows(connection, question.table, column=question.column, up_to=question.up_to, check=check))
    if question.kind == "newest":
        table, column = quote_name(question.table), quote_name(question.column)
        # With its table before it, a name that is no column is an error and not a text.
        return _read_one(connection, f"SELECT max({table}.{column}) FROM main.{table}")  # noqa: S608 (quoted)
    return _read_one(connection, question.sql)


def _read_one(connection: sqlite3.Connection, sql: str) -> Answer:
    connection.text_factory = _read_text
    try:
        with closing(connection.execute(sql)) as cursor:
            first, second = cursor.fetchone(), cursor.fetchone()
    finally:
        connection.text_factory = str
    if first is None:
        return Answer(problem=gettext("The query gave no row. Write it so that it gives one value."))
    if second is not None:
        return Answer(problem=gettext("The query gave more than one row. Write it so that it gives one value."))
    return _as_answer(first[0])


def _as_answer(value: Any) -> Answer:
    if isinstance(value, bytes):
        return Answer(problem=gettext("The value is a BLOB. Put hex() around it to compare it as text."))
    if isinstance(value, float) and not math.isfinite(value):
        return Answer(problem=gettext("The value is infinite, and cannot be compared. Ask for another one."))
    if isinstance(value, str) and len(value) > LONGEST_TEXT:
        return Answer(
            problem=gettext("The value has more than {count} characters. Ask for its length or a part of it.").format(
                count=LONGEST_TEXT
            )
        )
    return Answer(value)


def _read_text(raw: bytes) -> str:
    return raw.decode("utf-8", "replace")
