"""The first page: what is going on now."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.request import Request
from incidents.queries.board import board_version, has_incidents, read_board
from lib.http import is_fragment_wanted


@require_safe
def detail(request: Request) -> HttpResponse:
    """What goes on and what is owed; on a new installation, the way to begin.

    The page asks for its board again every few seconds, and gets 204 while nothing on it has changed.
    """
    now = timezone.now()
    if is_fragment_wanted(request):
        if request.GET.get("seen") == board_version(request.user, now=now):
            return HttpResponse(status=204)
        return render(request, "incidents/board/_saved.html", {"board": read_board(request.user, now=now)})
    if not has_incidents(request.user):
        return render(request, "incidents/incident/board.html", {"board": None})
    return render(request, "incidents/incident/board.html", {"board": read_board(request.user, now=now)})
