"""Teams: who is in them."""

from collections.abc import Iterable
from datetime import datetime
from itertools import count
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.errors import AccountError
from accounts.models import Team, User
from accounts.services.membership import set_members
from lib.edits import check_unchanged

LONGEST_NAME = 120


def team_values(team: Team) -> dict[str, Any]:
    """What a form over the team is filled with."""
    return {"name": team.name, "members": list(team.members.all())}


@transaction.atomic
def add_team(*, name: str, members: Iterable[User] = ()) -> Team:
    """A new team with these people in it.

    One that was retired or removed under this name gives it away, and keeps what it may see to itself.
    """
    _free_name(name, None)
    team = Team.objects.create(name=name)
    set_members(team, members)
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

    Raises EditConflict when somebody changed it since it was `seen`, and AccountError where somebody joins it who
    would see what is kept from them.
    """
    team = Team.objects.select_for_update().get(pk=team.pk)
    check_unchanged(team_values(team), seen)
    _free_name(name, team)
    team.name = name
    team.save(update_fields=["name", "updated_at"])
    set_members(team, members)
    return team


def _free_name(name: str, team: Team | None) -> None:
    """No other team has this name: one that can be chosen no more is set aside under its name with the day."""
    others = Team.objects.filter(name__iexact=name).exclude(pk__in=[team.pk] if team else [])
    if others.filter(retired_at=None).exists():
        raise AccountError(_("There is already a team with this name; choose another, or use that one."), field="name")
    for other in others.exclude(retired_at=None).select_for_update():
        other.name = _name_aside(other)
        other.save(update_fields=["name", "updated_at"])


def _name_aside(team: Team) -> str:
    for number in count(1):
        suffix = f" ({team.retired_at:%Y-%m-%d})" if number == 1 else f" ({team.retired_at:%Y-%m-%d}, {number})"
        name = team.name[: LONGEST_NAME - len(suffix)] + suffix
        if not Team.objects.filter(name__iexact=name).exists():
            break
    return name
