"""Records that programs name: what they are, or a problem that points to the name that is none."""

from collections.abc import Callable
from typing import Any, TypeVar

from django.utils.translation import gettext as _

from accounts.models import Team, User
from incidents.api.schemas import IncidentIn
from incidents.models import Service, SeverityLevel
from incidents.queries.names import find_people, find_services, find_severity, find_teams
from lib.problems import Problem

# What is sent by name, and looked up.
NAMED = ("services", "people", "teams")
Named = TypeVar("Named")


def severity_of(wanted: int | str | None) -> SeverityLevel | None:
    """The level; None where none was said."""
    if wanted is None:
        return None
    if level := find_severity(wanted):
        return level
    detail = _("There is no severity with this name. Send a level from 1 to 5, or a name from the page Severities.")
    raise Problem(422, detail, errors=[{"pointer": "/severity", "detail": detail}])


def services_of(names: list[str]) -> list[Service]:
    """The services."""
    unknown = _("There is no service with this name. Services are on the page Services.")
    return _found("services", names, find_services, unknown)


def audience_of(sent: IncidentIn) -> dict[str, Any]:
    """Who sees a restricted incident; naming them for an open one is a slip that would show it to everybody."""
    named = {"people": sent.people, "teams": sent.teams}
    if sent.visibility == "open" and (given := [name for name, names in named.items() if names]):
        detail = _("People and teams are named for restricted incidents alone. Send “restricted” as visibility too.")
        raise Problem(422, detail, errors=[{"pointer": f"/{name}", "detail": detail} for name in given])
    people: list[User] = _found(
        "people",
        sent.people,
        find_people,
        _("Nobody who may sign in has this user name. Send the name they sign in with."),
    )
    teams: list[Team] = _found(
        "teams", sent.teams, find_teams, _("There is no team with this name. Teams are on the page Teams.")
    )
    return {"people": people, "teams": teams}


def _found(
    place: str, names: list[str], find: Callable[[list[str]], tuple[list[Named], list[str]]], sentence: str
) -> list[Named]:
    found, unknown = find(names)
    if unknown:
        errors = [{"pointer": f"/{place}/{names.index(name)}", "detail": sentence} for name in unknown]
        raise Problem(422, sentence, errors=errors)
    return found
