"""The newest value of a column that holds times."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from lib.durations import format_duration
from lib.moments import read_stored_instant
from recovery.checks.findings import Findings
from recovery.checks.outcome import CheckOutcome, cannot_say, fails, holds, misses_table
from recovery.methods.inspection import Answer, Question

NAME = "newest_value"


@dataclass(frozen=True)
class NewestValue:
    """The newest time in `column` of `table` is no more than `seconds` before the moment the data should be of."""

    table: str
    column: str
    seconds: int

    def questions(self, key: str) -> tuple[Question, ...]:
        """The greatest value."""
        return (Question(key, "newest", table=self.table, column=self.column),)

    def source_questions(self, key: str, answers: Mapping[str, Answer]) -> tuple[Question, ...]:  # noqa: ARG002
        """None."""
        return ()

    def judge(self, key: str, findings: Findings) -> CheckOutcome:
        """Fails where the newest is too old, there is none or the table is missing; unknown where it is no time."""
        answer = findings.inspection.answers.get(key, Answer(problem=_("The question was not asked.")))
        values = {"column": f"{self.table}.{self.column}", "limit": format_duration(self.seconds)}
        if answer.missing_table:
            return misses_table(NAME, answer.missing_table)
        if answer.problem:
            return cannot_say(
                NAME, _("The newest value of %(column)s is not known: %(problem)s"), **values, problem=answer.problem
            )
        if answer.value is None:
            return fails(NAME, _("%(column)s has no value at all; one of the last %(limit)s is required."), **values)
        instant = read_stored_instant(answer.value)
        if instant is None:
            return cannot_say(
                NAME,
                _("The newest value of %(column)s is “%(value)s”, which is no time."),
                **values,
                value=str(answer.value)[:60],
            )
        age = max(0.0, (findings.moment - instant).total_seconds())
        judge = holds if age <= self.seconds else fails
        message = _("The newest value of %(column)s is %(age)s old; %(limit)s are allowed.")
        return judge(NAME, message, **values, age=format_duration(age))
