"""The teams: everybody sees them, administrators say who is in them. The page of one team is among the incidents."""

from functools import partial

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import check_administrator, get_editable_team
from accounts.forms import TeamForm
from accounts.queries import is_team_used, list_retired_teams, list_teams
from accounts.request import Request
from accounts.services.teams import add_team, change_team, retire_team, team_values
from lib.forms import carry_out


@require_safe
def list(request: Request) -> HttpResponse:
    """Every team with its members, and those that are retired."""
    context = {"teams": list_teams().prefetch_related("members"), "retired": list_retired_teams(request.user)}
    return render(request, "accounts/teams/list.html", context)


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


@require_POST
def retirement(request: Request, pk: int) -> HttpResponse:
    """The team can be chosen no more; with `undo`, it can again."""
    team = get_editable_team(request.user, pk)
    if "undo" in request.POST:
        messages.success(request, _("“%(name)s” can be chosen again.") % {"name": team})
        return redirect(retire_team(team, now=None))
    retire_team(team, now=timezone.now())
    if is_team_used(team, request.user):
        messages.success(request, _("“%(name)s” is retired. It stays where it is named.") % {"name": team})
        return redirect(team)
    messages.success(request, _("“%(name)s” was removed. A team of this name will be a new one.") % {"name": team})
    return redirect("accounts:team_list")
