"""Where the response stands."""

from functools import partial

from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts.request import Request
from incidents.access import get_editable_incident
from incidents.forms.course import StatusForm
from incidents.lifecycle import MILESTONES, TRANSITIONS, Status
from incidents.models import Incident
from incidents.services.status import change_status, implied_milestones, taken_back_milestones
from incidents.views import course
from lib.forms import carry_out
from lib.http import page_or_fragment, saved

PAGE = "incidents/panel.html"
PANEL = "incidents/facts/_status_panel.html"


@require_http_methods(["GET", "POST"])
def edit(request: Request, number: int) -> HttpResponse:
    """The next status; head, milestones and timeline change with it, so the page is loaded anew."""
    incident = get_editable_incident(request.user, number)
    obstacles = course.obstacles(incident)
    may_override = request.user.is_administrator and bool(obstacles["obstacles"])
    form = StatusForm(request.POST or None, incident=incident, may_override=may_override)
    if carry_out(form, partial(change_status, incident, actor=request.user, now=timezone.now())):
        return saved(request, None, {}, otherwise=incident)
    context = {"incident": incident, "can_write": True, **obstacles}
    # "Cancel" asks for the panel without its form.
    if form.is_bound or "cancel" not in request.GET:
        context |= {"form": form, "consequences": _consequences(incident)}
    return page_or_fragment(request, PAGE, PANEL, context, status=422 if form.is_bound else 200)


def _consequences(incident: Incident) -> list[tuple[str, str, str]]:
    """For each status that may follow: its name, the milestones it sets, and those it takes back."""
    return [
        (str(after.label), _names(implied_milestones(incident, after)), _names(taken_back_milestones(incident, after)))
        for after in TRANSITIONS[Status(incident.status)]
    ]


def _names(milestones: list[str]) -> str:
    return ", ".join(str(MILESTONES[name]) for name in milestones)
