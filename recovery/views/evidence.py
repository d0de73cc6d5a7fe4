"""Evidence: on an incident, and from a restore test."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import User
from accounts.request import Request
from incidents.access import get_editable_incident, get_visible_incident
from incidents.models import Incident
from lib.errors import DomainError
from lib.forms import carry_out
from lib.http import page_or_fragment, saved
from recovery.access import get_attachable_test, get_editable_evidence
from recovery.evidence_forms import AttachFileForm, AttachLinkForm
from recovery.forms import AttachIncidentForm, AttachTestForm
from recovery.models import RestoreTest
from recovery.queries import list_attachable_tests, list_evidence, list_incidents_without
from recovery.services.evidence import attach_evidence, restore_evidence, withdraw_evidence
from recovery.views import restore_tests

PAGE, PANEL = "incidents/panel.html", "recovery/evidence/_panel.html"


def panel(incident: Incident, user: User) -> dict[str, Any]:
    """What the evidence panel of an incident shows."""
    tests = list_attachable_tests(incident, user)
    forms = {
        "form": AttachTestForm(tests=tests, user=user),
        "file_form": AttachFileForm(),
        "link_form": AttachLinkForm(),
    }
    return {"incident": incident, "evidence": list_evidence(incident), **forms}


@require_safe
def list(request: Request, number: int) -> HttpResponse:
    """The evidence of an incident, which its page loads."""
    context = panel(get_visible_incident(request.user, number), request.user) | {"can_write": request.user.is_writer}
    return page_or_fragment(request, PAGE, PANEL, context)


@require_http_methods(["POST"])
def create(request: Request, number: int) -> HttpResponse:
    """Attach a restore test to this incident."""
    incident = get_editable_incident(request.user, number)
    form = AttachTestForm(request.POST, tests=list_attachable_tests(incident, request.user), user=request.user)
    done = carry_out(form, lambda restore_test, caption: _attach(request, restore_test, incident, caption))
    context = panel(incident, request.user) | {"can_write": True}
    if done:
        return saved(request, PANEL, context, otherwise=f"{incident.get_absolute_url()}#evidence-panel")
    return page_or_fragment(request, PAGE, PANEL, context | {"form": form}, status=422)


@require_POST
def test_create(request: Request, number: int) -> HttpResponse:
    """Attach this restore test to an incident."""
    test = get_attachable_test(request.user, number)
    incidents = list_incidents_without(test, request.user)
    form = AttachIncidentForm(request.POST, incidents=incidents, user=request.user)
    if done := carry_out(form, lambda incident, caption: _attach(request, test, incident, caption)):
        messages.success(request, _("Attached. The test can no longer be altered or deleted."))
        return redirect(f"{done.incident.get_absolute_url()}#evidence-panel")
    return render(request, restore_tests.PAGE, restore_tests.panel(test, request.user) | {"form": form}, status=422)


@require_POST
def withdrawal(request: Request, pk: int) -> HttpResponse:
    """Take the evidence off the incident, or put it back: the `undo` of the same request."""
    evidence = get_editable_evidence(request.user, pk)
    act = restore_evidence if "undo" in request.POST else withdraw_evidence
    problem = ""
    try:
        evidence = act(evidence, actor=request.user, now=timezone.now())
    except DomainError as error:
        problem = str(error)
    context = panel(evidence.incident, request.user) | {"can_write": True, "problem": problem}
    context["withdrawn"] = evidence if evidence.withdrawn_at else None
    return page_or_fragment(request, PAGE, PANEL, context, status=422 if problem else 200)


def _attach(request: Request, test: RestoreTest, incident: Incident, caption: str) -> Any:
    incident = get_editable_incident(request.user, incident.pk)
    return attach_evidence(test, incident=incident, caption=caption, actor=request.user, now=timezone.now())
