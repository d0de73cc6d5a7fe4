"""What pages read about people and about changes, each in a fixed number of queries; one module a noun."""

from accounts.queries.people import (
    has_administrator_with_password,
    is_team_used,
    list_active_people,
    list_people,
    list_retired_teams,
    list_teams,
    list_visible_people,
    register_team_use,
    with_teams,
)
from accounts.queries.tokens import list_tokens

__all__ = [
    "has_administrator_with_password",
    "is_team_used",
    "list_active_people",
    "list_people",
    "list_retired_teams",
    "list_teams",
    "list_tokens",
    "list_visible_people",
    "register_team_use",
    "with_teams",
]
