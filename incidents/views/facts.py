"""The facts, impact, milestones and status of an incident."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.forms import Form
from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts.request import Request
from incidents.access import get_editable_incident, get_visible_incident
from incidents.forms.incident import FactsForm, ImpactForm, MilestonesForm, StatusForm
from incidents.lifecycle import MILESTONES
from incidents.models import Incident
from incidents.services.facts import change_facts, change_impact, fact_values, impact_values
from incidents.services.status import change_milestones, change_status
from lib.forms import carry_out
from lib.http import page_or_fragment, saved

PAGE = "incidents/panel.html"


def panels(incident: Incident) -> dict[str, Any]:
    """What the header, facts, milestones and impact panels show."""
    milestones = [(label, incident.milestones[name]) for name, label in MILESTONES.items()]
    return {"milestones": milestones, "durations": incident.durations}


@require_http_methods(["GET", "POST"])
def edit(request: Request, number: int) -> HttpResponse:
    """Title, summary, severity, mode and services."""
    incident = get_editable_incident(request.user, number)
    form = FactsForm(request.POST or None, record=fact_values(incident))
    act = partial(change_facts, incident, actor=request.user, now=timezone.now())
    return _answer(request, incident, form, act, "facts/_panel.html", changed="facts/_saved.html")


@require_http_methods(["GET", "POST"])
def impact_edit(request: Request, number: int) -> HttpResponse:
    """What the incident did."""
    incident = get_editable_incident(request.user, number)
    form = ImpactForm(request.POST or None, record=impact_values(incident))
    panel = "facts/_impact_panel.html"
    return _answer(request, incident, form, partial(change_impact, incident), panel, changed=panel)


@require_http_methods(["GET", "POST"])
def milestones_edit(request: Request, number: int) -> HttpResponse:
    """The instants, from which the durations follow."""
    incident = get_editable_incident(request.user, number)
    form = MilestonesForm(request.POST or None, record=incident.milestones)
    act = partial(change_milestones, incident, now=timezone.now())
    panel = "facts/_milestones_panel.html"
    return _answer(request, incident, form, act, panel, changed=panel)


@require_http_methods(["GET", "POST"])
def status_edit(request: Request, number: int) -> HttpResponse:
    """The next status; head, milestones and timeline change with it, so the page is loaded anew."""
    incident = get_editable_incident(request.user, number)
    form = StatusForm(request.POST or None, incident=incident)
    act = partial(change_status, incident, actor=request.user, now=timezone.now())
    return _answer(request, incident, form, act, "facts/_status_panel.html", changed=None)


def _answer(
    request: Request, incident: Incident, form: Form, act: Callable[..., Incident], panel: str, *, changed: str | None
) -> HttpResponse:
    """`changed` is the template of what changes with success; None where the whole page does."""
    context = {"incident": incident, "can_write": True}
    if carry_out(form, act):
        incident = get_visible_incident(request.user, incident.number)
        context = {"incident": incident, "can_write": True, **panels(incident)}
        template = f"incidents/{changed}" if changed else None
        return saved(request, template, context, otherwise=incident)
    # "Cancel" asks for the panel without its form.
    if form.is_bound or "cancel" not in request.GET:
        context["form"] = form
    status = 422 if form.is_bound else 200
    return page_or_fragment(request, PAGE, f"incidents/{panel}", context | panels(incident), status=status)
