"""Who has which part in a response, and what the parts are."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.request import Request
from incidents.access import get_editable_incident, get_editable_role, get_visible_incident
from incidents.forms.course import RoleForm
from incidents.models import Incident, RoleAssignment
from incidents.queries.people import list_holders_by_role
from incidents.queries.roles import list_successors
from incidents.services.roles import assign_role, release_role
from incidents.views import course
from lib.forms import carry_out
from lib.http import is_fragment_wanted, page_or_fragment, saved

PAGE = "incidents/panel.html"
PANEL = "incidents/role/_panel.html"
SAVED = "incidents/role/_saved.html"


@require_safe
def list(request: Request) -> HttpResponse:
    """What each role is there for, and who holds it in the incidents that go on."""
    return render(request, "incidents/role/list.html", {"roles": list_holders_by_role(request.user)})


@require_http_methods(["GET", "POST"])
def edit(request: Request, number: int) -> HttpResponse:
    """The roles and their history; a POST gives one to somebody, or takes it."""
    incident = get_visible_incident(request.user, number)
    if request.method == "GET":
        context = _context(request, incident)
        return page_or_fragment(request, PAGE, PANEL, context if "cancel" in request.GET else _with_form(context))
    incident = get_editable_incident(request.user, number)
    form = RoleForm(request.POST, incident=incident)
    return _answer(request, incident, form, partial(assign_role, incident))


@require_safe
def successors(request: Request, number: int) -> HttpResponse:
    """Who else can be given the command, for the menu that was opened; for a plain browser the form that asks whom."""
    incident = get_editable_incident(request.user, number)
    if not is_fragment_wanted(request):
        return redirect("incidents:roles_edit", number)
    return render(request, "incidents/role/_successors.html", {"successors": list_successors(incident)})


@require_POST
def release(request: Request, number: int, pk: int) -> HttpResponse:
    """One who holds a role holds it no longer."""
    assignment = get_editable_role(request.user, number, pk)
    return _answer(request, assignment.incident, Form(request.POST), partial(release_role, assignment))


def _answer(request: Request, incident: Incident, form: Form, act: Callable[..., RoleAssignment]) -> HttpResponse:
    was_acknowledged = incident.acknowledged_at
    done = carry_out(form, partial(act, actor=request.user, now=timezone.now()))
    incident = get_visible_incident(request.user, incident.number)
    context = _context(request, incident)
    if done is None:
        context = _with_form(context)
        # What was chosen stays, beside who holds what now: sent once more, it is meant in spite of that.
        context["role_form"].initial |= {name: request.POST.get(name) for name in ("role", "person")}
        context["refusal"] = " ".join(str(sentence) for errors in form.errors.values() for sentence in errors)
        return page_or_fragment(request, PAGE, PANEL, context, status=422)
    # The first to take command acknowledges, which the whole page tells.
    template = SAVED if incident.acknowledged_at == was_acknowledged else None
    return saved(request, template, context, otherwise=incident)


def _context(request: Request, incident: Incident) -> dict[str, Any]:
    return {
        "incident": incident,
        "can_write": request.user.is_writer,
        **course.head(incident, now=timezone.now()),
    }


def _with_form(context: dict[str, Any]) -> dict[str, Any]:
    held = [assignment for role in context["roles"] for assignment in role.held]
    form = RoleForm(incident=context["incident"], held=held) if context["can_write"] else None
    return context | {"role_form": form}
