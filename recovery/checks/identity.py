"""The same application."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from recovery.checks.findings import AsksNothing, Findings
from recovery.checks.outcome import CheckOutcome, fails, holds

NAME = "identity"


@dataclass(frozen=True)
class Identity(AsksNothing):
    """What says whose database it is has not changed: a replica of another database is none of this one."""

    values: dict[str, str]

    def judge(self, key: str, findings: Findings) -> CheckOutcome:  # noqa: ARG002
        """Fails with what is different."""
        found = findings.inspection.identity
        for name, expected in sorted(self.values.items()):
            if found.get(name) != expected:
                message = _("This may be another database: its %(what)s is %(found)s and should be %(expected)s.")
                return fails(NAME, message, what=name, found=found.get(name, _("unknown")), expected=expected)
        return holds(
            NAME, _("It is the same application’s database (%(names)s)."), names=", ".join(sorted(self.values))
        )
