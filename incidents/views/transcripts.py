"""Pasting a chat log: reading it, adding it, taking that back."""

import secrets
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from accounts.access import check_writer
from accounts.request import Request
from incidents.access import get_editable_incident, get_visible_import
from incidents.forms.transcript import PasteForm, read_events, read_rows
from incidents.models import Incident, TimelineEvent
from incidents.queries.transcripts import PasteRow, Preview, preview_paste
from incidents.services.transcripts import hide_import, import_events, keep_paste
from lib.errors import DomainError

PAGE = "incidents/transcript/paste.html"


@require_http_methods(["GET", "POST"])
def create(request: Request, number: int) -> HttpResponse:
    """Paste, look at what it would become, add it: each a POST of the same page."""
    incident = get_editable_incident(request.user, number)
    zone = incident.zone
    begun = timezone.localtime(incident.impact_started_at or incident.declared_at, zone).date()
    form = PasteForm(request.POST or None, request.FILES or None, initial={"day": begun, "time_zone": str(zone)})
    if not form.is_valid():
        context = {"incident": incident, "form": form}
        return render(request, PAGE, context, status=422 if form.is_bound else 200)
    if "add" in request.POST:
        return _add(request, incident, form)
    preview = preview_paste(incident, **form.cleaned_data)
    context = _shown(incident, form, preview.rows) | {"preview": preview, "key": secrets.token_hex(8)}
    return render(request, PAGE, context | {"is_pinned": not preview.is_chat, "keeps": True})


@require_http_methods(["GET", "POST"])
def detail(request: Request, number: int, key: str) -> HttpResponse:
    """What one paste became; a POST hides all of it, or shows it again: `show`."""
    incident, events = get_visible_import(request.user, number, key)
    if request.method == "POST":
        check_writer(request.user)
        is_hidden = "show" not in request.POST
        hide_import(incident, key, is_hidden=is_hidden, actor=request.user, now=timezone.now())
        return redirect("incidents:paste", number, key)
    shown = sum(not event.is_hidden for event in events)
    context = {"incident": incident, "events": events, "shown": shown, "key": key}
    return render(request, "incidents/transcript/detail.html", context | {"can_write": request.user.is_writer})


def _add(request: Request, incident: Incident, form: PasteForm) -> HttpResponse:
    rows, now = read_rows(request.POST), timezone.now()
    key = request.POST.get("key", "")[:32]
    choices = {"is_pinned": "is_pinned" in request.POST, "keeps": "keeps" in request.POST}
    events = read_events(rows, time_zone=form.cleaned_data["time_zone"], now=now)
    problem = _("Some rows cannot be added as they are. Each says why.") if events is None else ""
    try:
        if events is not None and key.isalnum():
            pinned = choices["is_pinned"]
            count = import_events(incident, events=events, key=key, is_pinned=pinned, actor=request.user, now=now)
            return _added(request, incident, key, count, text=form.cleaned_data["text"] if choices["keeps"] else "")
    except DomainError as error:
        problem = str(error)
    preview = Preview(rows, structure=[], is_chat=False)
    context = _shown(incident, form, rows) | choices | {"preview": preview, "key": key, "problem": problem}
    return render(request, PAGE, context, status=422)


def _added(request: Request, incident: Incident, key: str, count: int, *, text: str) -> HttpResponse:
    said = ngettext("%(count)d event was added.", "%(count)d events were added.", count) % {"count": count}
    messages.success(request, said)
    if text and (reason := keep_paste(incident, text=text, actor=request.user, now=timezone.now())):
        messages.warning(request, _("The paste itself was not kept as a file: %(reason)s") % {"reason": reason})
    return redirect("incidents:paste", incident.pk, key)


def _shown(incident: Incident, form: PasteForm, rows: list[PasteRow]) -> dict[str, Any]:
    """The rows with what their choices show; made once for each kind, since a page has thousands of rows."""
    options = {kind: _options(kind) for kind in TimelineEvent.Kind.values}
    numbered = [{"number": str(number), "row": row, "kinds": options[row.kind]} for number, row in enumerate(rows)]
    # Filled anew: what came as a file stands in the text from now on.
    form = PasteForm(initial=form.cleaned_data)
    return {"incident": incident, "form": form, "rows": numbered, "row_count": len(rows)}


def _options(selected: str) -> SafeString:
    choices = ((kind, " selected" if kind == selected else "", label) for kind, label in TimelineEvent.Kind.choices)
    return format_html_join("", '<option value="{}"{}>{}</option>', choices)
