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
        (_("This incident"), _matching(_of_incident(user, number), typed)),
        (_("Incidents"), [] if exact else find_incidents(user, typed)),
        (_("Commands"), _matching(_commands(user), typed)),
        (_("Names"), find_by_name(user, typed)),
        (_("Search"), everywhere),
    ]


def _matching(commands: list[Destination], typed: str) -> list[Destination]:
    words = fold(typed).split()
    return [one for one in commands if all(word in fold(f"{one.label} {one.hint}") for word in words)]


def _search(typed: str) -> str:
    return f"{reverse('incidents:search')}?{urlencode({'q': typed})}"


def _commands(user: User) -> list[Destination]:
    board = reverse("incidents:board")
    declare = [Destination(_("Declare an incident"), reverse("incidents:incident_create"))] if user.is_writer else []
    return [
        *declare,
        Destination(_("Board"), board, _("What is going on")),
        Destination(_("Incidents"), reverse("incidents:incident_list"), _("All, with filters")),
        Destination(_("My action items"), f"{board}#my-items-title"),
        Destination(_("Insights"), reverse("incidents:insights")),
        Destination(_("Databases"), reverse("recovery:database_list"), _("Recovery")),
        Destination(_("Services"), reverse("incidents:service_list")),
        Destination(_("Teams"), reverse("accounts:team_list")),
    ]


def _of_incident(user: User, number: str) -> list[Destination]:
    """What can be done on the incident whose page is open."""
    if (incident := find_numbered(user, number)) is None:
        return []
    reference = incident.reference
    postmortem = Destination(_("Post-mortem"), reverse("incidents:postmortem", args=[incident.number]), reference)
    changes = [
        Destination(_("Add an event to the timeline"), f"{incident.get_absolute_url()}#timeline-add", reference),
        Destination(_("Change the status"), reverse("incidents:status_edit", args=[incident.number]), reference),
    ]
    return [*(changes if user.is_writer else []), postmortem]
