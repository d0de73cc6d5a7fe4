"""The teams: everybody sees them, administrators say who is in them. The page of one team is among the incidents."""

from functools import partial

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import check_administrator, get_editable_team
from accounts.forms import TeamForm
from accounts.queries import list_teams
from accounts.request import Request
from accounts.services.teams import add_team, change_team, team_values
from lib.forms import carry_out


@require_safe
def list(request: Request) -> HttpResponse:
    """Every team with its members."""
    teams = list_teams().prefetch_related("members")
    return render(request, "accounts/teams/list.html", {"teams": teams})


@require_http_methods(["GET", "POST"])
def create(request: Request) -> HttpResponse:
    """Add a team."""
    check_administrator(request.user)
    form = TeamForm(request.POST or None)
    if team := carry_out(form, add_team):
        return redirect(team)
    return render(request, "accounts/teams/edit.html", {"form": form}, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "POST"])
def edit(request: Request, pk: int) -> HttpResponse:
    """Change what a team is called and who is in it."""
    team = get_editable_team(request.user, pk)
    form = TeamForm(request.POST or None, record=team_values(team))
    if changed := carry_out(form, partial(change_team, team)):
        messages.success(request, _("Saved."))
        return redirect(changed)
    context = {"form": form, "team": team}
    return render(request, "accounts/teams/edit.html", context, status=422 if form.is_bound else 200)
