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
from incidents.queries.section_versions import Sitting, list_sittings, oldest_version
from incidents.services.sections import SavedSection, restore_section, take_back_section
from lib.merging import Piece, compare_texts, shorten_pieces

# Marking what differs takes a while in a long text, and nobody reads more at once.
SHOWN = 20


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
    before = to_version(request.GET.get("before", ""))
    # One more says whether there are older ones.
    asked = list_sittings(section, is_each=is_each, before_version=before, most=SHOWN + 1)
    shown = asked[:SHOWN]
    context = {
        "incident": get_visible_incident(request.user, number),
        "section": section,
        "is_each": is_each,
        "rows": [_row(one, section.version) for one in shown],
        "older": shown[-1].first if len(asked) > len(shown) else 0,
        "begins": oldest_version(section),
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
    pieces = shorten_pieces(compare_texts(sitting.before, sitting.after))
    return Row(sitting, pieces, can_return=sitting.last != version)
