"""The post-mortem: reading, writing, taking it away."""

from functools import partial

from django.contrib import messages
from django.http import FileResponse, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.request import Request
from incidents.access import (
    get_editable_incident,
    get_editable_section,
    get_visible_incident,
    get_visible_postmortem,
    get_visible_rendering,
)
from incidents.documents.build import build_document
from incidents.documents.html import render_self_contained
from incidents.documents.markdown import render_markdown_file
from incidents.documents.outline import PROMPTS
from incidents.forms.learning import SectionForm
from incidents.models import Incident
from incidents.services.postmortems import save_section, section_values, start_postmortem
from incidents.services.rendering import pdf_path, request_pdf
from lib.errors import DomainError
from lib.forms import carry_out
from lib.http import page_or_fragment, saved
from lib.markdown import render_markdown


@require_http_methods(["GET", "POST"])
def detail(request: Request, number: int) -> HttpResponse:
    """The document as it stands; a POST begins it."""
    if request.method == "POST":
        return redirect(start_postmortem(get_editable_incident(request.user, number), actor=request.user))
    incident = get_visible_incident(request.user, number)
    if not hasattr(incident, "postmortem"):
        return redirect(incident)
    document = build_document(incident.postmortem)
    context = {"incident": incident, "document": document, "can_write": request.user.is_writer}
    return render(request, "incidents/postmortem/detail.html", context)


@require_http_methods(["GET", "POST"])
def section_edit(request: Request, number: int, key: str) -> HttpResponse:
    """Write a section; "preview" shows what was typed, and saves nothing."""
    section = get_editable_section(request.user, number, key)
    incident = get_visible_incident(request.user, number)
    form = SectionForm(request.POST or None, record=section_values(section))
    is_preview = "preview" in request.POST
    done = None if is_preview else carry_out(form, partial(save_section, section, actor=request.user))
    context = {"incident": incident, "key": key, "can_write": True}
    if done or "cancel" in request.GET:
        document = build_document(section.postmortem)
        context["section"] = next(part for part in document.sections if part.key == key)
        here = f"{section.postmortem.get_absolute_url()}#section-{key}"
        return saved(request, "incidents/postmortem/_section.html", context, otherwise=here)
    context |= {"form": form, "title": section.title, "prompt": PROMPTS.get(key, ""), "stored": section}
    return page_or_fragment(
        request,
        "incidents/postmortem/section_edit.html",
        "incidents/postmortem/_section_edit.html",
        context,
        status=422 if form.is_bound and not is_preview else 200,
    )


@require_POST
def preview(request: Request) -> HttpResponse:
    """What markdown will look like; nothing is stored."""
    html = render_markdown(request.POST.get("body", ""))
    return render(request, "incidents/postmortem/_preview.html", {"html": html})


@require_safe
def html_file(request: Request, number: int) -> HttpResponse:
    """The document as one HTML file."""
    postmortem = get_visible_postmortem(request.user, number)
    return _download(postmortem.incident, render_self_contained(build_document(postmortem)), "html", "text/html")


@require_safe
def markdown_file(request: Request, number: int) -> HttpResponse:
    """The document as Markdown."""
    postmortem = get_visible_postmortem(request.user, number)
    return _download(postmortem.incident, render_markdown_file(build_document(postmortem)), "md", "text/markdown")


@require_POST
def pdf_create(request: Request, number: int) -> HttpResponse:
    """The PDF of what the document says now: the file where it is made already, else the page that waits for it."""
    postmortem = get_visible_postmortem(request.user, number)
    try:
        row = request_pdf(postmortem)
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
    return FileResponse(
        path.open("rb"), as_attachment=True, filename=f"{row.incident.reference}.pdf", content_type="application/pdf"
    )


def _download(incident: Incident, text: str, suffix: str, content_type: str) -> HttpResponse:
    response = HttpResponse(text, content_type=f"{content_type}; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{incident.reference}.{suffix}"'
    return response
