"""One module a noun."""

from accounts.models.api_token import ApiToken, Scope
from accounts.models.change import Change
from accounts.models.team import Team
from accounts.models.user import Role, User

__all__ = ["ApiToken", "Change", "Role", "Scope", "Team", "User"]
