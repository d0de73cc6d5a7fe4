"""Who may see an incident."""

from functools import partial

from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts.request import Request
from incidents.access import get_editable_incident
from incidents.forms.visibility import VisibilityForm
from incidents.queries.roles import list_holders
from incidents.services.visibility import change_visibility, visibility_values
from incidents.views.panels import PAGE
from lib.forms import carry_out
from lib.http import page_or_fragment, saved

PANEL = "incidents/visibility/_panel.html"


@require_http_methods(["GET", "POST"])
def edit(request: Request, number: int) -> HttpResponse:
    """Open the incident to everyone, or restrict it to people and teams."""
    incident = get_editable_incident(request.user, number)
    values = visibility_values(incident)
    form = VisibilityForm(request.POST or None, record=values, holders=list_holders(incident))
    if done := carry_out(form, partial(change_visibility, incident, actor=request.user, now=timezone.now())):
        # What the page says of it is in several places.
        return saved(request, None, {}, otherwise=done)
    context = {"incident": incident, "can_write": True, "values": values}
    if form.is_bound or "cancel" not in request.GET:
        context["form"] = form
    return page_or_fragment(request, PAGE, PANEL, context, status=422 if form.is_bound else 200)
