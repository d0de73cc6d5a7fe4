"""What got better after an incident."""

from functools import partial
from typing import Any

from django.http import HttpResponse
from django.views.decorators.http import require_http_methods

from accounts.request import Request
from incidents.access import get_editable_improvement, get_editable_incident
from incidents.documents.improvements import improvement_rows
from incidents.forms.improvement import ImprovementForm
from incidents.models import Incident
from incidents.queries.learning import list_improvements
from incidents.services.improvements import add_improvement, change_improvement
from incidents.views.panels import answer
from lib.forms import carry_out

PANEL = "incidents/improvement/_panel.html"


def panel(incident: Incident) -> dict[str, Any]:
    """What the panel of improvements shows: each with its figures as they are now."""
    improvements = list_improvements(incident)
    return {"improvements": list(zip(improvements, improvement_rows(improvements, incident), strict=True))}


@require_http_methods(["GET", "POST"])
def create(request: Request, number: int) -> HttpResponse:
    """Record a figure before and after."""
    incident = get_editable_incident(request.user, number)
    form = ImprovementForm(request.POST or None, incident=incident, auto_id="id_metric_%s")
    done = carry_out(form, partial(add_improvement, incident))
    return answer(request, incident, PANEL, panel(incident), opened={"add_form": form}, done=done)


@require_http_methods(["GET", "POST"])
def edit(request: Request, number: int, pk: int) -> HttpResponse:
    """Correct a figure."""
    improvement = get_editable_improvement(request.user, number, pk)
    build = partial(ImprovementForm, incident=improvement.incident, improvement=improvement)
    form = build(request.POST or None, auto_id=f"id_metric_{pk}_%s")
    done = carry_out(form, partial(change_improvement, improvement))
    opened = {"edit_form": form, "edited": pk}
    return answer(request, improvement.incident, PANEL, panel(improvement.incident), opened=opened, done=done)
