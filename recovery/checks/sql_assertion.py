"""The answer to a SQL query."""

import math
from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from recovery.checks.findings import Findings
from recovery.checks.outcome import CheckOutcome, cannot_say, fails, holds, misses_table
from recovery.methods.inspection import Answer, Question

NAME = "sql_assertion"
OPERATORS = ("=", "!=", "<", "<=", ">", ">=")
LONGEST_SHOWN = 120


@dataclass(frozen=True)
class SqlAssertion:
    """The one value that `sql` gives stands to `expected` as `operator` says; numbers are compared as numbers."""

    sql: str
    operator: str
    expected: str

    def questions(self, key: str) -> tuple[Question, ...]:
        """The query itself."""
        return (Question(key, "scalar", sql=self.sql),)

    def source_questions(self, key: str, answers: Mapping[str, Answer]) -> tuple[Question, ...]:  # noqa: ARG002
        """None."""
        return ()

    def judge(self, key: str, findings: Findings) -> CheckOutcome:
        """Fails where the value is another or a table is missing; unknown where the query gave none."""
        answer = findings.inspection.answers.get(key, Answer(problem=_("The question was not asked.")))
        shown = " ".join(self.sql.split())[:LONGEST_SHOWN]
        if answer.missing_table:
            return misses_table(NAME, answer.missing_table)
        if answer.problem:
            return cannot_say(
                NAME, _("“%(sql)s” could not be answered: %(problem)s"), sql=shown, problem=answer.problem
            )
        judge = holds if compare(answer.value, self.operator, self.expected) else fails
        message = _("“%(sql)s” gives %(value)s; expected was %(operator)s %(expected)s.")
        value = "NULL" if answer.value is None else str(answer.value)[:LONGEST_SHOWN]
        return judge(NAME, message, sql=shown, value=value, operator=self.operator, expected=self.expected)


def compare(value: str | int | float | None, operator: str, expected: str) -> bool:
    """Whether `value operator expected` is true: as numbers where both are, else as text. NULL equals only "NULL".

    NaN is neither less nor greater than anything.
    """
    if value is None:
        return (operator == "=") == (expected.strip().upper() == "NULL") and operator in ("=", "!=")
    left, right = _number(value), _number(expected)
    if left is None or right is None:
        return _holds(str(value), operator, expected)
    if math.isnan(left) or math.isnan(right):
        return (operator == "=") == (math.isnan(left) and math.isnan(right)) and operator in ("=", "!=")
    return _holds(left, operator, right)


def _holds(left: str | float, operator: str, right: str | float) -> bool:
    sign = (left > right) - (left < right)  # type: ignore[operator]  # both are of one type
    wanted = {"=": (0,), "!=": (-1, 1), "<": (-1,), "<=": (-1, 0), ">": (1,), ">=": (0, 1)}
    return sign in wanted[operator]


def _number(value: str | int | float) -> int | float | None:
    if not isinstance(value, str):
        return value
    for kind in (int, float):
        try:
            return kind(value)
        except ValueError:
            continue
    return None
