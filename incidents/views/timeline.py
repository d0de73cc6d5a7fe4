"""The timeline of an incident."""

from functools import partial
from typing import Any

from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts.request import Request
from incidents.access import get_editable_event, get_editable_incident
from incidents.forms.timeline import CorrectEventForm, TimelineEventForm
from incidents.models import Incident
from incidents.queries import list_events
from incidents.services.timeline import add_event, correct_event
from incidents.views.panels import answer
from lib.forms import carry_out

PANEL = "incidents/timeline/_panel.html"


def panel(incident: Incident) -> dict[str, Any]:
    """What the timeline panel shows."""
    return {"events": list_events(incident), "event_form": TimelineEventForm()}


@require_http_methods(["GET", "POST"])
def create(request: Request, number: int) -> HttpResponse:
    """Write down what happened."""
    incident = get_editable_incident(request.user, number)
    form = TimelineEventForm(request.POST or None)
    done = carry_out(form, partial(add_event, incident, actor=request.user, now=timezone.now()))
    context = panel(incident) if done else panel(incident) | {"event_form": form}
    return answer(request, incident, PANEL, context, form=form, done=done)


@require_http_methods(["GET", "POST"])
def edit(request: Request, number: int, pk: int) -> HttpResponse:
    """Correct the time or the text of an event."""
    event = get_editable_event(request.user, number, pk)
    known = {name: getattr(event, name) for name in ("text", "occurred_at", "kind", "is_pinned", "version")}
    form = CorrectEventForm(request.POST or None, initial=known, auto_id=f"id_event_{pk}_%s")
    done = carry_out(form, partial(correct_event, event))
    context = panel(event.incident) | ({} if done else {"edit_form": form, "edited": pk})
    return answer(request, event.incident, PANEL, context, form=form, done=done)
