"""Accepting what a failed test found as how it should be."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.access import check_administrator
from accounts.request import Request
from lib.errors import DomainError
from recovery.access import get_visible_test
from recovery.services.acceptance import accept_result, take_back_acceptance


@require_POST
def edit(request: Request, number: int) -> HttpResponse:
    """Compare later tests with this one from now on, or no more: the `undo` of the same request."""
    test = get_visible_test(request.user, number)
    check_administrator(request.user)
    is_undone = "undo" in request.POST
    act = take_back_acceptance if is_undone else accept_result
    try:
        act(test, actor=request.user, now=timezone.now())
    except DomainError as error:
        messages.error(request, str(error))
    else:
        done = _("Taken back.") if is_undone else _("Accepted. Run a new test: it is compared with this one.")
        messages.success(request, done)
    return redirect(test)
