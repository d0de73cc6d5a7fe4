"""The timeline of an incident."""

from functools import partial
from typing import Any

from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.request import Request
from incidents.access import get_editable_event, get_editable_incident
from incidents.forms.timeline import CorrectEventForm, TimelineEventForm
from incidents.models import Incident, TimelineEvent
from incidents.queries.timeline import list_events_by_day
from incidents.services.timeline import add_event, correct_event, event_values
from incidents.views.panels import answer
from lib.forms import carry_out
from lib.markdown import render_markdown
from lib.moments import clock_element

PANEL = "incidents/timeline/_panel.html"


def panel(incident: Incident) -> dict[str, Any]:
    """What the timeline panel shows."""
    events = list_events_by_day(incident)
    days = [(day, [_row(event) for event in of_day]) for day, of_day in events]
    return {"days": days, "event_count": sum(len(rows) for _day, rows in days), "event_form": TimelineEventForm()}


def _row(event: TimelineEvent) -> dict[str, Any]:
    """What a row of the timeline shows. Plain values: templates look them up quickest, and a page has hundreds."""
    remarks = [str(event.author)]
    if event.version > 1:
        remarks.append(_("corrected"))
    if not event.is_pinned:
        remarks.append(_("not in the post-mortem"))
    return {
        "pk": str(event.pk),
        "source": event.source,
        "time": clock_element(event.occurred_at),
        "kind": event.kind_label,
        "remarks": " · ".join(remarks),
        "html": render_markdown(event.text),
    }


@require_http_methods(["GET", "POST"])
def create(request: Request, number: int) -> HttpResponse:
    """Write down what happened."""
    incident = get_editable_incident(request.user, number)
    form = TimelineEventForm(request.POST or None)
    done = carry_out(form, partial(add_event, incident, actor=request.user, now=timezone.now()))
    return answer(request, incident, PANEL, panel(incident), opened={"event_form": form}, done=done)


@require_http_methods(["GET", "POST"])
def edit(request: Request, number: int, pk: int) -> HttpResponse:
    """Correct the time or the text of an event."""
    event = get_editable_event(request.user, number, pk)
    form = CorrectEventForm(request.POST or None, record=event_values(event), auto_id=f"id_event_{pk}_%s")
    done = carry_out(form, partial(correct_event, event, now=timezone.now()))
    opened = {"edit_form": form, "edited": str(pk)}
    return answer(request, event.incident, PANEL, panel(event.incident), opened=opened, done=done)
