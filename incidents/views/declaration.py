"""Declaring an incident."""

from functools import partial
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts.access import check_writer
from accounts.request import Request
from incidents.forms.declaration import DeclareForm
from incidents.models import Mode
from incidents.services.declaration import declare_incident
from lib.forms import carry_out


@require_http_methods(["GET", "POST"])
def create(request: Request) -> HttpResponse:
    """One field is enough; `?mode=retrospective` and `?mode=drill` begin with the rest open."""
    check_writer(request.user)
    form = DeclareForm(request.POST or None, user=request.user, initial=_chosen(request))
    if incident := carry_out(form, partial(declare_incident, actor=request.user, now=timezone.now())):
        return redirect(incident)
    return render(request, "incidents/incident/create.html", {"form": form}, status=422 if form.is_bound else 200)


def _chosen(request: Request) -> dict[str, Any]:
    mode = request.GET.get("mode")
    return {"mode": mode} if mode in (Mode.RETROSPECTIVE, Mode.DRILL) else {}
