"""The services that incidents disturb."""

from functools import partial

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import check_writer
from accounts.request import Request
from incidents.access import get_editable_service, get_visible_service
from incidents.forms.records import ServiceForm
from incidents.queries.services import list_incidents_of, list_retired_services, list_service_items, list_services
from incidents.services.services import add_service, change_service, retire_service, service_values
from lib.forms import carry_out

PAGE_SIZE = 20


@require_safe
def list(request: Request) -> HttpResponse:
    """All services, and those that are retired."""
    context = {"services": list_services(request.user), "retired": list_retired_services(request.user)}
    return render(request, "incidents/service/list.html", context)


@require_safe
def detail(request: Request, pk: int) -> HttpResponse:
    """One service with its incidents, as far as the reader sees them, and what is owed because of them."""
    service = get_visible_service(request.user, pk)
    page = Paginator(list_incidents_of(service, request.user), PAGE_SIZE).get_page(request.GET.get("page"))
    items = list_service_items(service, request.user)
    context = {"service": service, "page": page, "items": items, "today": timezone.localdate()}
    return render(request, "incidents/service/detail.html", context)


@require_http_methods(["GET", "POST"])
def create(request: Request) -> HttpResponse:
    """Add a service."""
    check_writer(request.user)
    form = ServiceForm(request.POST or None)
    if service := carry_out(form, add_service):
        return redirect(service)
    return render(request, "incidents/service/edit.html", {"form": form}, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "POST"])
def edit(request: Request, pk: int) -> HttpResponse:
    """Change what a service is called, what it is, and who owns it."""
    service = get_editable_service(request.user, pk)
    form = ServiceForm(request.POST or None, record=service_values(service))
    if changed := carry_out(form, partial(change_service, service)):
        messages.success(request, _("Saved."))
        return redirect(changed)
    context = {"form": form, "service": service}
    return render(request, "incidents/service/edit.html", context, status=422 if form.is_bound else 200)


@require_POST
def retirement(request: Request, pk: int) -> HttpResponse:
    """The service can be chosen no more; with `undo`, it can again."""
    service = get_editable_service(request.user, pk)
    if "undo" in request.POST:
        messages.success(request, _("“%(name)s” can be chosen again.") % {"name": service})
        return redirect(retire_service(service, now=None))
    retire_service(service, now=timezone.now())
    if list_incidents_of(service, request.user).exists():
        messages.success(
            request, _("“%(name)s” is retired. It stays on the incidents that name it.") % {"name": service}
        )
        return redirect(service)
    messages.success(
        request, _("“%(name)s” was removed. Adding it under this name brings it back.") % {"name": service}
    )
    return redirect("incidents:service_list")
