"""How far a post-mortem is."""

from functools import partial

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts.request import Request
from incidents.access import get_editable_incident
from incidents.forms.course import PostmortemStatusForm
from incidents.models import Postmortem
from incidents.services.postmortem_status import change_postmortem_status
from lib.forms import carry_out
from lib.http import saved


@require_http_methods(["GET", "POST"])
def edit(request: Request, number: int) -> HttpResponse:
    """Publish it, take it back to draft, or say why none is required, also where none was begun."""
    incident = get_editable_incident(request.user, number)
    postmortem: Postmortem | None = getattr(incident, "postmortem", None)
    form = PostmortemStatusForm(request.POST or None)
    done = carry_out(form, partial(change_postmortem_status, incident, actor=request.user, now=timezone.now()))
    if done:
        # From the incident's page, where none was begun, there is nothing to read yet.
        return saved(request, None, {}, otherwise=done if postmortem else incident)
    context = {"incident": incident, "postmortem": postmortem, "form": form, "can_write": True}
    return render(request, "incidents/postmortem/status.html", context, status=422 if form.is_bound else 200)
