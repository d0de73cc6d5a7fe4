"""What else an incident has to do with: related incidents, and what it is a duplicate of."""

from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.models import User
from accounts.request import Request
from incidents.access import get_editable_incident, get_visible_incident
from incidents.forms.records import DuplicateForm, RelationForm
from incidents.models import Incident
from incidents.queries.relations import list_relations
from incidents.services.merging import merge_incident, unmerge_incident
from incidents.services.relations import part_incidents, relate_incidents
from incidents.views.panels import answer
from lib.errors import DomainError
from lib.forms import carry_out
from lib.http import saved

PANEL = "incidents/relation/_panel.html"


def panel(incident: Incident, user: User) -> dict[str, Any]:
    """What the panel of other incidents shows to this person, and the notice of a duplicate."""
    return {"relations": list_relations(incident, user)}


@require_http_methods(["GET", "POST"])
def create(request: Request, number: int) -> HttpResponse:
    """Relate the incident to another one."""
    incident = get_editable_incident(request.user, number)
    form = RelationForm(request.POST or None, user=request.user)
    done = carry_out(form, partial(relate_incidents, incident))
    return answer(request, incident, PANEL, panel(incident, request.user), opened={"relation_form": form}, done=done)


@require_POST
def removal(request: Request, number: int, other: int) -> HttpResponse:
    """Take the relation to the other incident back."""
    incident = get_editable_incident(request.user, number)
    part_incidents(incident, other=get_visible_incident(request.user, other))
    context = {"incident": incident, "can_write": True, **panel(incident, request.user)}
    return saved(request, PANEL, context, otherwise=incident)


@require_http_methods(["GET", "POST"])
def duplicate_create(request: Request, number: int) -> HttpResponse:
    """Merge the incident into the one that it is a duplicate of."""
    incident = get_editable_incident(request.user, number)
    form = DuplicateForm(request.POST or None, user=request.user)
    if merged := carry_out(form, partial(merge_incident, incident, actor=request.user, now=timezone.now())):
        messages.success(request, _("Merged. This can be taken back on this page."))
        return redirect(merged)
    context = {"incident": incident, "form": form}
    return render(request, "incidents/relation/duplicate.html", context, status=422 if form.is_bound else 200)


@require_POST
def duplicate_removal(request: Request, number: int) -> HttpResponse:
    """Take the incident out of the one that it was merged into."""
    incident = get_editable_incident(request.user, number)
    try:
        unmerge_incident(incident, actor=request.user, now=timezone.now())
    except DomainError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("This incident stands by itself again."))
    return redirect(incident)
