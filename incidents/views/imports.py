"""Importing post-mortems that were written elsewhere: what was understood, corrected, and made."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from accounts.access import check_writer
from accounts.request import Request
from incidents.forms.import_rows import DocumentRow, correct, preview_document, restore_document
from incidents.forms.imports import ImportForm, read_sent_sources
from incidents.queries.services import list_severities
from incidents.services.imports import Imported, find_imported, import_own, import_read
from lib.durations import format_bytes
from lib.errors import DomainError
from lib.uploads import dropped_files

PAGE = "incidents/import/create.html"


@require_http_methods(["GET", "POST"])
def create(request: Request) -> HttpResponse:
    """Paste or choose, look at what it would become, make it: each a POST of the same page."""
    check_writer(request.user)
    data = _with_sources(request) if "add" in request.POST else request.POST or None
    form = ImportForm(data, request.FILES or None)
    if "add" in request.POST:
        return _add(request, form)
    if not form.is_valid():
        return render(request, PAGE, {"form": form}, status=422 if form.is_bound else 200)
    values = form.cleaned_data
    documents = [
        preview_document(number, source, time_zone=values["time_zone"], day=values["day"])
        for number, source in enumerate(values["sources"])
    ]
    for document in documents:
        document.known = find_imported(document.source.text, actor=request.user)
        document.is_used = document.known is None
    return _show(request, form, documents, unread=[*values["unread"], *_dropped(request)])


def _dropped(request: Request) -> list[str]:
    """A sentence for each file that did not arrive."""
    limit = format_bytes(settings.EVIDENCE_FILE_LIMIT)
    words = _("%(name)s was left out: the files may have %(limit)s together. Import it next.")
    return [words % {"name": name, "limit": limit} for name in dropped_files(request)]


def _with_sources(request: Request) -> Any:
    """What was sent, with a text, since the documents themselves come back by other names."""
    data = request.POST.copy()
    data["text"] = data.get("text") or "-"
    return data


def _add(request: Request, form: ImportForm) -> HttpResponse:
    if not form.is_valid():
        return render(request, PAGE, {"form": form}, status=422)
    values = form.cleaned_data
    try:
        sources = read_sent_sources(request.POST)
    except DomainError as error:
        form.add_error("text", str(error))
        return render(request, PAGE, {"form": form}, status=422)
    documents = [
        preview_document(number, source, time_zone=values["time_zone"], day=values["day"])
        for number, source in enumerate(sources)
    ]
    made, failed = [], []
    for document in documents:
        restore_document(document, request.POST)
        if document.is_used and (imported := _make(request, document, values["time_zone"])):
            made.append(imported)
            _say(request, imported)
        elif document.is_used:
            failed.append(document)
    if failed or not made:
        # What is made needs no second look.
        return _show(request, form, failed or documents, status=422, is_none=not failed)
    return redirect(made[0].postmortem if len(made) == 1 else "incidents:incident_list")


def _make(request: Request, document: DocumentRow, time_zone: str) -> Imported | None:
    """What the document became; None where it could not be, and it then says why."""
    now, text = timezone.now(), document.source.text
    try:
        if document.read is None:
            return import_own(text, actor=request.user, now=now)
        wanted = correct(document, time_zone=time_zone, now=now)
        if wanted is None:
            document.problem = document.problem or _("Some rows cannot be taken as they are. Each says why.")
            return None
        return import_read(wanted.read, source=text, actor=request.user, now=now, time_zone=time_zone, ends=wanted.ends)
    except DomainError as error:
        document.problem = str(error)
        return None


def _say(request: Request, imported: Imported) -> None:
    name = {"incident": str(imported.postmortem.incident)}
    if not imported.is_new:
        messages.info(request, _("%(incident)s was imported from this file before; nothing was made.") % name)
        return
    messages.success(request, _("%(incident)s was imported.") % name)
    for remark in imported.remarks:
        messages.warning(request, remark)


def _show(
    request: Request,
    form: ImportForm,
    documents: list[DocumentRow],
    *,
    unread: Sequence[str] = (),
    status: int = 200,
    is_none: bool = False,
) -> HttpResponse:
    for number, document in enumerate(documents):
        _renumber(document, number)
    count = len(documents)
    context = {
        "form": ImportForm(initial={name: form.cleaned_data.get(name) for name in ("time_zone", "day")}),
        "documents": documents,
        "unread": unread,
        "severities": list(list_severities()),
        "heading": ngettext("%(count)d document", "%(count)d documents", count) % {"count": count},
        "problem": _("No document is chosen. Tick those that are to be imported.") if is_none else "",
        "time_zone": form.cleaned_data["time_zone"],
    }
    return render(request, PAGE, context, status=status)


def _renumber(document: DocumentRow, number: int) -> None:
    """The names of its fields follow its place on the page."""
    document.number = number
    for letter, rows in (("e", document.events), ("i", document.items)):
        for place, row in enumerate(rows):
            row.name = f"d{number}-{letter}{place}"
