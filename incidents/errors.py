"""What this app refuses, in sentences."""

from lib.errors import DomainError


class IncidentError(DomainError):
    """A change to an incident that a rule refuses."""


class SentElsewhereError(IncidentError):
    """What was sent before stands where whoever sends it again does not see it."""
