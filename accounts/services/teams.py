"""Teams: who is in them."""

from collections.abc import Iterable
from datetime import datetime
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
    """A new team with these people in it; one that was retired or removed under this name comes back."""
    retired = Team.objects.select_for_update().filter(name__iexact=name).exclude(retired_at=None).first()
    if retired is None:
        _check_name(name, None)
    team = retired or Team(name=name)
    team.name, team.retired_at = name, None
    team.save()
    team.members.set(members)
    return team


@transaction.atomic
def retire_team(team: Team, *, now: datetime | None) -> Team:
    """The team can be chosen no more since `now`, and stays where it is named; None: it can be chosen again.

    Its members see what they saw. Also what nothing refers to is kept: deleting it would tell that nothing does, which
    a restricted incident may.
    """
    team = Team.objects.select_for_update().get(pk=team.pk)
    team.retired_at = now and (team.retired_at or now)
    team.save(update_fields=["retired_at", "updated_at"])
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
    other = (others.exclude(pk=team.pk) if team else others).first()
    if other is None:
        return
    sentence = _("There is already a team with this name; choose another, or use that one.")
    if other.retired_at:
        sentence = _("A team with this name was retired or removed; choose another, or add that one again.")
    raise AccountError(sentence, field="name")
