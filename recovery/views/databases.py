"""Databases: what is protected."""

from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import check_administrator
from accounts.models import User
from accounts.request import Request
from lib.forms import carry_out
from recovery.access import get_administered_database, get_visible_database
from recovery.forms import DatabaseEditForm, DatabaseForm, RestoreTestForm
from recovery.models import Database
from recovery.queries import list_databases, list_restore_tests
from recovery.services.registration import change_database, register_database

PAGE = "recovery/database/detail.html"


@require_safe
def list(request: Request) -> HttpResponse:
    """Every database, and whether it can be restored."""
    context = {"databases": list_databases(), "can_administer": request.user.is_administrator}
    return render(request, "recovery/database/list.html", context)


@require_safe
def detail(request: Request, name: str) -> HttpResponse:
    """One database: objectives, replicas, history."""
    database = get_visible_database(request.user, name)
    return render(request, PAGE, page(database, request.user))


def page(database: Database, user: User) -> dict[str, Any]:
    """What the page of a database shows."""
    return {
        "database": database,
        "replicas": database.replicas.all(),
        "tests": list_restore_tests(database),
        "form": RestoreTestForm(),
        "can_write": user.is_writer,
        "can_administer": user.is_administrator,
    }


@require_http_methods(["GET", "POST"])
def create(request: Request) -> HttpResponse:
    """Register a database."""
    check_administrator(request.user)
    form = DatabaseForm(request.POST or None)
    if database := carry_out(form, register_database):
        messages.success(request, _("Registered. Add a replica of it to run restore tests."))
        return redirect("recovery:replica_create", database.name)
    return render(request, "recovery/database/create.html", {"form": form}, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "POST"])
def edit(request: Request, name: str) -> HttpResponse:
    """Change the path, the objectives and the owner."""
    database = get_administered_database(request.user, name)
    names = ("path", "rpo_objective_seconds", "rto_objective_seconds", "team")
    form = DatabaseEditForm(request.POST or None, initial={name: getattr(database, name) for name in names})
    if carry_out(form, partial(change_database, database)):
        messages.success(request, _("Saved. Tests that have run keep the objectives they were measured against."))
        return redirect(database)
    context = {"form": form, "database": database}
    return render(request, "recovery/database/edit.html", context, status=422 if form.is_bound else 200)
