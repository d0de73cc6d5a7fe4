"""Checks: what must hold in every restore of a database."""

from functools import partial
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.request import Request
from lib.errors import DomainError
from lib.forms import carry_out
from recovery.access import get_administered_check, get_administered_database, get_visible_database
from recovery.check_forms import FORMS, initial_of
from recovery.database_forms import HeartbeatForm
from recovery.models import Check, Database
from recovery.queries import list_checks, list_known_tables
from recovery.services.check_changes import add_check, change_check, list_addable_kinds, remove_check, switch_check
from recovery.services.heartbeats import set_heartbeat


@require_safe
def list(request: Request, name: str) -> HttpResponse:
    """Every check of a database, and the kinds that can be added."""
    return render(request, "recovery/check/list.html", page(get_visible_database(request.user, name), request))


def page(database: Database, request: Request) -> dict[str, Any]:
    """What the page of all checks shows."""
    initial = {"table": database.heartbeat_table, "column": database.heartbeat_column}
    return {
        "database": database,
        "checks": list_checks(database),
        "kinds": list_addable_kinds(database),
        "changeable": FORMS,
        "heartbeat_form": HeartbeatForm(initial=initial),
        "tables": list_known_tables(database),
        "can_administer": request.user.is_administrator,
    }


@require_POST
def heartbeat(request: Request, name: str) -> HttpResponse:
    """Say which column is the heartbeat."""
    database = get_administered_database(request.user, name)
    form = HeartbeatForm(request.POST)
    if carry_out(form, partial(set_heartbeat, database)):
        messages.success(request, _("Saved. The RPO is measured by it from the next restore test on."))
        return redirect("recovery:check_list", database.name)
    context = page(database, request) | {"heartbeat_form": form}
    return render(request, "recovery/check/list.html", context, status=422)


@require_http_methods(["GET", "POST"])
def create(request: Request, name: str, kind: str) -> HttpResponse:
    """Add a check of this kind."""
    database = get_administered_database(request.user, name)
    if kind not in list_addable_kinds(database):
        raise Http404
    form = FORMS[kind](request.POST or None)
    if carry_out(form, partial(add_check, database, kind=kind, actor=request.user)):
        messages.success(request, _("Added. It counts from the next restore test on."))
        return redirect("recovery:check_list", database.name)
    return _form_page(request, database, form, {"kind": Check.Kind(kind)})


@require_http_methods(["GET", "POST"])
def edit(request: Request, pk: int) -> HttpResponse:
    """Change what a check asks for."""
    check = get_administered_check(request.user, pk)
    if check.kind not in FORMS:
        raise Http404
    form = FORMS[check.kind](request.POST or None, initial=initial_of(check))
    if carry_out(form, partial(change_check, check)):
        messages.success(request, _("Saved. It counts from the next restore test on."))
        return redirect("recovery:check_list", check.database.name)
    return _form_page(request, check.database, form, {"kind": Check.Kind(check.kind), "check": check})


@require_POST
def state(request: Request, pk: int) -> HttpResponse:
    """Switch a check on or off: `is_enabled` is "yes" or absent."""
    check = get_administered_check(request.user, pk)
    check = switch_check(check, is_enabled=request.POST.get("is_enabled") == "yes")
    messages.success(request, _("The check is on.") if check.is_enabled else _("The check is off."))
    return redirect("recovery:check_list", check.database.name)


@require_POST
def removal(request: Request, pk: int) -> HttpResponse:
    """Remove a check that a person added and switched off."""
    check = get_administered_check(request.user, pk)
    try:
        remove_check(check)
    except DomainError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("The check is removed."))
    return redirect("recovery:check_list", check.database.name)


def _form_page(request: Request, database: Database, form: Any, context: dict[str, Any]) -> HttpResponse:
    context |= {"database": database, "form": form, "tables": list_known_tables(database)}
    return render(request, "recovery/check/edit.html", context, status=422 if form.is_bound else 200)
