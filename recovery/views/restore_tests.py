"""Asking for a restore test, watching it, reading its result."""

from functools import partial
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from accounts.models import User
from accounts.request import Request
from lib.forms import carry_out
from lib.http import page_or_fragment
from recovery.access import get_testable_replica, get_visible_test
from recovery.forms import AttachIncidentForm, RestoreTestForm
from recovery.models import RestoreTest
from recovery.queries import list_evidence_of, list_incidents_without, previous_passed
from recovery.services.restore_tests import queue_restore_test
from recovery.views import databases

PAGE = "recovery/restore_test/detail.html"


@require_POST
def create(request: Request, name: str, replica: str) -> HttpResponse:
    """Queue a test; its page shows the progress."""
    wanted = get_testable_replica(request.user, name, replica)
    form = RestoreTestForm(request.POST)
    if test := carry_out(form, partial(queue_restore_test, wanted, actor=request.user, now=timezone.now())):
        return redirect(test)
    context = databases.page(wanted.database, request.user) | {"form": form, "refused": wanted}
    return render(request, databases.PAGE, context, status=422)


@require_safe
def detail(request: Request, number: int) -> HttpResponse:
    """The progress of a running test, which htmx asks for again and again, or the result of a finished one."""
    test = get_visible_test(request.user, number)
    return page_or_fragment(request, PAGE, "recovery/restore_test/_panel.html", panel(test, request.user))


def panel(test: RestoreTest, user: User) -> dict[str, Any]:
    """What the page of a test shows."""
    before = previous_passed(test) if test.is_finished else None
    context = {
        "test": test,
        "previous": before,
        "tables": compare_tables(test.tables, before.tables if before else {}),
        "phases": list_phases(test),
        "longest": max(test.phases.values(), default=0),
        "evidence": list_evidence_of(test),
        "can_write": user.is_writer,
    }
    if test.is_finished and user.is_writer:
        context["form"] = AttachIncidentForm(incidents=list_incidents_without(test))
    return context


PHASE_LABELS = {
    "plan": _("Plan"),
    "restore": _("Fetch and restore"),
    "integrity": _("Integrity check"),
    "foreign_keys": _("Foreign keys"),
    "counts": _("Row counts"),
    "hash": _("SHA-256"),
}


def list_phases(test: RestoreTest) -> list[dict[str, object]]:
    """The phases that were measured, in the order they happen, with their seconds."""
    return [
        {"label": label, "seconds": test.phases[name]} for name, label in PHASE_LABELS.items() if name in test.phases
    ]


def compare_tables(tables: dict[str, int], before: dict[str, int]) -> list[tuple[str, int | None, int | None]]:
    """Each table's rows now and in the last passing test, by name; None where it is missing."""
    return [(name, tables.get(name), before.get(name)) for name in sorted(tables | before)]
