"""A team: who is in it, what it owns and what it owes. Teams themselves belong to the accounts app."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.access import get_team
from accounts.queries import is_team_used
from accounts.request import Request
from incidents.queries.services import list_services_of, list_team_items


@require_safe
def detail(request: Request, pk: int) -> HttpResponse:
    """The team's members, services and open action items."""
    team = get_team(pk)
    items = list_team_items(team, request.user)
    context: dict[str, Any] = {"team": team, "services": list_services_of(team), "items": items}
    context["today"] = timezone.localdate()
    if request.user.is_administrator:
        context["is_used"] = is_team_used(team, request.user)
    return render(request, "incidents/team/detail.html", context)
