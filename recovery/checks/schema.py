"""The same schema."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from recovery.checks.findings import AsksNothing, Findings
from recovery.checks.outcome import CheckOutcome, fails, holds

NAME = "schema"


@dataclass(frozen=True)
class SameSchema(AsksNothing):
    """Tables, columns and indexes are those of the last passing test, or those of the source now.

    An application's upgrade changes them and is no fault: it fails only where the source shows that they should be
    others.
    """

    fingerprint: str

    def judge(self, key: str, findings: Findings) -> CheckOutcome:  # noqa: ARG002
        """Fails where it is neither what it was nor what the source has."""
        found, source = findings.inspection.schema.fingerprint, findings.source
        if found == self.fingerprint:
            return holds(NAME, _("The schema is that of the last passing test."))
        if source is not None and source.fingerprint == found:
            return holds(NAME, _("The schema has changed since the last passing test, as it has in the source."))
        if source is not None and source.fingerprint and not source.is_newer:
            return fails(NAME, _("The schema is neither that of the last passing test nor that of the source."))
        message = _("The schema has changed since the last passing test. Check that the application was upgraded.")
        return holds(NAME, message)
