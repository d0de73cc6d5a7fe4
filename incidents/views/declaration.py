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

PAGE = "incidents/incident/create.html"


@require_http_methods(["GET", "POST"])
def create(request: Request) -> HttpResponse:
    """One field is enough; `?mode=retrospective` and `?mode=drill` begin with the rest open.

    `switch` shows the form in another mode with what was typed so far, and declares nothing.
    """
    check_writer(request.user)
    if "switch" in request.POST:
        return render(request, PAGE, {"form": _switched(request)})
    form = DeclareForm(request.POST or None, user=request.user, initial=_chosen(request.GET.get("mode")))
    if incident := carry_out(form, partial(declare_incident, actor=request.user, now=timezone.now())):
        return redirect(incident)
    return render(request, PAGE, {"form": form}, status=422 if form.is_bound else 200)


def _switched(request: Request) -> DeclareForm:
    typed = DeclareForm(request.POST, user=request.user)
    so_far = {name: typed[name].value() for name in typed.fields}
    return DeclareForm(user=request.user, initial=so_far | _chosen(request.POST.get("switch")))


def _chosen(mode: str | None) -> dict[str, Any]:
    return {"mode": mode} if mode in (Mode.RETROSPECTIVE, Mode.DRILL) else {}
