"""Files of an incident: the list, one of them, sending, removing."""

from functools import partial
from typing import Any

from django.http import FileResponse, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.request import Request
from incidents.access import (
    get_editable_attachment,
    get_editable_incident,
    get_visible_attachment,
    get_visible_incident,
)
from incidents.forms.attachment import AttachmentForm
from incidents.models import Incident
from incidents.queries.attachments import list_attachments
from incidents.services.attachments import attach_file, remove_attachment, restore_attachment
from lib.errors import DomainError
from lib.file_answers import SentFile, answer_with_file
from lib.file_kinds import TEXT
from lib.file_store import FileLostError
from lib.forms import carry_out
from lib.http import page_or_fragment, saved

PAGE, PANEL = "incidents/panel.html", "incidents/attachment/_panel.html"
ANCHOR = "attachment-panel"


def panel(incident: Incident) -> dict[str, Any]:
    """What the panel of files shows."""
    return {"incident": incident, "attachments": list_attachments(incident), "attachment_form": AttachmentForm()}


@require_http_methods(["GET", "POST"])
def list(request: Request, number: int) -> HttpResponse:
    """The files of an incident, which its page loads; a POST adds one.

    A program that asks for JSON is told what to write into a text to show the file, or why it was not taken.
    """
    if request.method == "POST":
        return _create(request, get_editable_incident(request.user, number))
    context = panel(get_visible_incident(request.user, number)) | {"can_write": request.user.is_writer}
    return page_or_fragment(request, PAGE, PANEL, context)


@require_safe
def detail(request: Request, number: int, pk: int) -> HttpResponse | FileResponse:
    """Pictures and plain text to look at, other files to keep; a page that says so where it is lost."""
    attachment = get_visible_attachment(request.user, number, pk)
    kind = attachment.kind
    is_shown = kind is not None and (kind.is_picture or kind is TEXT)
    sent = SentFile(attachment.sha256, attachment.name, kind, is_shown)
    try:
        return answer_with_file(request, sent, attachment.open)
    except FileLostError as lost:
        context = {"incident": attachment.incident, "attachment": attachment, "reason": str(lost)}
        return render(request, "incidents/attachment/lost.html", context, status=404)


@require_POST
def removal(request: Request, number: int, pk: int) -> HttpResponse:
    """Remove the file, or bring it back: the `undo` of the same request."""
    attachment = get_editable_attachment(request.user, number, pk)
    is_undo = "undo" in request.POST
    act = restore_attachment if is_undo else partial(remove_attachment, now=timezone.now())
    problem = ""
    try:
        attachment = act(attachment)
    except DomainError as error:
        problem = str(error)
    context = panel(attachment.incident) | {"can_write": True, "problem": problem}
    context["removed"] = attachment if attachment.removed_at else None
    return page_or_fragment(request, PAGE, PANEL, context, status=422 if problem else 200)


def _create(request: Request, incident: Incident) -> HttpResponse:
    form = AttachmentForm(request.POST, request.FILES)
    attachment = carry_out(form, partial(attach_file, incident, actor=request.user))
    if request.accepts("text/html"):
        context = panel(incident) | {"can_write": True}
        if attachment:
            return saved(request, PANEL, context, otherwise=f"{incident.get_absolute_url()}#{ANCHOR}")
        return page_or_fragment(request, PAGE, PANEL, context | {"attachment_form": form}, status=422)
    if attachment is None:
        sentences = [str(sentence) for errors in form.errors.values() for sentence in errors]
        return JsonResponse({"error": " ".join(sentences)}, status=422)
    address = attachment.get_absolute_url()
    return JsonResponse({"name": attachment.name, "url": address, "markdown": attachment.markdown}, status=201)
