"""Databases: what is protected."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.forms import Form
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import check_administrator
from accounts.models import User
from accounts.request import Request
from lib.forms import carry_out
from lib.secret_warnings import warn_of_unreadable
from recovery.access import get_administered_database, get_visible_database
from recovery.database_forms import PostgresqlEditForm, PostgresqlForm
from recovery.forms import DatabaseEditForm, DatabaseForm
from recovery.models import Database
from recovery.queries import list_open_alarms, list_readiness
from recovery.services.postgresql_registration import change_postgresql, register_postgresql
from recovery.services.registration import change_database, register_database
from recovery.views.database_page import database_page
from recovery.views.overview import make_rows

PAGE = "recovery/database/detail.html"
PAGE_SIZE = 50
OBJECTIVES = ("rpo_objective_seconds", "rto_objective_seconds", "team")


@dataclass(frozen=True)
class DatabaseKind:
    """The forms and services of one kind of database; `fields` are its own columns in the form."""

    kind: Database.Kind
    fields: tuple[str, ...]
    form: type[Form]
    edit_form: type[Form]
    register: Callable[..., Database]
    change: Callable[..., Database]


KINDS: dict[str, DatabaseKind] = {
    kind.kind: kind
    for kind in (
        DatabaseKind(
            Database.Kind.SQLITE, ("path", "host"), DatabaseForm, DatabaseEditForm, register_database, change_database
        ),
        DatabaseKind(
            Database.Kind.POSTGRESQL,
            ("dsn",),
            PostgresqlForm,
            PostgresqlEditForm,
            register_postgresql,
            change_postgresql,
        ),
    )
}


@require_safe
def list(request: Request) -> HttpResponse:
    """Every database, and whether it can be restored."""
    now = timezone.now()
    databases = list_readiness(now=now)
    page = Paginator(databases, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rows": make_rows([*page], now=now),
        "counts": Counter("bad" if one.readiness.is_bad else one.readiness.value for one in databases),
        "alarms": list_open_alarms(),
        "has_demonstration": any(one.is_demonstration for one in databases),
        "can_administer": request.user.is_administrator,
    }
    return render(request, "recovery/database/list.html", context)


@require_safe
def detail(request: Request, name: str) -> HttpResponse:
    """One database: how it stands, its replicas, charts and history."""
    database = get_visible_database(request.user, name)
    return render(request, PAGE, database_page(database, request.user, request.GET))


def page(database: Database, user: User) -> dict[str, Any]:
    """What the page of a database shows when nothing particular of its history is asked for."""
    return database_page(database, user, QueryDict())


@require_http_methods(["GET", "POST"])
def create(request: Request) -> HttpResponse:
    """Register a database; `?kind=postgresql` for one that is no SQLite file."""
    check_administrator(request.user)
    kind = KINDS.get(request.GET.get("kind", ""), KINDS[Database.Kind.SQLITE])
    form = kind.form(request.POST or None)
    if database := carry_out(form, kind.register):
        messages.success(request, _("Registered. Add a replica of it to run restore tests."))
        warn_of_unreadable(request, database.secrets)
        return redirect("recovery:replica_create", database.name)
    context = {"form": form, "kind": kind.kind, "kinds": Database.Kind}
    return render(request, "recovery/database/create.html", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "POST"])
def edit(request: Request, name: str) -> HttpResponse:
    """Change where it is, the objectives and the owner."""
    database = get_administered_database(request.user, name)
    kind = KINDS[database.kind]
    initial = {field: getattr(database, field) for field in (*OBJECTIVES, *kind.fields)}
    initial["password"] = database.secrets.get("password", "")
    form = kind.edit_form(request.POST or None, initial=initial)
    if changed := carry_out(form, partial(kind.change, database)):
        messages.success(request, _("Saved. Tests that have run keep the objectives they were measured against."))
        warn_of_unreadable(request, changed.secrets)
        return redirect(database)
    context = {"form": form, "database": database}
    return render(request, "recovery/database/edit.html", context, status=422 if form.is_bound else 200)
