"""Tables that must be there."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from recovery.checks.findings import AsksNothing, Findings
from recovery.checks.outcome import CheckOutcome, fails, holds

NAME = "required_tables"
MOST_NAMED = 5


@dataclass(frozen=True)
class RequiredTables(AsksNothing):
    """Every one of `tables` is in the restored database, with or without rows."""

    tables: list[str]

    def judge(self, key: str, findings: Findings) -> CheckOutcome:  # noqa: ARG002
        """Fails with the names of those that are missing."""
        schema = findings.inspection.schema
        missing = sorted(set(self.tables) - {*schema.tables, *schema.uncounted})
        if missing:
            named = ", ".join(missing[:MOST_NAMED]) + (", …" if len(missing) > MOST_NAMED else "")
            return fails(NAME, _("Tables are missing: %(tables)s."), tables=named)
        return holds(NAME, _("All %(count)s required tables are there."), count=len(self.tables))
