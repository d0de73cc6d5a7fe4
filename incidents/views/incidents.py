"""One incident."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.request import Request
from incidents.access import get_visible_incident
from incidents.services.visibility import visibility_values
from incidents.views import action_items, causes, course, improvements, links, relations, timeline
from lib.http import is_fragment_wanted


@require_safe
def detail(request: Request, number: int) -> HttpResponse:
    """Everything about one incident."""
    incident = get_visible_incident(request.user, number)
    context = {
        "incident": incident,
        "can_write": request.user.is_writer,
        **course.panels(incident, now=timezone.now()),
        "visibility": visibility_values(incident),
        **timeline.panel(incident, request.user, shows_hidden="hidden" in request.GET),
        **causes.panel(incident),
        **action_items.panel(incident),
        **improvements.panel(incident),
        **links.panel(incident),
        **relations.panel(incident, request.user),
    }
    return render(request, "incidents/incident/detail.html", context)


@require_safe
def passing(request: Request, number: int) -> HttpResponse:
    """What grows while an incident goes on: its age and its picture; the page asks for it every minute."""
    incident, now = get_visible_incident(request.user, number), timezone.now()
    if not is_fragment_wanted(request):
        return redirect(incident)
    context = {"incident": incident, **course.head(incident, now=now), **course.course(incident, now=now)}
    return render(request, "incidents/course/_passing.html", context)
