"""The names that filters know: suggestions for fields, and what the API is given."""

from dataclasses import dataclass
from typing import TypeVar

from accounts.models import Team, User
from accounts.queries import list_retired_teams, list_teams
from incidents.models import Service, SeverityLevel
from incidents.queries.services import list_choosable_services, list_retired_services
from incidents.queries.tags import list_seen_tags

# Typing finds any name; a list to choose from helps only while it is short.
SUGGESTED = 300
Named = TypeVar("Named")


@dataclass(frozen=True)
class Suggestions:
    """Names to choose from; people are pairs of user name and name."""

    services: list[str]
    teams: list[str]
    tags: list[str]
    people: list[tuple[str, str]]


def suggest(user: User) -> Suggestions:
    """Services, teams, people, and the tags of incidents this person sees, by name.

    Of what is retired, that alone which something names that this person sees.
    """
    services = list_choosable_services() | list_retired_services(user)
    teams = list_teams() | list_retired_teams(user)
    return Suggestions(
        [*services.order_by("name").values_list("name", flat=True)[:SUGGESTED]],
        [*teams.order_by("name").values_list("name", flat=True)[:SUGGESTED]],
        suggest_tags(user),
        [*User.objects.filter(is_active=True).order_by("username").values_list("username", "name")[:SUGGESTED]],
    )


def suggest_tags(user: User) -> list[str]:
    """The tags that are on an incident this person sees."""
    return [*list_seen_tags(user).values_list("name", flat=True)[:SUGGESTED]]


def find_severity(wanted: int | str) -> SeverityLevel | None:
    """The level with this number or this name, in any case; None where there is none."""
    levels = SeverityLevel.objects.order_by("level")
    if isinstance(wanted, int):
        return levels.filter(level=wanted).first()
    return levels.filter(name__iexact=wanted).first()


def find_services(names: list[str]) -> tuple[list[Service], list[str]]:
    """The services with these names, and the names that no service has."""
    return _sort_out(
        names, {service.name: service for service in Service.objects.filter(name__in=names, retired_at=None)}
    )


def find_people(names: list[str]) -> tuple[list[User], list[str]]:
    """Those who may sign in and have these user names, and the names that nobody has."""
    people = User.objects.filter(is_active=True, username__in=names)
    return _sort_out(names, {person.username: person for person in people})


def find_teams(names: list[str]) -> tuple[list[Team], list[str]]:
    """The teams with these names, and the names that no team has."""
    return _sort_out(names, {team.name: team for team in Team.objects.filter(name__in=names, retired_at=None)})


def _sort_out(names: list[str], known: dict[str, Named]) -> tuple[list[Named], list[str]]:
    return [known[name] for name in dict.fromkeys(names) if name in known], [n for n in names if n not in known]
