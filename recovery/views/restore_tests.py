"""Asking for a restore test, watching it, reading its result."""

from functools import partial
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from accounts.models import User
from accounts.request import Request
from lib.forms import carry_out
from lib.http import page_or_fragment
from recovery.access import get_testable_replica, get_visible_test
from recovery.filter_forms import TestsForm, address_part, read_filter
from recovery.forms import AttachIncidentForm, RestoreTestForm
from recovery.models import RestoreTest
from recovery.queries import filter_restore_tests, list_evidence_of, list_incidents_without, previous_passed
from recovery.queries.records import find_previous_record, find_record
from recovery.services.acceptance import is_acceptable
from recovery.services.restore_tests import queue_restore_test
from recovery.views import databases
from recovery.views.result import compare_tables, list_lanes, read_loss

PAGE = "recovery/restore_test/detail.html"
PAGE_SIZE = 50


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
def list(request: Request) -> HttpResponse:
    """The tests of all databases, or those that are asked for."""
    form = TestsForm(request.GET)
    wanted = read_filter(form)
    page = Paginator(filter_restore_tests(wanted, request.user), PAGE_SIZE).get_page(request.GET.get("page"))
    context = {"page": page, "filter_form": form, "filter_part": address_part(wanted)}
    return render(request, "recovery/restore_test/list.html", context)


@require_safe
def detail(request: Request, number: int) -> HttpResponse:
    """The progress of a running test, which htmx asks for again and again, or the result of a finished one."""
    test = get_visible_test(request.user, number)
    return page_or_fragment(request, PAGE, "recovery/restore_test/_panel.html", panel(test, request.user))


def find_comparable(test: RestoreTest) -> RestoreTest | None:
    """The last passing test before this one, unless its data is newer than the moment that this one restored to."""
    before = previous_passed(test) if test.is_finished else None
    is_newer = before and test.target_at and before.restored_to and before.restored_to >= test.target_at
    return None if is_newer else before


def panel(test: RestoreTest, user: User) -> dict[str, Any]:
    """What the page of a test shows."""
    before = find_comparable(test)
    record = find_record(test)
    context: dict[str, Any] = {
        "test": test,
        "previous": before,
        "tables": compare_tables(test.tables, before.tables if before else {}),
        "lanes": list_lanes(test.phases),
        "loss": read_loss(test.loss),
        "evidence": list_evidence_of(test, user),
        "record": record,
        "previous_record": find_previous_record(record),
        "is_accepted": test.replica.accepted_test_id == test.pk,
        "is_acceptable": user.is_administrator and is_acceptable(test),
        "can_write": user.is_writer,
    }
    if test.is_finished and user.is_writer and not test.replica.database.is_demonstration:
        context["form"] = AttachIncidentForm(incidents=list_incidents_without(test, user), user=user)
    return context
