"""What the guide to blameless wording marks in a post-mortem, and leaving it."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.request import Request
from incidents.access import get_editable_dismissal, get_editable_section, get_visible_postmortem
from incidents.forms.wording import DismissalForm, WordingTextForm
from incidents.models import PostmortemSection
from incidents.queries.wording import find_document_marks, find_marks
from incidents.services.wording import dismiss_mark, take_back_dismissal
from lib.forms import carry_out
from lib.http import page_or_fragment, saved

LIST = "incidents/wording/_marks.html"


@require_safe
def detail(request: Request, number: int) -> HttpResponse:
    """The whole document, section by section; as a fragment only how many there are in each."""
    postmortem = get_visible_postmortem(request.user, number)
    found = find_document_marks(postmortem)
    context = {
        "incident": postmortem.incident,
        "found": found,
        "count": sum(each.findings.count for each in found),
        "can_write": request.user.is_writer,
    }
    return page_or_fragment(request, "incidents/wording/detail.html", "incidents/wording/_panel.html", context)


@require_POST
def marks(request: Request, number: int, key: str) -> HttpResponse:
    """What is marked in the text being typed; nothing is stored."""
    section = get_editable_section(request.user, number, key)
    form = WordingTextForm(request.POST)
    if not form.is_valid():
        return _list(request, section, {"problem": form.errors["body"][0]}, status=422)
    return _list(request, section, {"findings": find_marks(section, form.cleaned_data["body"])})


@require_POST
def dismissal_create(request: Request, number: int, key: str) -> HttpResponse:
    """Leave a phrase as it is, with a reason."""
    section = get_editable_section(request.user, number, key)
    form = DismissalForm(request.POST)
    done = carry_out(form, lambda **facts: dismiss_mark(section, actor=request.user, **facts))
    if done is None:
        sentence = " ".join(str(error) for errors in form.errors.values() for error in errors)
        context = {"findings": find_marks(section, _text(request, section)), "problem": sentence}
        return _list(request, section, context | {"refused": request.POST.get("phrase")}, status=422)
    return _changed(request, section, _("“%(phrase)s” stays as it is.") % {"phrase": done.phrase})


@require_POST
def dismissal_removal(request: Request, number: int, key: str, pk: int) -> HttpResponse:
    """Mark the phrase again."""
    dismissal = get_editable_dismissal(request.user, number, key, pk)
    take_back_dismissal(dismissal)
    return _changed(request, dismissal.section, _("“%(phrase)s” is marked again.") % {"phrase": dismissal.phrase})


def _changed(request: Request, section: PostmortemSection, sentence: str) -> HttpResponse:
    if not request.htmx:
        messages.success(request, sentence)
    findings = find_marks(section, _text(request, section))
    context = _context(section) | {"findings": findings, "sentence": sentence}
    here = reverse("incidents:wording", args=[section.postmortem.incident_id])
    return saved(request, LIST, context, otherwise=f"{here}#wording-{section.key}")


def _text(request: Request, section: PostmortemSection) -> str:
    """The text that the list stands under: what is being typed, else what is saved."""
    form = WordingTextForm(request.POST)
    return form.cleaned_data["body"] if "body" in request.POST and form.is_valid() else section.body


def _list(request: Request, section: PostmortemSection, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
    context = _context(section) | context
    if request.htmx or status == 200:
        return render(request, LIST, context, status=status)
    return render(request, "incidents/wording/refused.html", context, status=status)


def _context(section: PostmortemSection) -> dict[str, Any]:
    return {
        "incident": section.postmortem.incident,
        "section_title": section.title,
        "key": section.key,
        "can_write": True,
    }
