"""The post-mortem: reading, writing, taking it away."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts.request import Request
from incidents.access import (
    get_editable_incident,
    get_visible_incident,
)
from incidents.documents.build import build_document
from incidents.queries.outline import list_sections
from incidents.queries.publications import read_standing
from incidents.services.drafts import start_postmortem
from incidents.views.section_rows import shown_sections


@require_http_methods(["GET", "POST"])
def detail(request: Request, number: int) -> HttpResponse:
    """The document as it stands; a POST begins it."""
    if request.method == "POST":
        return redirect(start_postmortem(get_editable_incident(request.user, number), actor=request.user))
    incident = get_visible_incident(request.user, number)
    if not hasattr(incident, "postmortem"):
        return redirect(incident)
    sections, now = list_sections(incident.postmortem), timezone.now()
    document = build_document(incident.postmortem)
    context = {
        "incident": incident,
        "postmortem": incident.postmortem,
        "document": document,
        "can_write": request.user.is_writer,
        "standing": read_standing(incident.postmortem, document),
        **shown_sections(incident.postmortem, document, request.user, sections=sections, now=now),
    }
    return render(request, "incidents/postmortem/detail.html", context)
