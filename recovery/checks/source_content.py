"""The same content as the source."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from recovery.checks.findings import Findings
from recovery.checks.outcome import CheckOutcome, cannot_say, does_not_apply, fails, holds, misses_table
from recovery.methods.inspection import Answer, Question

NAME = "source_content"
SECONDS = 300.0


@dataclass(frozen=True)
class SourceContent:
    """`table` holds row for row what the source's holds.

    Without `column` that can be said only while the source has not been written to since. With one that only ever
    grows, such as a key or a time of creation, the rows with a value up to the newest restored one are compared,
    whatever came after them.
    """

    table: str
    column: str = ""

    def questions(self, key: str) -> tuple[Question, ...]:
        """The content, and how far it goes."""
        content = Question(key, "content", table=self.table, column=self.column, seconds=SECONDS)
        if not self.column:
            return (content,)
        return (content, Question(f"{key}:newest", "newest", table=self.table, column=self.column, seconds=SECONDS))

    def source_questions(self, key: str, answers: Mapping[str, Answer]) -> tuple[Question, ...]:
        """The content of the source, no further than what was restored."""
        newest = answers.get(f"{key}:newest", Answer())
        return (Question(key, "content", table=self.table, column=self.column, up_to=newest.value, seconds=SECONDS),)

    def judge(self, key: str, findings: Findings) -> CheckOutcome:
        """Fails where the rows differ and no later write explains it, or where the table is missing."""
        mine, source = findings.inspection.answers.get(key), findings.source
        table = {"table": self.table}
        if mine and mine.missing_table:
            return misses_table(NAME, mine.missing_table)
        if mine is None or mine.problem:
            problem = mine.problem if mine else _("The question was not asked.")
            return cannot_say(
                NAME, _("The content of %(table)s could not be read: %(problem)s"), **table, problem=problem
            )
        theirs = source.answers.get(key) if source else None
        if source is None or theirs is None or theirs.problem:
            problem = theirs.problem if theirs else (source.problem if source else _("The source is out of reach."))
            return does_not_apply(
                NAME, _("%(table)s could not be compared with the source: %(problem)s"), **table, problem=problem
            )
        if mine.value == theirs.value:
            return holds(NAME, _("%(table)s holds row for row what the source holds."), **table)
        if source.is_newer and not self.column:
            message = _("%(table)s differs from the source, which has been written to since; so nothing can be said.")
            return does_not_apply(NAME, message, **table)
        return fails(NAME, _("%(table)s does not hold what the source holds."), **table)
