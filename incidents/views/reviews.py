"""Reviewing a post-mortem: who is asked, what they say, and what stands between it and its publication."""

from functools import partial
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.request import Request
from incidents.access import get_editable_postmortem, get_visible_postmortem
from incidents.errors import IncidentError
from incidents.forms.reviews import AskForm, DecisionForm, PublicationForm
from incidents.models import Postmortem
from incidents.queries.publications import list_versions
from incidents.review_access import get_asked_review, get_own_review
from incidents.services.reviews import Asked, ask_reviewers, decide_review, withdraw_review
from incidents.views.review_rows import review_context
from lib.forms import carry_out

PAGE = "incidents/review/detail.html"


@require_http_methods(["GET", "POST"])
def detail(request: Request, number: int) -> HttpResponse:
    """Who was asked and what they decided; a POST asks people."""
    if request.method != "POST":
        return _show(request, get_visible_postmortem(request.user, number))
    postmortem = get_editable_postmortem(request.user, number)
    form = AskForm(request.POST, postmortem=postmortem)
    done = carry_out(form, partial(ask_reviewers, postmortem, actor=request.user, now=timezone.now()))
    if done is None:
        return _show(request, postmortem, ask_form=form)
    messages.success(request, _tell(done))
    return redirect("incidents:review", number)


@require_POST
def decision(request: Request, number: int) -> HttpResponse:
    """The reader approves, or asks for changes."""
    review = get_own_review(request.user, number)
    form = DecisionForm(request.POST)
    seen = request.POST.get("seen", "")
    if carry_out(form, partial(decide_review, review, actor=request.user, now=timezone.now(), seen=seen)):
        return redirect("incidents:review", number)
    return _show(request, get_visible_postmortem(request.user, number), decision_form=form)


@require_POST
def withdrawal(request: Request, number: int, pk: int) -> HttpResponse:
    """Somebody is not asked any more."""
    review = get_asked_review(request.user, number, pk)
    try:
        person = withdraw_review(review, actor=request.user, now=timezone.now())
    except IncidentError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("%(name)s is no longer asked.") % {"name": person})
    return redirect("incidents:review", number)


def _show(request: Request, postmortem: Postmortem, **forms: Any) -> HttpResponse:
    context = review_context(postmortem, request.user)
    is_first = not list_versions(postmortem)
    publication_form = PublicationForm(is_first=is_first, may_override=request.user.is_administrator)
    context |= {"ask_form": AskForm(postmortem=postmortem), "decision_form": DecisionForm(auto_id="decide_%s")}
    context |= {"publication_form": publication_form, **forms}
    return render(request, PAGE, context, status=422 if forms else 200)


def _tell(asked: Asked) -> str:
    names = ", ".join(map(str, asked.people))
    if asked.mailed:
        return _("%(names)s were asked. Mailed: %(mailed)s.") % {
            "names": names,
            "mailed": ", ".join(map(str, asked.mailed)),
        }
    if not settings.EMAIL_HOST:
        return _("%(names)s were asked. No mail server is set, so nobody was mailed: tell them.") % {"names": names}
    return _("%(names)s were asked. Nobody was mailed: no address is known. Tell them.") % {"names": names}
