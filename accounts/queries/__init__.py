"""What pages read about people and about changes, each in a fixed number of queries; one module a noun."""

from accounts.queries.changes import list_changes
from accounts.queries.people import has_administrator_with_password, list_active_people, list_people, list_teams
from accounts.queries.tokens import list_tokens

__all__ = [
    "has_administrator_with_password",
    "list_active_people",
    "list_changes",
    "list_people",
    "list_teams",
    "list_tokens",
]
