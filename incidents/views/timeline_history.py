"""How an event of the timeline came to say what it says."""

from dataclasses import dataclass

from django.http import HttpResponse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.queries.change_words import FieldChange, RecordedChange
from accounts.queries.changes import changes_of
from accounts.request import Request
from incidents.access import get_visible_event
from incidents.models import TimelineEvent
from incidents.queries.changes import describe_changes, visible_changes
from incidents.views.timeline_rows import row
from lib.http import page_or_fragment
from lib.merging import Piece, compare_texts

# In so many of the newest corrections, what is different is marked: finding it takes a while in a long text.
COMPARED = 8
PAGE, PANEL = "incidents/panel.html", "incidents/timeline/_history.html"


@dataclass(frozen=True)
class Version:
    """One step in an event's history. `text` is the text with what was added and removed; the rest are other fields."""

    change: RecordedChange
    text: list[Piece]
    fields: list[FieldChange]


@require_safe
def history(request: Request, number: int, pk: int) -> HttpResponse:
    """Each version of an event: who made it, when, and what is different in it."""
    event = get_visible_event(request.user, number, pk)
    # Of a merged incident, which this person may not see, nothing is told.
    changes = visible_changes(request.user).filter(pk__in=changes_of(event).values("pk")).order_by("-timestamp", "-pk")
    described = describe_changes(request.user, changes)
    context = {
        "incident": event.incident,
        "event": row(event, request.user) | {"actions": "", "corrected": ""},
        "versions": [_version(change, is_compared=place < COMPARED) for place, change in enumerate(described)],
    }
    return page_or_fragment(request, PAGE, PANEL, context)


def _version(change: RecordedChange, *, is_compared: bool) -> Version:
    label = capfirst(str(TimelineEvent._meta.get_field("text").verbose_name))
    texts = [field for field in change.fields if field.label == label]
    # What it began as is no difference to anything; of the rest, only what was said.
    others = [] if change.action == "created" else [field for field in change.fields if field.label != label]
    return Version(change, _pieces(texts, change, is_compared=is_compared), [_told(field) for field in others])


def _pieces(texts: list[FieldChange], change: RecordedChange, *, is_compared: bool) -> list[Piece]:
    if change.action == "created":
        return [Piece("same", field.after) for field in texts]
    if not is_compared:
        return [piece for field in texts for piece in (Piece("removed", field.before), Piece("added", field.after))]
    return [piece for field in texts for piece in compare_texts(field.before, field.after)]


def _told(field: FieldChange) -> FieldChange:
    return field._replace(before=field.before or _("empty"), after=field.after or _("empty"))
