"""Replicas: the backups of a database."""

from functools import partial

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.request import Request
from lib.forms import carry_out
from lib.http import is_fragment_wanted, page_or_fragment
from recovery.access import get_administered_database, get_administered_replica, get_visible_replica
from recovery.forms import ReplicaEditForm, ReplicaForm
from recovery.models import Replica
from recovery.services.example import queue_preparation
from recovery.services.registration import add_replica, change_replica
from recovery.views import databases


@require_http_methods(["GET", "POST"])
def create(request: Request, name: str) -> HttpResponse:
    """Add a replica."""
    database = get_administered_database(request.user, name)
    form = ReplicaForm(request.POST or None)
    if carry_out(form, partial(add_replica, database)):
        messages.success(request, _("Added. Run a restore test to see whether it can be brought back."))
        return redirect(database)
    context = {"form": form, "database": database}
    return render(request, "recovery/replica/create.html", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "POST"])
def edit(request: Request, name: str, replica: str) -> HttpResponse:
    """Correct where the replica is."""
    known = get_administered_replica(request.user, name, replica)
    form = ReplicaEditForm(request.POST or None, initial={"destination": known.destination})
    if carry_out(form, partial(change_replica, known)):
        messages.success(request, _("Saved. Run a restore test to see whether it can be brought back."))
        return redirect(known.database)
    context = {"form": form, "database": known.database, "replica": known}
    return render(request, "recovery/replica/edit.html", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "POST"])
def preparation(request: Request, name: str, replica: str) -> HttpResponse:
    """How far the example's replica is, which htmx asks for again and again; to try again, the same by POST."""
    if request.method == "POST":
        known = queue_preparation(get_administered_replica(request.user, name, replica))
        return redirect(known.database)
    known = get_visible_replica(request.user, name, replica)
    if is_fragment_wanted(request) and known.status == Replica.Status.PREPARING:
        return HttpResponse(status=204)
    context = databases.page(known.database, request.user) | {"replica": known}
    return page_or_fragment(request, databases.PAGE, "recovery/replica/_panel.html", context)
