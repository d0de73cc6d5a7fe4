"""How a section of a post-mortem came to say what it says."""

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.request import Request
from incidents.access import get_editable_section, get_visible_incident, get_visible_section
from incidents.errors import IncidentError
from incidents.forms.sections import to_version
from incidents.queries.section_versions import Sitting, list_sittings
from incidents.services.sections import SavedSection, restore_section, take_back_section
from lib.merging import Piece, compare_texts

# Marking what differs takes a while in a long text, and nobody reads more at once.
SHOWN = 20
# Around what differs, so much of what does not says where it stands.
CONTEXT = 90


@dataclass(frozen=True)
class Row:
    """One sitting and what is different in it; `can_return` is False for what the section says now."""

    sitting: Sitting
    pieces: list[Piece]
    can_return: bool


@require_safe
def history(request: Request, number: int, key: str) -> HttpResponse:
    """What was written by whom and when, the newest first: older than version `?before=`, with `?each` save by save."""
    section = get_visible_section(request.user, number, key)
    is_each = "each" in request.GET
    sittings = list_sittings(section, is_each=is_each)
    before = to_version(request.GET.get("before", ""))
    asked = [one for one in sittings if not before or one.last < before]
    shown = asked[:SHOWN]
    context = {
        "incident": get_visible_incident(request.user, number),
        "section": section,
        "is_each": is_each,
        "rows": [_row(one, section.version) for one in shown],
        "older": shown[-1].first if len(asked) > len(shown) else 0,
        # The first version is the one it was begun with.
        "begins": sittings[-1].first - 1 if sittings else section.version,
        "can_write": request.user.is_writer,
    }
    return render(request, "incidents/section/history.html", context)


@require_POST
def restoration(request: Request, number: int, key: str) -> HttpResponse:
    """Bring back a version; with "mine", take back what this person saved since, and leave what others did."""
    section = get_editable_section(request.user, number, key)
    wanted = to_version(request.POST.get("number", ""))
    restore = take_back_section if "mine" in request.POST else restore_section
    try:
        done = restore(section, number=wanted, actor=request.user, now=timezone.now())
    except IncidentError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _told(done))
    return redirect("incidents:section_history", number, key)


def _told(done: SavedSection) -> str:
    if not done.is_changed:
        return _("The section says so already; nothing was changed.")
    words = _("It was brought back as version %(number)d. What stood before can be brought back in its turn.")
    return words % {"number": done.section.version}


def _row(sitting: Sitting, version: int) -> Row:
    pieces = compare_texts(sitting.before, sitting.after)
    last = len(pieces) - 1
    shown = [_shorten(piece, is_first=place == 0, is_last=place == last) for place, piece in enumerate(pieces)]
    return Row(sitting, shown, can_return=sitting.last != version)


def _shorten(piece: Piece, *, is_first: bool, is_last: bool) -> Piece:
    """Of what is the same, only what stands beside what differs."""
    text = piece.text
    if piece.kind != "same" or (is_first and is_last):
        return piece
    head, tail = ("" if is_first else text[:CONTEXT]), ("" if is_last else text[-CONTEXT:])
    return piece if len(text) <= len(head) + len(tail) + 3 else Piece("same", f"{head} … {tail}")
