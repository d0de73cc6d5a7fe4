"""A post-mortem, as it stands, as a file."""

from django.contrib import messages
from django.http import FileResponse, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.request import Request
from incidents.access import get_visible_incident, get_visible_postmortem, get_visible_rendering
from incidents.documents.html import PAPERS
from incidents.documents.outputs import MEDIA_TYPES, name_file
from incidents.forms.export import PdfForm
from incidents.queries.publications import build_current
from incidents.services.rendering import pdf_path, request_pdf
from incidents.views.document_answers import download
from lib.errors import DomainError
from lib.http import page_or_fragment


@require_safe
def html_file(request: Request, number: int) -> HttpResponse:
    """The document as one HTML file."""
    return _download(request, number, "html")


@require_safe
def markdown_file(request: Request, number: int) -> HttpResponse:
    """The document as Markdown."""
    return _download(request, number, "md")


@require_safe
def json_file(request: Request, number: int) -> HttpResponse:
    """The document as JSON, as the published schema says."""
    return _download(request, number, "json")


@require_POST
def pdf_create(request: Request, number: int) -> HttpResponse:
    """The PDF of what the document says now: the file where it is made already, else the page that waits for it."""
    postmortem = get_visible_postmortem(request.user, number)
    form = PdfForm(request.POST)
    try:
        row = request_pdf(postmortem, paper=form.cleaned_data["paper"] if form.is_valid() else PAPERS[0])
    except DomainError as error:
        messages.error(request, str(error))
        return redirect(postmortem)
    name = "incidents:pdf_file" if row.status == row.Status.READY else "incidents:pdf"
    return redirect(name, number, row.digest)


@require_safe
def pdf(request: Request, number: int, digest: str) -> HttpResponse:
    """How far the PDF is; the page asks again until it is ready."""
    row = get_visible_rendering(request.user, number, digest)
    incident = get_visible_incident(request.user, number)
    if row.status == row.Status.READY and not pdf_path(digest).exists():
        # Shown, not stored: asking for it again makes it again.
        row.status, row.error = row.Status.FAILED, _("This PDF is no longer there. Make it once more.")
    context = {"incident": incident, "rendering": row, "is_pending": row.status in ("queued", "rendering")}
    return page_or_fragment(request, "incidents/postmortem/pdf.html", "incidents/postmortem/_pdf.html", context)


@require_safe
def pdf_file(request: Request, number: int, digest: str) -> HttpResponse | FileResponse:
    """The PDF itself."""
    row = get_visible_rendering(request.user, number, digest)
    path = pdf_path(row.digest)
    if not path.exists():
        return redirect("incidents:pdf", number, digest)
    name = row.name or name_file(row.incident.reference, row.incident.title, ".pdf")
    return FileResponse(path.open("rb"), as_attachment=True, filename=name, content_type=MEDIA_TYPES["pdf"])


def _download(request: Request, number: int, suffix: str) -> HttpResponse:
    postmortem = get_visible_postmortem(request.user, number)
    return download(build_current(postmortem), suffix)
