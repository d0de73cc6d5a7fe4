"""What this app refuses, in sentences."""

from lib.errors import DomainError


class IncidentError(DomainError):
    """A change to an incident that a rule refuses."""


class MergeConflict(IncidentError):  # noqa: N818  # named for what happened
    """Two people changed the same words of a section: what both began from, and what each made of it.

    `version` is the one that `theirs` is the text of.
    """

    def __init__(self, message: str, *, base: str, mine: str, theirs: str, version: int) -> None:
        super().__init__(message)
        self.base, self.mine, self.theirs, self.version = base, mine, theirs, version


class SentElsewhereError(IncidentError):
    """What was sent before stands where whoever sends it again does not see it."""
