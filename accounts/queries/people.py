"""Who there is."""

from collections.abc import Callable
from functools import reduce
from operator import or_

from django.db.models import Prefetch, Q, QuerySet

from accounts.models import Role, Team, User

TeamUse = Callable[[User], Q]
_uses: list[TeamUse] = []


def list_people() -> QuerySet[User]:
    """Everyone, with their teams, by user name."""
    return with_teams(User.objects.order_by("username"))


def list_visible_people(reader: User) -> QuerySet[User]:
    """The people whom lists show to this person: all for administrators, for others those who may sign in."""
    return list_people() if reader.is_administrator else list_people().filter(is_active=True)


def with_teams(people: QuerySet[User]) -> QuerySet[User]:
    """These people with the teams they are in, but for those that are retired."""
    return people.prefetch_related(Prefetch("teams", list_teams()))


def list_active_people() -> QuerySet[User]:
    """Those who can own something: everyone who can sign in."""
    return User.objects.filter(is_active=True).order_by("name", "username")


def list_teams() -> QuerySet[Team]:
    """The teams that can be chosen, by name."""
    return Team.objects.filter(retired_at=None).order_by("name")


def register_team_use(use: TeamUse) -> None:
    """From now on, teams that `use` finds count as used by what a person sees."""
    _uses.append(use)


def list_retired_teams(user: User) -> QuerySet[Team]:
    """The teams that are retired and still named by something that this person sees, by name.

    The others were removed, as far as this person can know: what they do not see may name them still.
    """
    return Team.objects.exclude(retired_at=None).filter(_used_by(user)).order_by("name")


def is_team_used(team: Team, user: User) -> bool:
    """True where something that this person sees names the team."""
    return Team.objects.filter(_used_by(user), pk=team.pk).exists()


def _used_by(user: User) -> Q:
    return reduce(or_, (use(user) for use in _uses), Q(pk__in=[]))


def has_administrator_with_password() -> bool:
    """False on a new installation, until the first administrator has chosen a password."""
    administrators = User.objects.filter(role=Role.ADMINISTRATOR, is_active=True)
    return any(user.has_usable_password() for user in administrators.only("password"))
