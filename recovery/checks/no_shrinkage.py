"""No table shrinks."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from recovery.checks.findings import AsksNothing, Findings
from recovery.checks.outcome import CheckOutcome, does_not_apply, fails, holds

NAME = "no_shrinkage"
# Without a setting: losing more than half of the rows is a loss, not a tidying up.
USUAL_PERCENT = 50
# Of so few rows, such as open sessions, half can go in a minute. They still count in the whole.
FEWEST_ROWS = 10
MOST_NAMED = 5


@dataclass(frozen=True)
class NoShrinkage(AsksNothing):
    """No table has lost more than `percent` % of the rows it had in the last passing test, nor have all together."""

    percent: float = USUAL_PERCENT

    def judge(self, key: str, findings: Findings) -> CheckOutcome:  # noqa: ARG002
        """Fails with the tables that shrank or went; skipped where there is no earlier test to compare with."""
        if not findings.before_reference:
            return does_not_apply(NAME, _("There is no earlier passing test to compare the rows with."))
        losses = self._list_losses(findings)
        if not losses:
            message = _("No table of %(reference)s has lost more than %(percent)s %% of its rows.")
            return holds(NAME, message, reference=findings.before_reference, percent=f"{self.percent:g}")
        named = "; ".join(losses[:MOST_NAMED]) + ("; …" if len(losses) > MOST_NAMED else "")
        message = _(
            "Rows are gone since %(reference)s: %(losses)s. If that was meant, accept this result on its page; "
            "later tests are then compared with it."
        )
        return fails(NAME, message, reference=findings.before_reference, losses=named)

    def _list_losses(self, findings: Findings) -> list[str]:
        now, before = findings.inspection.row_counts, findings.before
        # What is there but cannot be counted is another check's to say.
        unknown = {*findings.inspection.uncountable, *findings.inspection.schema.uncounted}
        losses = [
            _describe_loss(table, now.get(table), rows)
            for table, rows in sorted(before.items())
            if table not in unknown and self._is_lost(now, table, rows)
        ]
        if not losses and self._is_shrunken(sum(now.values()), sum(before.values())):
            losses = [_describe_loss(_("all tables together"), sum(now.values()), sum(before.values()))]
        return losses

    def _is_lost(self, now: Mapping[str, int], table: str, rows: int) -> bool:
        return table not in now or (rows >= FEWEST_ROWS and self._is_shrunken(now[table], rows))

    def _is_shrunken(self, rows: int, before: int) -> bool:
        return rows < before * (1 - self.percent / 100)


def _describe_loss(table: str, rows: int | None, before: int) -> str:
    values = {"table": table, "rows": f"{rows or 0:,}", "before": f"{before:,}"}
    if rows is None:
        return _("%(table)s is missing (%(before)s rows before)") % values
    return _("%(table)s has %(rows)s rows (%(before)s before)") % values
