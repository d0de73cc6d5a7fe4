"""Tokens of the API: made, recognised, revoked."""

import hashlib
import secrets
from datetime import UTC, date, datetime, time, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.errors import AccountError
from accounts.models import ApiToken, Scope, User

# So that scanners of repositories and logs recognise one: debrief_ and 72 hexadecimal digits.
MARK = "debrief_"
# The eight digits that lists show leave 256 bits that nobody sees.
RANDOM_BYTES = 36
SHOWN_DIGITS = 8
USE_IS_NOTED_EVERY = timedelta(minutes=1)


def create_token(
    *, name: str, scopes: list[str], last_day: date | None = None, actor: User, now: datetime
) -> tuple[ApiToken, str]:
    """A token, and its text, which exists nowhere else from now on; it works to the end of its last day in UTC."""
    if not scopes or set(scopes) - set(Scope.values):
        raise AccountError(_("Choose what the token allows."), field="scopes")
    expires_at = datetime.combine(last_day + timedelta(days=1), time(), UTC) if last_day else None
    if expires_at and expires_at <= now:
        raise AccountError(_("This day has passed. Choose a later one, or none."), field="last_day")
    text = MARK + secrets.token_hex(RANDOM_BYTES)
    token = ApiToken.objects.create(
        name=name,
        prefix=text[: len(MARK) + SHOWN_DIGITS],
        sha256=_digest(text),
        scopes=sorted(set(scopes)),
        created_by=actor,
        created_at=now,
        expires_at=expires_at,
    )
    return token, text


@transaction.atomic
def revoke_token(token: ApiToken, *, actor: User, now: datetime) -> ApiToken:
    """The token is refused from now on, for good; revoked a second time, it keeps who did it first."""
    token = ApiToken.objects.select_for_update().get(pk=token.pk)
    if token.revoked_at is None:
        token.revoked_at, token.revoked_by = now, actor
        token.save(update_fields=["revoked_at", "revoked_by"])
    return token


def recognise_token(text: str, *, now: datetime) -> ApiToken:
    """The token with this text; that it was used is noted once a minute. Raises AccountError for one that is refused.

    It is looked up by its hash: how long that takes says nothing about the text of any token.
    """
    token = ApiToken.objects.select_related("created_by").filter(sha256=_digest(text)).first()
    if token is None:
        raise AccountError(_("This token is not known. Check that it was copied whole."))
    if reason := token.refusal(now):
        raise AccountError(reason)
    unnoted = Q(last_used_at=None) | Q(last_used_at__lte=now - USE_IS_NOTED_EVERY)
    ApiToken.objects.filter(unnoted, pk=token.pk).update(last_used_at=now)
    return token


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogateescape")).hexdigest()
