"""The instants of an incident, from which its durations follow."""

from functools import partial

from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts.request import Request
from incidents.access import get_editable_incident, get_visible_incident
from incidents.forms.incident import MilestonesForm
from incidents.services.status import change_milestones
from incidents.views import course
from lib.forms import carry_out
from lib.http import page_or_fragment, saved

PAGE = "incidents/panel.html"
PANEL = "incidents/facts/_milestones_panel.html"


@require_http_methods(["GET", "POST"])
def edit(request: Request, number: int) -> HttpResponse:
    """The instants; the picture and the head follow from them."""
    incident = get_editable_incident(request.user, number)
    form = MilestonesForm(request.POST or None, record=incident.milestones, zone=incident.zone)
    now = timezone.now()
    context = {"incident": incident, "can_write": True}
    if carry_out(form, partial(change_milestones, incident, now=now)):
        incident = get_visible_incident(request.user, number)
        context["incident"] = incident
        context |= course.head(incident, now=now) | course.course(incident, now=now)
        return saved(request, "incidents/course/_saved.html", context, otherwise=incident)
    if form.is_bound or "cancel" not in request.GET:
        context["form"] = form
    context |= course.course(incident, now=now)
    return page_or_fragment(request, PAGE, PANEL, context, status=422 if form.is_bound else 200)
