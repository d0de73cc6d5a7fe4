"""The command palette: where to go, suggested while somebody types."""

from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.models import User
from accounts.request import Request
from incidents.queries.destinations import Destination, find_by_name, find_incidents, find_numbered, resolve
from incidents.views.palette_commands import list_commands, list_more_of_incident, list_of_incident, list_pages
from lib.folding import fold
from lib.search_words import clean

# (what the group is called, what is in it)
Groups = list[tuple[str, list[Destination]]]


@require_safe
def suggestions(request: Request) -> HttpResponse:
    """Groups of options for the palette's list box; without words, what can be done here and what is going on."""
    typed = clean(request.GET.get("q", ""))
    number = request.GET.get("incident", "")
    groups = [(name, found) for name, found in _groups(request.user, typed, number) if found]
    return render(
        request,
        "incidents/palette/_options.html",
        {"groups": groups, "total": sum(len(found) for _name, found in groups)},
    )


def _groups(user: User, typed: str, number: str) -> Groups:
    exact = resolve(user, typed)
    everywhere = [Destination(_("Search for “%(typed)s”") % {"typed": typed}, _search(typed))] if typed else []
    return [
        (_("Go to"), [exact] if exact else []),
        (_("This incident"), _matching(_of_incident(user, typed, number), typed)),
        (_("Incidents"), [] if exact else find_incidents(user, typed)),
        (_("Commands"), _matching(_commands(user, typed), typed)),
        (_("Names"), find_by_name(user, typed)),
        (_("Search"), everywhere),
    ]


def _matching(commands: list[Destination], typed: str) -> list[Destination]:
    words = fold(typed).split()
    return [one for one in commands if all(word in fold(f"{one.label} {one.hint} {one.synonyms}") for word in words)]


def _search(typed: str) -> str:
    return f"{reverse('incidents:search')}?{urlencode({'q': typed})}"


def _commands(user: User, typed: str) -> list[Destination]:
    return list_commands(user) + (list_pages(user) if typed else [])


def _of_incident(user: User, typed: str, number: str) -> list[Destination]:
    """What can be done on the incident whose page is open."""
    if (incident := find_numbered(user, number)) is None:
        return []
    return list_of_incident(user, incident) + (list_more_of_incident(user, incident) if typed else [])
