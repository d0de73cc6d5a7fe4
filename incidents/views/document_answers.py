"""A document as a file that is taken away."""

from urllib.parse import quote

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect

from accounts.request import Request
from incidents.documents.outputs import MEDIA_TYPES, file_name, render_text
from incidents.documents.tree import Document
from incidents.services.rendering import request_document_pdf
from lib.errors import DomainError


def answer_document(request: Request, document: Document, number: int, wanted: str) -> HttpResponse:
    """The document as a download; a PDF leads to the page that waits for it."""
    if wanted != "pdf":
        return download(document, wanted)
    try:
        row = request_document_pdf(document, number)
    except DomainError as error:
        messages.error(request, str(error))
        return redirect("incidents:publication_list", number)
    return redirect("incidents:pdf", number, row.digest)


def download(document: Document, wanted: str) -> HttpResponse:
    """The document as "html", "md" or "json", under its own name."""
    response = HttpResponse(render_text(document, wanted), content_type=f"{MEDIA_TYPES[wanted]}; charset=utf-8")
    name = quote(file_name(document, wanted))
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{name}"
    return response
