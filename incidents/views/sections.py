"""Writing a section of a post-mortem."""

from typing import Any

from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.request import Request
from incidents.access import get_editable_incident, get_editable_section, get_visible_incident
from incidents.documents.build import build_document
from incidents.documents.outline import prompt_of
from incidents.documents.references import find_references
from incidents.errors import IncidentError, MergeConflict
from incidents.forms.sections import SectionForm, to_version
from incidents.models import PostmortemSection
from incidents.queries.completions import complete
from incidents.queries.outline import questions_of
from incidents.queries.section_versions import has_written_since
from incidents.queries.wording import find_marks
from incidents.services.presence import leave_section
from incidents.services.sections import SavedSection, choose_theirs, save_section
from incidents.views.section_choice import Choice, choose
from incidents.views.section_rows import said_of
from lib.http import page_or_fragment, saved
from lib.markdown import render_markdown

PAGE, EDITOR = "incidents/postmortem/section_edit.html", "incidents/postmortem/_section_edit.html"


@require_http_methods(["GET", "POST"])
def edit(request: Request, number: int, key: str) -> HttpResponse:
    """Write a section; "preview" shows what was typed, and saves nothing."""
    section = get_editable_section(request.user, number, key)
    if request.method == "GET" and "cancel" in request.GET:
        return _shown(request, section, number)
    form = SectionForm(request.POST or None, section=section)
    if request.method == "GET" or "preview" in request.POST:
        return _editor(request, section, form, status=200)
    if request.POST.get("choice") == "both" and (joined := choose(section, request.POST)):
        return _editor(request, section, joined, status=200, is_unsaved=True)
    done, choice = _save(request, section, form)
    if done is None:
        return _editor(request, section, form, status=422, choice=choice)
    leave_section(section, actor=request.user)
    return _shown(request, done.section, number)


@require_POST
def text(request: Request, number: int, key: str) -> JsonResponse:
    """Save while somebody writes: the version that stands, and the text where others' changes came in.

    409 with what to choose from where others changed the same words; 422 with a sentence where it cannot be saved.
    """
    section = get_editable_section(request.user, number, key)
    form = SectionForm(request.POST, section=section)
    done, choice = _save(request, section, form)
    if choice:
        context = {"choice": choice, "incident": section.postmortem.incident, "stored": section}
        panel = render_to_string("incidents/postmortem/_choice.html", context, request)
        return JsonResponse({"panel": panel, "words": choice.message}, status=409)
    if done is None:
        return JsonResponse({"words": " ".join(map(str, form.errors.get("body", form.non_field_errors())))}, status=422)
    answer: dict[str, Any] = {"version": done.section.version, "words": _words(done)}
    if done.is_merged:
        answer["text"] = done.section.body
    return JsonResponse(answer)


@require_POST
def preview(request: Request, number: int, key: str) -> HttpResponse:
    """What the text will look like in this document; nothing is stored."""
    section = get_editable_section(request.user, number, key)
    body = request.POST.get("body", "")
    references = find_references([body], section.postmortem.incident)
    return render(
        request,
        "incidents/postmortem/_preview.html",
        {"html": render_markdown(body, references=references.values())},
    )


@require_safe
def completions(request: Request, number: int) -> HttpResponse:
    """What the reference or the mention that is being typed may be meant to be."""
    incident = get_editable_incident(request.user, number)
    found = complete(request.user, incident, request.GET.get("q", "")[:80])
    return render(request, "incidents/postmortem/_completions.html", {"completions": found})


def _save(request: Request, section: PostmortemSection, form: SectionForm) -> tuple[SavedSection | None, Choice | None]:
    """What was saved, or what there is to choose from; neither where a sentence on the form says why not."""
    if not form.is_valid():
        return None, None
    body, base = form.cleaned_data["body"], form.cleaned_data["seen"]
    chosen, resolved = request.POST.get("choice"), to_version(request.POST.get("resolves", ""))
    save = choose_theirs if chosen == "theirs" else save_section
    try:
        done = save(
            section,
            body=body,
            base_version=resolved if chosen else base,
            actor=request.user,
            now=timezone.now(),
        )
    except MergeConflict as conflict:
        form.add_error(None, str(conflict))
        return None, Choice.of(conflict)
    except IncidentError as error:
        form.add_error(None, str(error))
        return None, None
    return done, None


def _words(done: SavedSection) -> str:
    time = f"{timezone.localtime():%H:%M:%S}"
    if not done.is_merged:
        return _("Saved %(time)s") % {"time": time}
    if done.merged_with:
        return _("Merged with what %(names)s wrote, saved %(time)s") % {
            "names": ", ".join(done.merged_with),
            "time": time,
        }
    return _("Merged with what you wrote elsewhere, saved %(time)s") % {"time": time}


def _shown(request: Request, section: PostmortemSection, number: int) -> HttpResponse:
    """The section for reading; where something was saved since the editor was opened, with a way to take that back."""
    document = build_document(section.postmortem)
    shown = next((part for part in document.sections if part.key == section.key), None)
    if shown is None:
        # Removed after it was saved.
        raise Http404
    opened = to_version(request.GET.get("opened", ""))
    context = {
        "incident": get_visible_incident(request.user, number),
        "key": section.key,
        "section": shown,
        "can_write": True,
        "questions": questions_of([section]),
        **said_of(section.postmortem, request.user),
        "opened": opened if opened and has_written_since(section, opened, request.user) else 0,
    }
    here = f"{section.postmortem.get_absolute_url()}#section-{section.key}"
    return saved(request, "incidents/postmortem/_section.html", context, otherwise=here)


def _editor(
    request: Request,
    section: PostmortemSection,
    form: SectionForm,
    *,
    status: int,
    choice: Choice | None = None,
    is_unsaved: bool = False,
) -> HttpResponse:
    incident = get_visible_incident(request.user, section.postmortem.incident_id)
    typed = form["body"].value() or ""
    context = {
        "incident": incident,
        "key": section.key,
        "form": form,
        "title": section.title,
        "prompt": prompt_of(section),
        "stored": section,
        "choice": choice,
        "is_unsaved": is_unsaved,
        "can_write": True,
        "findings": find_marks(section, typed) if "preview" in request.POST else None,
        "html": render_markdown(typed, references=find_references([typed], incident).values()),
    }
    return page_or_fragment(request, PAGE, EDITOR, context, status=status)
