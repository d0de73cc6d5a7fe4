"""Who else writes, and what others saved while somebody looked."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from accounts.request import Request
from incidents.access import get_editable_section, get_visible_postmortem
from incidents.documents.build import build_document
from incidents.queries.outline import list_sections, questions_of
from incidents.queries.section_presence import list_present
from incidents.queries.section_versions import list_versions
from incidents.services.presence import leave_section, note_presence
from incidents.views.section_rows import read, said_of, spell, spell_present


@require_POST
def edit(request: Request, number: int, key: str) -> HttpResponse:
    """Say that one writes here, or is "leaving", and hear who else does; 204 where that is `known`."""
    section = get_editable_section(request.user, number, key)
    now = timezone.now()
    if "leaving" in request.POST:
        leave_section(section, actor=request.user)
        return HttpResponse(status=204)
    note_presence(section, actor=request.user, now=now)
    others = list_present(section.postmortem, now=now, but=request.user).get(key, [])
    if request.POST.get("known") == f"{section.version} {', '.join(others)}":
        return HttpResponse(status=204)
    context = {"incident": section.postmortem.incident, "stored": section, "others": others, "trigger": "every 10s"}
    return render(request, "incidents/section/_presence.html", context)


@require_safe
def changes(request: Request, number: int) -> HttpResponse:
    """The sections that were saved since the page showed `?state=`, and who writes; 204 where both are as they were."""
    postmortem = get_visible_postmortem(request.user, number)
    present = list_present(postmortem, now=timezone.now(), but=request.user)
    versions, shown = list_versions(postmortem), read(request.GET.get("state", ""))
    writing = spell_present(present)
    changed = {key for key, version in versions.items() if shown.get(key) != str(version)}
    if not changed and writing == request.GET.get("writing", ""):
        return _fresh(HttpResponse(status=204))
    document = build_document(postmortem) if changed else None
    context = {
        "incident": postmortem.incident,
        "can_write": request.user.is_writer,
        "questions": questions_of(list_sections(postmortem)) if changed and request.user.is_writer else {},
        "state": spell(versions),
        "writing": writing,
        "sections": [part for part in document.sections if part.key in changed] if document else [],
        **(said_of(postmortem, request.user) if changed else {}),
        "presences": [{"key": key, "present": present.get(key, [])} for key in versions],
    }
    return _fresh(render(request, "incidents/section/_changes.html", context))


def _fresh(response: HttpResponse) -> HttpResponse:
    response.headers["Cache-Control"] = "no-store"
    return response
