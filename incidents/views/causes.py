"""The causes of an incident."""

from functools import partial
from typing import Any

from django.http import HttpResponse
from django.views.decorators.http import require_http_methods

from accounts.request import Request
from incidents.access import get_editable_cause, get_editable_incident
from incidents.forms.cause import CauseForm
from incidents.models import Incident
from incidents.queries.learning import list_causes
from incidents.services.causes import add_cause, change_cause
from incidents.views.panels import answer
from lib.forms import carry_out

PANEL = "incidents/cause/_panel.html"


def panel(incident: Incident) -> dict[str, Any]:
    """What the panel of causes shows."""
    return {"causes": list_causes(incident)}


@require_http_methods(["GET", "POST"])
def create(request: Request, number: int) -> HttpResponse:
    """Record a cause."""
    incident = get_editable_incident(request.user, number)
    form = CauseForm(request.POST or None, incident=incident, auto_id="id_cause_%s")
    done = carry_out(form, partial(add_cause, incident))
    return answer(request, incident, PANEL, panel(incident), opened={"add_form": form}, done=done)


@require_http_methods(["GET", "POST"])
def edit(request: Request, number: int, pk: int) -> HttpResponse:
    """Reword or reclassify a cause."""
    cause = get_editable_cause(request.user, number, pk)
    form = CauseForm(request.POST or None, incident=cause.incident, cause=cause, auto_id=f"id_cause_{pk}_%s")
    done = carry_out(form, partial(change_cause, cause))
    opened = {"edit_form": form, "edited": pk}
    return answer(request, cause.incident, PANEL, panel(cause.incident), opened=opened, done=done)
