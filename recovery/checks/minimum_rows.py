"""Rows a table has at least."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from recovery.checks.findings import AsksNothing, Findings
from recovery.checks.outcome import CheckOutcome, cannot_say, fails, holds, misses_table

NAME = "minimum_rows"


@dataclass(frozen=True)
class MinimumRows(AsksNothing):
    """`table` has `rows` rows or more."""

    table: str
    rows: int

    def judge(self, key: str, findings: Findings) -> CheckOutcome:  # noqa: ARG002
        """Fails where the table is missing or shorter."""
        inspection = findings.inspection
        if self.table in inspection.uncountable or self.table in inspection.schema.uncounted:
            return cannot_say(NAME, _("The rows of %(table)s could not be counted."), table=self.table)
        count = inspection.row_counts.get(self.table)
        if count is None:
            return misses_table(NAME, self.table)
        message = _("%(table)s has %(count)s rows; at least %(rows)s are required.")
        judge = holds if count >= self.rows else fails
        return judge(NAME, message, table=self.table, count=f"{count:,}", rows=f"{self.rows:,}")
