"""Teams: who is in them."""

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.errors import AccountError
from accounts.models import Team, User
from lib.edits import check_unchanged


def team_values(team: Team) -> dict[str, Any]:
    """What a form over the team is filled with."""
    return {"name": team.name, "members": list(team.members.all())}


@transaction.atomic
def add_team(*, name: str, members: Iterable[User] = ()) -> Team:
    """A new team with these people in it."""
    _check_name(name, None)
    team = Team.objects.create(name=name)
    team.members.set(members)
    return team


@transaction.atomic
def change_team(team: Team, *, name: str, members: Iterable[User], seen: str | None = None) -> Team:
    """The team with this name and these people; what restricted incidents they see follows from it.

    Raises EditConflict when somebody changed it since it was `seen`.
    """
    team = Team.objects.select_for_update().get(pk=team.pk)
    check_unchanged(team_values(team), seen)
    _check_name(name, team)
    team.name = name
    team.save(update_fields=["name", "updated_at"])
    team.members.set(members)
    return team


def _check_name(name: str, team: Team | None) -> None:
    others = Team.objects.filter(name__iexact=name)
    if (others.exclude(pk=team.pk) if team else others).exists():
        raise AccountError(_("There is already a team with this name; choose another, or use that one."), field="name")
