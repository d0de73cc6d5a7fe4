"""The incidents, one of them, and declaring a new one."""

from functools import partial

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import check_writer
from accounts.request import Request
from incidents.access import get_visible_incident
from incidents.forms.incident import DeclareForm
from incidents.queries.incidents import count_ongoing, list_incidents
from incidents.services.declaration import declare_incident
from incidents.views import action_items, causes, facts, improvements, timeline
from lib.forms import carry_out

PAGE_SIZE = 50


@require_safe
def list(request: Request) -> HttpResponse:
    """All incidents, newest first; on a new installation, the way to begin."""
    page = Paginator(list_incidents(request.user), PAGE_SIZE).get_page(request.GET.get("page"))
    context = {"page": page, "ongoing_count": count_ongoing(request.user)}
    return render(request, "incidents/incident/list.html", context)


@require_safe
def detail(request: Request, number: int) -> HttpResponse:
    """Everything about one incident."""
    incident = get_visible_incident(request.user, number)
    context = {
        "incident": incident,
        "can_write": request.user.is_writer,
        **facts.panels(incident),
        **timeline.panel(incident),
        **causes.panel(incident),
        **action_items.panel(incident),
        **improvements.panel(incident),
    }
    return render(request, "incidents/incident/detail.html", context)


@require_http_methods(["GET", "POST"])
def create(request: Request) -> HttpResponse:
    """Declare an incident."""
    check_writer(request.user)
    form = DeclareForm(request.POST or None)
    if incident := carry_out(form, partial(declare_incident, actor=request.user, now=timezone.now())):
        return redirect(incident)
    return render(request, "incidents/incident/create.html", {"form": form}, status=422 if form.is_bound else 200)
