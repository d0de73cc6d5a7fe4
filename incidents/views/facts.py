"""The facts and the impact of an incident."""

from collections.abc import Callable
from functools import partial

from django.forms import Form
from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts.request import Request
from incidents.access import get_editable_incident, get_visible_incident
from incidents.forms.incident import FactsForm, ImpactForm
from incidents.models import Incident
from incidents.services.facts import change_facts, change_impact, fact_values, impact_values
from incidents.views import course
from lib.forms import carry_out
from lib.http import page_or_fragment, saved

PAGE = "incidents/panel.html"


@require_http_methods(["GET", "POST"])
def edit(request: Request, number: int) -> HttpResponse:
    """Title, summary, severity, mode and services."""
    incident = get_editable_incident(request.user, number)
    form = FactsForm(request.POST or None, record=fact_values(incident), user=request.user)
    act = partial(change_facts, incident, actor=request.user, now=timezone.now())
    return _answer(request, incident, form, act, "facts/_panel.html", changed="facts/_saved.html")


@require_http_methods(["GET", "POST"])
def impact_edit(request: Request, number: int) -> HttpResponse:
    """What the incident did."""
    incident = get_editable_incident(request.user, number)
    form = ImpactForm(request.POST or None, record=impact_values(incident))
    panel = "facts/_impact_panel.html"
    return _answer(request, incident, form, partial(change_impact, incident), panel, changed=panel)


def _answer(
    request: Request, incident: Incident, form: Form, act: Callable[..., Incident], panel: str, *, changed: str
) -> HttpResponse:
    """`changed` is the template of what changes with success."""
    context: dict[str, object] = {"incident": incident, "can_write": True}
    if carry_out(form, act):
        incident = get_visible_incident(request.user, incident.number)
        context |= {"incident": incident, **course.head(incident, now=timezone.now())}
        return saved(request, f"incidents/{changed}", context, otherwise=incident)
    # "Cancel" asks for the panel without its form.
    if form.is_bound or "cancel" not in request.GET:
        context["form"] = form
    status = 422 if form.is_bound else 200
    return page_or_fragment(request, PAGE, f"incidents/{panel}", context, status=status)
