"""Incidents that are like one."""

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from accounts.request import Request
from incidents.access import get_visible_incident
from incidents.queries.similar import list_similar
from incidents.views.panels import PAGE
from lib.http import page_or_fragment

PANEL = "incidents/similar/_panel.html"


@require_safe
def list(request: Request, number: int) -> HttpResponse:
    """The panel with the incidents most like this one, and why they are."""
    incident = get_visible_incident(request.user, number)
    context = {"incident": incident, "similar": list_similar(request.user, incident)}
    return page_or_fragment(request, PAGE, PANEL, context)
