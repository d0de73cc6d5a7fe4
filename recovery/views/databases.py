"""Databases and their replicas."""

from functools import partial

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import check_administrator
from accounts.request import Request
from lib.forms import carry_out
from recovery.access import get_administered_database, get_visible_database
from recovery.forms import DatabaseForm, ObjectivesForm, ReplicaForm, RestoreTestForm
from recovery.queries import list_databases, list_restore_tests
from recovery.services.registration import add_replica, change_objectives, register_database


@require_safe
def list(request: Request) -> HttpResponse:
    """Every database, and whether it can be restored."""
    context = {"databases": list_databases(), "can_administer": request.user.is_administrator}
    return render(request, "recovery/database/list.html", context)


@require_safe
def detail(request: Request, name: str) -> HttpResponse:
    """One database: objectives, replicas, history."""
    database = get_visible_database(request.user, name)
    context = {
        "database": database,
        "replicas": database.replicas.all(),
        "tests": list_restore_tests(database),
        "form": RestoreTestForm(),
        "can_write": request.user.is_writer,
        "can_administer": request.user.is_administrator,
    }
    return render(request, "recovery/database/detail.html", context)


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
    """Change the objectives and the owner."""
    database = get_administered_database(request.user, name)
    names = ("rpo_objective_seconds", "rto_objective_seconds", "team")
    form = ObjectivesForm(request.POST or None, initial={name: getattr(database, name) for name in names})
    if carry_out(form, partial(change_objectives, database)):
        messages.success(request, _("Saved. Tests that have run keep the objectives they were measured against."))
        return redirect(database)
    context = {"form": form, "database": database}
    return render(request, "recovery/database/edit.html", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "POST"])
def replica_create(request: Request, name: str) -> HttpResponse:
    """Add a replica."""
    database = get_administered_database(request.user, name)
    form = ReplicaForm(request.POST or None)
    if carry_out(form, partial(add_replica, database)):
        messages.success(request, _("Added. Run a restore test to see whether it can be brought back."))
        return redirect(database)
    context = {"form": form, "database": database}
    return render(request, "recovery/replica/create.html", context, status=422 if form.is_bound else 200)
