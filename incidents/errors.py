"""What this app refuses, in sentences."""

from lib.errors import DomainError


class IncidentError(DomainError):
    """A change to an incident that a rule refuses."""
