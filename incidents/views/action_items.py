"""The action items of an incident."""

from functools import partial
from typing import Any

from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts.request import Request
from incidents.access import get_editable_action_item, get_editable_incident
from incidents.forms.learning import ActionItemForm
from incidents.models import Incident
from incidents.queries.learning import list_action_items
from incidents.services.action_items import add_action_item, change_action_item
from incidents.views.panels import answer
from lib.forms import carry_out

PANEL = "incidents/action_item/_panel.html"


def panel(incident: Incident) -> dict[str, Any]:
    """What the panel of action items shows."""
    items, today = list_action_items(incident), timezone.localdate()
    return {"action_items": items, "overdue": [item.number for item in items if item.is_overdue(today)]}


@require_http_methods(["GET", "POST"])
def create(request: Request, number: int) -> HttpResponse:
    """Promise something."""
    incident = get_editable_incident(request.user, number)
    form = ActionItemForm(request.POST or None, incident=incident, auto_id="id_action_%s")
    done = carry_out(form, partial(add_action_item, incident, now=timezone.now()))
    return answer(request, incident, PANEL, panel(incident), opened={"add_form": form}, done=done)


@require_http_methods(["GET", "POST"])
def edit(request: Request, number: int, item: int) -> HttpResponse:
    """Change a promise, or say that it is kept."""
    record = get_editable_action_item(request.user, number, item)
    form = ActionItemForm(request.POST or None, incident=record.incident, item=record, auto_id=f"id_action_{item}_%s")
    done = carry_out(form, partial(change_action_item, record, now=timezone.now()))
    opened = {"edit_form": form, "edited": item}
    return answer(request, record.incident, PANEL, panel(record.incident), opened=opened, done=done)
