"""Who is in which team. What a team may see, its members see: another app may have a say in who joins it."""

from collections.abc import Callable, Iterable

from django.utils.translation import gettext as _

from accounts.errors import AccountError
from accounts.models import Team, User

# Of these people, who are in the team already: those who thereby see what is kept from them.
MembershipCheck = Callable[[Team, set[User]], set[User]]
_checks: list[MembershipCheck] = []


def register_membership_check(check: MembershipCheck) -> None:
    """From now on, nobody joins a team whom `check` finds among those who just did; the team is locked meanwhile."""
    _checks.append(check)


def set_members(team: Team, members: Iterable[User]) -> None:
    """These people are in the team, which is locked, and nobody else is."""
    wanted = set(members)
    joined = wanted - set(team.members.all())
    team.members.set(wanted)
    _check_joined(team, joined, field="members")


def set_teams(person: User, teams: Iterable[Team]) -> None:
    """The person is in these teams, which are locked, and in no other."""
    wanted = set(teams)
    joined = wanted - set(person.teams.all())
    person.teams.set(wanted)
    for team in joined:
        _check_joined(team, {person}, field="teams")


def lock_teams(teams: Iterable[Team]) -> None:
    """Until the transaction ends, nobody else changes who is in them. To be called before any person is locked."""
    list(Team.objects.select_for_update().filter(pk__in=[team.pk for team in teams]).order_by("pk"))


def _check_joined(team: Team, joined: set[User], *, field: str) -> None:
    kept_out: set[User] = set().union(*(check(team, joined) for check in _checks)) if joined else set()
    if kept_out:
        # Of what it would be, nothing may be said: who puts teams together need not see it.
        raise AccountError(
            _(
                "In “%(team)s”, %(people)s would see what is kept from them. "
                "Leave them out, or ask a member of the team to let them see everything that the team sees first."
            )
            % {"team": team, "people": ", ".join(sorted(map(str, kept_out)))},
            field=field,
        )
