"""How a request to the API says who is asking."""

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja.security import HttpBearer

from accounts.audit import Door, changes_are_by
from accounts.errors import AccountError
from accounts.models import ApiToken, User
from accounts.services.tokens import recognise_token
from lib.problems import Problem

REALM = 'Bearer realm="Debrief"'


class ScopedToken(HttpBearer):
    """A bearer token with this scope. A session is no substitute: no page of another site can use the API."""

    def __init__(self, scope: str) -> None:
        super().__init__()
        self.scope = scope

    def authenticate(self, request: HttpRequest, token: str) -> ApiToken:  # noqa: ARG002  # ninja's signature
        """The token; Problem 401 for one that is refused, 403 where it does not allow this."""
        try:
            known = recognise_token(token.strip(), now=timezone.now())
        except AccountError as error:
            raise Problem(401, str(error), headers={"WWW-Authenticate": f'{REALM}, error="invalid_token"'}) from error
        if self.scope not in known.scopes:
            detail = _("This token does not allow this; it takes one with the scope %(scope)s.") % {"scope": self.scope}
            challenge = f'{REALM}, error="insufficient_scope", scope="{self.scope}"'
            raise Problem(403, detail, headers={"WWW-Authenticate": challenge})
        changes_are_by(known.created_by, door=Door.API)
        return known


def acting_person(request: HttpRequest) -> User:
    """Whoever made the token that the request came with: the program sees and may do what they see and may do."""
    token: ApiToken = request.auth  # type: ignore[attr-defined]  # set by ninja to what authenticate() returned
    return token.created_by
