"""What becomes of a check."""

from dataclasses import dataclass
from typing import Literal

from django.utils.translation import gettext as _


@dataclass(frozen=True)
class CheckOutcome:
    """One check, what became of it, and the sentence for a person on call.

    `unknown`: it could not be answered, so the test is inconclusive unless something else failed. `skipped`: it says
    nothing about this restore, and why. `noted`: nothing was checked, but somebody should know of it.
    """

    name: str
    outcome: Literal["passed", "failed", "unknown", "skipped", "noted"]
    message: str

    @property
    def is_passed(self) -> bool:
        """Whether nothing speaks against the restored data here."""
        return self.outcome in ("passed", "skipped", "noted")

    def as_json(self) -> dict[str, object]:
        """The outcome as it is stored and printed."""
        return {"name": self.name, "passed": self.is_passed, "outcome": self.outcome, "message": self.message}


def holds(name: str, message: str, **values: object) -> CheckOutcome:
    """A check that holds; `values` fill the message."""
    return CheckOutcome(name, "passed", _filled(message, values))


def fails(name: str, message: str, **values: object) -> CheckOutcome:
    """A check that does not hold; `values` fill the message."""
    return CheckOutcome(name, "failed", _filled(message, values))


def cannot_say(name: str, message: str, **values: object) -> CheckOutcome:
    """A check that could not be answered; `values` fill the message."""
    return CheckOutcome(name, "unknown", _filled(message, values))


def does_not_apply(name: str, message: str, **values: object) -> CheckOutcome:
    """A check that says nothing about this restore; `values` fill the message."""
    return CheckOutcome(name, "skipped", _filled(message, values))


def misses_table(name: str, table: str) -> CheckOutcome:
    """A check of a table that was not restored: what it asks for cannot be true of it."""
    return fails(name, _("The table %(table)s is missing."), table=table)


def note(message: str) -> CheckOutcome:
    """What somebody should know of a restore, whatever its checks say."""
    return CheckOutcome("note", "noted", _filled(message, {}))


def _filled(message: str, values: dict[str, object]) -> str:
    # The restored data may hold what PostgreSQL does not store.
    return (message % values if values else message).replace("\0", "\ufffd")
