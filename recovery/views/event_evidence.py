"""The evidence that an event of the timeline rests on."""

from functools import partial

from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts.request import Request
from incidents.access import get_editable_event
from incidents.views.timeline import changed_row, row
from lib.forms import carry_out
from lib.http import page_or_fragment
from recovery.event_forms import EventEvidenceForm
from recovery.services.event_evidence import link_evidence, link_values

PAGE, ROW = "recovery/event_evidence/edit.html", "recovery/event_evidence/_edit.html"


@require_http_methods(["GET", "POST"])
def edit(request: Request, number: int, pk: int) -> HttpResponse:
    """Choose what an event points to."""
    event = get_editable_event(request.user, number, pk)
    form = EventEvidenceForm(
        request.POST or None, incident=event.incident, record=link_values(event), auto_id=f"id_evidence_{pk}_%s"
    )
    done = carry_out(form, partial(link_evidence, event, actor=request.user, now=timezone.now()))
    if done or (not form.is_bound and "cancel" in request.GET):
        return changed_row(request, done or event, "incidents/timeline/_corrected.html")
    context = {"incident": event.incident, "event": row(event, request.user), "form": form}
    return page_or_fragment(request, PAGE, ROW, context, status=422 if form.is_bound else 200)
