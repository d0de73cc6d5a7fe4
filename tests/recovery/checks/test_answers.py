"""Checks that ask the restored data."""

from datetime import timedelta

import pytest

from recovery.checks.findings import SourceFindings
from recovery.checks.newest_value import NewestValue
from recovery.checks.source_content import SourceContent
from recovery.checks.sql_assertion import SqlAssertion, compare
from recovery.methods.inspection import Answer
from tests.factories import NOW
from tests.recovery.checks.found import KEY, answered, findings

SINGLE = SqlAssertion("SELECT count(*) FROM users", ">=", "3")


@pytest.mark.parametrize(
    ("age", "outcome"), [(0, "passed"), (60, "passed"), (61, "failed"), (-3600, "passed"), (86_400, "failed")]
)
@pytest.mark.parametrize("form", ["iso", "offset", "sqlite", "seconds", "milliseconds", "text"])
def test_the_newest_time_is_young_enough_or_not(form: str, age: int, outcome: str) -> None:
    instant = NOW - timedelta(seconds=age)
    value = {
        "iso": instant.isoformat(),
        "offset": instant.astimezone(None).isoformat(),
        "sqlite": f"{instant:%Y-%m-%d %H:%M:%S}",
        "seconds": int(instant.timestamp()),
        "milliseconds": instant.timestamp() * 1000,
        "text": str(instant.timestamp()),
    }[form]
    assert NewestValue("orders", "paid_at", 60).judge(KEY, answered(value)).outcome == outcome


def test_no_newest_time_fails_and_no_time_at_all_is_unknown() -> None:
    check = NewestValue("orders", "paid_at", 60)
    assert check.judge(KEY, answered(None)).outcome == "failed"
    assert check.judge(KEY, answered("soon")).outcome == "unknown"
    assert check.judge(KEY, answered(10**30)).outcome == "unknown"
    refused = check.judge(KEY, answered(problem="There is no such column."))
    assert (refused.outcome, refused.message[-24:]) == ("unknown", "There is no such column.")
    assert check.judge(KEY, findings()).outcome == "unknown"


def test_a_table_that_is_missing_fails_whatever_was_asked_of_it() -> None:
    found = findings(answers={KEY: Answer(problem="SQLite could not answer.", missing_table="orders")})
    for check in (NewestValue("orders", "paid_at", 60), SINGLE, SourceContent("orders")):
        judged = check.judge(KEY, found)
        assert (judged.outcome, judged.message) == ("failed", "The table orders is missing.")


@pytest.mark.parametrize(
    ("value", "operator", "expected", "is_true"),
    [
        (3, "=", "3", True),
        (3, "=", "3.0", True),
        ("3", "=", "3.0", True),
        (10, ">", "9", True),
        ("10", ">", "9", True),
        ("b", ">", "a", True),
        ("ok", "=", "ok", True),
        ("ok", "!=", "ok", False),
        (2, "<=", "2", True),
        (2, "<", "2", False),
        (3, "<=", "2", False),
        (None, "=", "NULL", True),
        (None, "=", "0", False),
        (None, "!=", "0", True),
        (None, "!=", "null", False),
        (None, ">=", "0", False),
        (2**60, "=", str(2**60 + 1), False),
        ("nan", ">=", "5", False),
        (float("nan"), "=", "5", False),
        (float("nan"), "!=", "5", True),
        (float("nan"), "=", "NaN", True),
    ],
)
def test_values_are_compared_as_numbers_where_both_are(
    value: str | float | None, operator: str, expected: str, is_true: bool
) -> None:
    assert compare(value, operator, expected) is is_true


def test_an_assertion_says_what_was_asked_found_and_expected() -> None:
    assert SINGLE.judge(KEY, answered(3)).outcome == "passed"
    check = SINGLE.judge(KEY, answered(2))
    assert (check.outcome, check.message) == ("failed", "“SELECT count(*) FROM users” gives 2; expected was >= 3.")
    assert SINGLE.judge(KEY, answered(problem="It took too long.")).outcome == "unknown"


def compared(mine: Answer, theirs: Answer | None, *, is_newer: bool = False, column: str = "") -> str:
    source = SourceFindings({KEY: theirs}, is_newer=is_newer) if theirs else None
    return SourceContent("users", column).judge(KEY, findings(answers={KEY: mine}, source=source)).outcome


def test_content_is_the_same_another_or_cannot_be_compared() -> None:
    same, other, broken = Answer("a"), Answer("b"), Answer(problem="It is locked.")
    assert compared(same, same) == "passed"
    assert compared(same, other) == "failed"
    assert compared(same, other, is_newer=True) == "skipped"
    assert compared(same, other, is_newer=True, column="id") == "failed"
    assert compared(same, None) == "skipped"
    assert compared(same, broken) == "skipped"
    assert compared(broken, same) == "unknown"


def test_the_source_is_asked_no_further_than_what_was_restored() -> None:
    check = SourceContent("users", "id")
    assert [question.key for question in check.questions(KEY)] == [KEY, f"{KEY}:newest"]
    (question,) = check.source_questions(KEY, {f"{KEY}:newest": Answer(42)})
    assert (question.kind, question.column, question.up_to) == ("content", "id", 42)
    (mine, _newest) = check.questions(KEY)
    assert (mine.kind, mine.column, mine.up_to) == ("content", "id", None)
    (whole,) = SourceContent("users").source_questions(KEY, {})
    assert (whole.column, whole.up_to) == ("", None)


def test_what_postgresql_cannot_store_is_not_in_a_sentence() -> None:
    check = SINGLE.judge(KEY, answered("a\0b"))
    assert check.message == "“SELECT count(*) FROM users” gives a\ufffdb; expected was >= 3."
