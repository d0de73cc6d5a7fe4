"""A copy for readers outside: every name that is left is shown before it can be taken away."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.request import Request
from incidents.access import get_visible_postmortem
from incidents.documents.outputs import FORMATS
from incidents.queries.external import prepare_external
from incidents.views.document_answers import answer_document


@require_http_methods(["GET", "POST"])
def create(request: Request, number: int) -> HttpResponse:
    """What is left of names in the copy; confirmed, it downloads with a role for each that is not kept."""
    postmortem = get_visible_postmortem(request.user, number)
    version = request.POST.get("version", request.GET.get("version", ""))
    copy = prepare_external(postmortem, version)
    if copy is None:
        raise Http404
    context: dict[str, Any] = {"incident": postmortem.incident, "copy": copy, "version": version, "formats": FORMATS}
    if request.method == "POST":
        wanted = request.POST.get("format", "")
        # Whoever confirmed has seen these names and no others.
        if wanted in FORMATS and request.POST.get("seen") == copy.fingerprint:
            return answer_document(request, copy.without(keep=request.POST.getlist("keep")), number, wanted)
        context["error"] = _("The names that are left are others by now. Look at them again; nothing was downloaded.")
    return render(request, "incidents/publication/external.html", context, status=422 if "error" in context else 200)
