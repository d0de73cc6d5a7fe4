"""Alarms: what somebody must know of."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.request import Request
from recovery.queries.alarms import list_alarms


@require_safe
def list(request: Request) -> HttpResponse:
    """What is wrong now, and what was."""
    current, ended = list_alarms()
    return render(request, "recovery/alarm/list.html", {"alarms": current, "ended": ended})
