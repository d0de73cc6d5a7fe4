"""Who may do what, and the only place that turns user input into people."""

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from accounts.models import ApiToken, Team, User
from accounts.queries import with_teams


def check_writer(user: User) -> None:
    """Refuses viewers with 403 and the way out."""
    if not user.is_writer:
        raise PermissionDenied(_("Viewers read. Ask an administrator for the responder role to make changes."))


def check_administrator(user: User) -> None:
    """Refuses everyone but administrators with 403 and the way out."""
    if not user.is_administrator:
        raise PermissionDenied(_("Only administrators change this. Ask one of them."))


def check_may_oversee(user: User) -> None:
    """Refuses everyone but administrators what they alone read, with 403 and the way out."""
    if not user.is_administrator:
        raise PermissionDenied(_("Only administrators may read this. Ask one of them for what you need to know."))


def get_person(actor: User, pk: int) -> User:
    """The person with this key, for an administrator; 404 where there is none."""
    check_administrator(actor)
    return get_object_or_404(User, pk=pk)


def get_visible_person(pk: int) -> User:
    """The person with this key and their teams, whom everybody with an account may know; 404 where there is none."""
    return get_object_or_404(with_teams(User.objects.all()), pk=pk)


def get_token(actor: User, pk: int) -> ApiToken:
    """The API token with this key, for an administrator; 404 where there is none."""
    check_administrator(actor)
    return get_object_or_404(ApiToken, pk=pk)


def get_team(pk: int) -> Team:
    """The team with this key and its members, whom everybody with an account may know; 404 where there is none."""
    return get_object_or_404(Team.objects.prefetch_related("members"), pk=pk)


def get_editable_team(actor: User, pk: int) -> Team:
    """The team with this key, for an administrator; 404 where there is none."""
    check_administrator(actor)
    return get_team(pk)
