"""The names that filters know: suggestions for fields, and what the API is given."""

from dataclasses import dataclass

from django.db.models import Exists, OuterRef

from accounts.models import Team, User
from incidents.models import Incident, Service, SeverityLevel, Tag

# Typing finds any name; a list to choose from helps only while it is short.
SUGGESTED = 300


@dataclass(frozen=True)
class Suggestions:
    """Names to choose from; people are pairs of user name and name."""

    services: list[str]
    teams: list[str]
    tags: list[str]
    people: list[tuple[str, str]]


def suggest(user: User) -> Suggestions:
    """Services, teams, people, and the tags of incidents this person sees, by name."""
    return Suggestions(
        [*Service.objects.order_by("name").values_list("name", flat=True)[:SUGGESTED]],
        [*Team.objects.order_by("name").values_list("name", flat=True)[:SUGGESTED]],
        suggest_tags(user),
        [*User.objects.filter(is_active=True).order_by("username").values_list("username", "name")[:SUGGESTED]],
    )


def suggest_tags(user: User) -> list[str]:
    """The tags that are on an incident this person sees: a tag can say what a restricted incident is about."""
    seen = Incident.objects.visible_to(user).filter(tags=OuterRef("pk")).order_by()
    return [*Tag.objects.filter(Exists(seen)).order_by("name").values_list("name", flat=True)[:SUGGESTED]]


def find_severity(wanted: int | str) -> SeverityLevel | None:
    """The level with this number or this name, in any case; None where there is none."""
    levels = SeverityLevel.objects.order_by("level")
    if isinstance(wanted, int):
        return levels.filter(level=wanted).first()
    return levels.filter(name__iexact=wanted).first()


def find_services(names: list[str]) -> tuple[list[Service], list[str]]:
    """The services with these names, and the names that no service has."""
    known = {service.name: service for service in Service.objects.filter(name__in=names)}
    return [known[name] for name in dict.fromkeys(names) if name in known], [n for n in names if n not in known]
