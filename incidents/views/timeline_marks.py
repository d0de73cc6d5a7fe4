"""Pinning and hiding events of the timeline. The same button takes it back."""

from django.http import HttpResponse, HttpResponseBadRequest
from django.views.decorators.http import require_POST

from accounts.request import Request
from incidents.access import get_editable_event, get_editable_incident
from incidents.services.timeline import mark_event, mark_system_events
from incidents.views.timeline import PANEL, are_hidden_asked_for, changed_row, panel
from lib.http import saved

MARKS = ("is_pinned", "is_hidden")


@require_POST
def marks(request: Request, number: int, pk: int) -> HttpResponse:
    """Pin an event or take it out of the post-mortem; hide it or show it again."""
    event = get_editable_event(request.user, number, pk)
    asked = _read(request)
    if not asked:
        return HttpResponseBadRequest()
    return changed_row(request, mark_event(event, **asked), "incidents/timeline/_corrected.html")


@require_POST
def system_events(request: Request, number: int) -> HttpResponse:
    """Hide all that the system wrote into the timeline, or show it again."""
    incident = get_editable_incident(request.user, number)
    asked = _read(request)
    if "is_hidden" not in asked:
        return HttpResponseBadRequest()
    mark_system_events(incident, is_hidden=asked["is_hidden"])
    context = panel(incident, request.user, shows_hidden=are_hidden_asked_for(request)) | {"incident": incident}
    return saved(request, PANEL, context, otherwise=f"{incident.get_absolute_url()}#timeline-panel")


def _read(request: Request) -> dict[str, bool]:
    return {name: request.POST[name] == "yes" for name in MARKS if request.POST.get(name) in ("yes", "no")}
