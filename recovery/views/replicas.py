"""Replicas: the backups of a database."""

from functools import partial

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from accounts.request import Request
from lib.forms import carry_out
from lib.http import is_fragment_wanted, page_or_fragment
from lib.secret_warnings import warn_of_unreadable
from recovery.access import get_administered_database, get_administered_replica, get_visible_replica
from recovery.models import Replica
from recovery.replica_forms import ReplicaEditForm, ReplicaForm
from recovery.services.example import queue_preparation
from recovery.services.replica_kinds import kind_of, list_kinds
from recovery.services.replica_registration import add_replica, change_replica
from recovery.views import databases

ADDED = _("Added. Run a restore test to see whether it can be brought back.")


@require_http_methods(["GET", "POST"])
def create(request: Request, name: str) -> HttpResponse:
    """Add a replica: first its kind, then where it is."""
    database = get_administered_database(request.user, name)
    kinds = list_kinds(database)
    wanted = request.GET.get("kind", kinds[0].key if len(kinds) == 1 else "")
    kind = next((kind for kind in kinds if kind.key == wanted), None)
    if kind is None:
        return render(request, "recovery/replica/kinds.html", {"database": database, "kinds": kinds})
    form = ReplicaForm(request.POST or None, kind=kind)
    if replica := carry_out(form, partial(add_replica, database)):
        messages.success(request, ADDED if replica.is_reached else _("Added. Set up the agent to test it."))
        _warn(request, replica)
        return redirect(database)
    context = {"form": form, "database": database, "kind": kind, "has_choice": len(kinds) > 1}
    return render(request, "recovery/replica/create.html", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "POST"])
def edit(request: Request, name: str, replica: str) -> HttpResponse:
    """Correct where the replica is, and how it is reached."""
    known = get_administered_replica(request.user, name, replica)
    form = ReplicaEditForm(request.POST or None, kind=kind_of(known), replica=known)
    if changed := carry_out(form, partial(change_replica, known)):
        messages.success(request, _("Saved. Run a restore test to see whether it can be brought back."))
        _warn(request, changed)
        return redirect(known.database)
    context = {"form": form, "database": known.database, "replica": known}
    return render(request, "recovery/replica/edit.html", context, status=422 if form.is_bound else 200)


def _warn(request: Request, replica: Replica) -> None:
    # On its host an agent has the secrets.
    if replica.is_reached:
        warn_of_unreadable(request, replica.secrets)


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
