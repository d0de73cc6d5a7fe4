"""Beginning a post-mortem from a template of one's choice."""

from functools import partial

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from accounts.request import Request
from incidents.access import get_editable_incident
from incidents.forms.postmortem_templates import DraftForm
from incidents.queries.postmortem_templates import chosen_template, list_templates
from incidents.services.drafts import start_postmortem
from lib.forms import carry_out


@require_http_methods(["GET", "POST"])
def create(request: Request, number: int) -> HttpResponse:
    """Choose a template and begin; where the document stands, it is that one."""
    incident = get_editable_incident(request.user, number)
    if hasattr(incident, "postmortem"):
        return redirect(incident.postmortem)
    form = DraftForm(
        request.POST if request.method == "POST" else None, initial={"template": chosen_template(incident)}
    )
    if begun := carry_out(form, partial(start_postmortem, incident, actor=request.user)):
        return redirect(begun)
    context = {"incident": incident, "form": form, "templates": list_templates()}
    return render(request, "incidents/draft/create.html", context, status=422 if form.is_bound else 200)
