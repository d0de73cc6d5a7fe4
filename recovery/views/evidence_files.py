"""Files and links as evidence of an incident, and what was attached."""

from functools import partial
from typing import Any

from django import forms
from django.http import FileResponse, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from accounts.request import Request
from incidents.access import get_editable_incident
from incidents.models import Incident
from lib.file_answers import SentFile, answer_with_file
from lib.forms import carry_out
from lib.http import page_or_fragment, saved
from recovery.access import get_visible_file
from recovery.errors import EvidenceFileLost
from recovery.evidence_forms import AttachFileForm, AttachLinkForm
from recovery.services.evidence import attach_file, attach_link
from recovery.services.evidence_files import open_file
from recovery.views.evidence import PAGE, PANEL, panel


@require_POST
def create(request: Request, number: int) -> HttpResponse:
    """Attach a file to this incident."""
    incident = get_editable_incident(request.user, number)
    form = AttachFileForm(request.POST, request.FILES)
    done = carry_out(form, lambda **typed: attach_file(incident, actor=request.user, now=timezone.now(), **typed))
    return _answer(request, incident, done, {"file_form": form})


@require_POST
def link_create(request: Request, number: int) -> HttpResponse:
    """Attach a link to this incident."""
    incident = get_editable_incident(request.user, number)
    form = AttachLinkForm(request.POST)
    done = carry_out(form, lambda **typed: attach_link(incident, actor=request.user, now=timezone.now(), **typed))
    return _answer(request, incident, done, {"link_form": form})


@require_safe
def detail(request: Request, pk: int) -> HttpResponse | FileResponse:
    """A picture to look at, or another file to keep; a page that says so where it is lost."""
    evidence = get_visible_file(request.user, pk)
    kind = evidence.file_kind
    sent = SentFile(evidence.file_sha256, evidence.file_name, kind, is_shown=kind is not None and kind.is_picture)
    try:
        return answer_with_file(request, sent, partial(open_file, evidence))
    except EvidenceFileLost as lost:
        context = {"incident": evidence.incident, "item": evidence, "reason": str(lost)}
        return render(request, "recovery/evidence/lost.html", context, status=404)


def _answer(request: Request, incident: Incident, done: object, bound: dict[str, forms.Form]) -> HttpResponse:
    context: dict[str, Any] = panel(incident, request.user) | {"can_write": True}
    if done:
        return saved(request, PANEL, context, otherwise=f"{incident.get_absolute_url()}#evidence-panel")
    return page_or_fragment(request, PAGE, PANEL, context | bound, status=422)
