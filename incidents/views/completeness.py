"""What a post-mortem still lacks."""

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from accounts.request import Request
from incidents.access import get_visible_incident, get_visible_postmortem
from incidents.completeness import measure
from lib.http import page_or_fragment

PANEL = "incidents/completeness/_panel.html"


@require_safe
def detail(request: Request, number: int) -> HttpResponse:
    """The meter, and a list of what is missing; whoever may write is led to where it is put right."""
    postmortem = get_visible_postmortem(request.user, number)
    context = {
        "incident": get_visible_incident(request.user, number),
        "completeness": measure(postmortem),
        "can_write": request.user.is_writer,
    }
    return page_or_fragment(request, "incidents/panel.html", PANEL, context)
