"""Incident drills: what restoring to just before the impact would give, and lose."""

from functools import partial
from typing import Any

from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from accounts.request import Request
from incidents.access import get_editable_incident, get_visible_incident
from incidents.models import Incident
from lib.forms import carry_out
from lib.http import page_or_fragment, saved
from recovery.forms import DrillForm
from recovery.queries import list_drillable_replicas, list_drills
from recovery.services.drill_reports import describe_loss
from recovery.services.drills import moment_before, queue_drill

PAGE, PANEL = "incidents/panel.html", "recovery/drill/_panel.html"


def panel(incident: Incident) -> dict[str, Any]:
    """What the drill panel of an incident shows."""
    drills = [(drill, describe_loss(drill)) for drill in list_drills(incident)]
    return {
        "incident": incident,
        "drills": drills,
        "is_under_way": any(not drill.is_finished for drill, _loss in drills),
        "moment": moment_before(incident),
        "form": DrillForm(replicas=list_drillable_replicas()),
    }


@require_safe
def list(request: Request, number: int) -> HttpResponse:
    """The drills of an incident, which its page loads and, while one is under way, asks for again."""
    context = panel(get_visible_incident(request.user, number)) | {"can_write": request.user.is_writer}
    return page_or_fragment(request, PAGE, PANEL, context)


@require_POST
def create(request: Request, number: int) -> HttpResponse:
    """Restore a replica to just before the incident."""
    incident = get_editable_incident(request.user, number)
    form = DrillForm(request.POST, replicas=list_drillable_replicas())
    done = carry_out(form, partial(queue_drill, incident=incident, actor=request.user, now=timezone.now()))
    context = panel(incident) | {"can_write": True}
    if done:
        return saved(request, PANEL, context, otherwise=f"{incident.get_absolute_url()}#drill-panel")
    return page_or_fragment(request, PAGE, PANEL, context | {"form": form}, status=422)
