"""What this app refuses, in sentences."""

from lib.errors import DomainError


class AccountError(DomainError):
    """A request about people or teams that a rule refuses."""
