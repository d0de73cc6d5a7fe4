"""The published versions of a post-mortem: publishing, reading, comparing, taking away."""

from functools import partial

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.request import Request
from incidents.access import get_editable_postmortem, get_visible_postmortem
from incidents.documents.outputs import FORMATS
from incidents.forms.reviews import AskForm, DecisionForm, PublicationForm
from incidents.queries.publications import (
    DRAFT,
    compare_versions,
    list_versions,
    read_named,
    read_standing,
    read_version,
)
from incidents.review_access import get_visible_publication
from incidents.services.publications import publish_postmortem
from incidents.views.document_answers import answer_document
from incidents.views.review_rows import review_context
from lib.forms import carry_out


@require_safe
def list(request: Request, number: int) -> HttpResponse:  # named for what it is
    """All versions, and whether the document has changed since the newest."""
    postmortem = get_visible_postmortem(request.user, number)
    versions = list_versions(postmortem)
    context = {"incident": postmortem.incident, "versions": versions, "standing": read_standing(postmortem)}
    return render(request, "incidents/publication/list.html", context)


@require_http_methods(["POST"])
def create(request: Request, number: int) -> HttpResponse:
    """The next version is published, or the page says what is open."""
    postmortem = get_editable_postmortem(request.user, number)
    is_first = not list_versions(postmortem)
    form = PublicationForm(request.POST, is_first=is_first, may_override=request.user.is_administrator)
    seen = request.POST.get("seen", "")
    done = carry_out(form, partial(publish_postmortem, postmortem, actor=request.user, now=timezone.now(), seen=seen))
    if done:
        messages.success(request, _("Version %(number)d is published.") % {"number": done.number})
        return redirect(done)
    context = review_context(get_visible_postmortem(request.user, number), request.user)
    context |= {"publication_form": form, "ask_form": AskForm(postmortem=postmortem)}
    context["decision_form"] = DecisionForm(auto_id="decide_%s")
    return render(request, "incidents/review/detail.html", context, status=422)


@require_safe
def detail(request: Request, number: int, version: int) -> HttpResponse:
    """A version, to be read as it was published."""
    publication = get_visible_publication(request.user, number, version)
    context = {
        "incident": get_visible_postmortem(request.user, number).incident,
        "publication": publication,
        "document": read_version(publication),
        "formats": FORMATS,
    }
    return render(request, "incidents/publication/detail.html", context)


@require_POST
def file(request: Request, number: int, version: int, wanted: str) -> HttpResponse:
    """A version as a file."""
    publication = get_visible_publication(request.user, number, version)
    if wanted not in FORMATS:
        raise Http404
    return answer_document(request, read_named(publication), number, wanted)


@require_safe
def comparison(request: Request, number: int) -> HttpResponse:
    """What differs between two versions, or the newest and the draft."""
    postmortem = get_visible_postmortem(request.user, number)
    versions = list_versions(postmortem)
    newest = str(versions[0].number) if versions else DRAFT
    older, newer = request.GET.get("from", newest), request.GET.get("to", DRAFT)
    changes = compare_versions(postmortem, older, newer)
    if changes is None:
        raise Http404
    context = {"incident": postmortem.incident, "versions": versions, "older": older, "newer": newer}
    context["changes"] = [change for change in changes if change.state != "same"]
    return render(request, "incidents/publication/comparison.html", context)
