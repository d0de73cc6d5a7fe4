"""What a row of the timeline shows. A page has hundreds, which are the same each time: each is made once."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from incidents.models import TimelineEvent
from incidents.queries.event_chips import Chip, chip_sources, find_chips
from lib.fragments import remembered
from lib.markdown import MAX_REMEMBERED, render_markdown
from lib.moments import clock_element, moment_element

TEMPLATE, ACTIONS = "incidents/timeline/_event.html", "incidents/timeline/_actions.html"


@dataclass(frozen=True)
class Written:
    """All that a row is made of: the event, its author's name, what hangs on it, and whether its reader may write."""

    pk: int
    number: int
    occurred_at: datetime
    ended_at: datetime | None
    text: str
    kind: str
    source: str
    grading: str
    author: str
    chips: tuple[Chip, ...]
    merged_from: int | None
    corrections: int
    revision: int
    is_pinned: bool
    is_hidden: bool
    is_writer: bool


def row(event: TimelineEvent, reader: User) -> dict[str, Any]:
    """What one row shows to this person, with what hangs on the event."""
    return rows([event], reader)[0]


def rows(events: Iterable[TimelineEvent], reader: User) -> list[dict[str, Any]]:
    """What the rows of these events of one incident show to this person, in one query for each source of chips.

    `element` is the whole row; the rest is for forms that take its place. Rows are shared: nobody changes them.
    """
    events = list(events)
    chips = find_chips(events) if events else {}
    written = (_written(event, tuple(chips.get(event.pk, ())), reader) for event in events)
    return [(_make_once if len(one.text) <= MAX_REMEMBERED else _make)(one) for one in written]


def _written(event: TimelineEvent, chips: tuple[Chip, ...], reader: User) -> Written:
    return Written(
        pk=event.pk,
        number=event.incident_id,
        occurred_at=event.occurred_at,
        ended_at=event.ended_at,
        text=event.text,
        kind=event.kind,
        source=event.source,
        grading=event.grading,
        author=str(event.author),
        chips=chips,
        merged_from=event.merged_from_id,
        corrections=event.version - 1,
        revision=event.revision,
        is_pinned=event.is_pinned,
        is_hidden=event.is_hidden,
        is_writer=reader.is_writer,
    )


def _make(event: Written) -> dict[str, Any]:
    day, time = localdate(event.occurred_at), clock_element(event.occurred_at)
    timeline = reverse("incidents:event_create", args=[event.number])
    row = {
        "pk": str(event.pk),
        "at": f"{event.occurred_at.astimezone(UTC).replace(tzinfo=None).isoformat(timespec='microseconds')}Z",
        "date": day,
        "day": day.isoformat(),
        "revision": str(event.revision),
        "source": event.source,
        "time": time,
        "until": _until(event.occurred_at, event.ended_at),
        "kind": str(TimelineEvent.Kind(event.kind).label),
        "remarks": " · ".join(_remarks(event)),
        "corrected": _corrected(event.corrections),
        "html": render_markdown(event.text),
        "chips": event.chips,
        "is_hidden": event.is_hidden,
        "address": f"{timeline}{event.pk}/",
        "actions": _act_on(event, time) if event.is_writer else "",
    }
    return row | {"element": render_to_string(TEMPLATE, {"event": row})}


_make_once = remembered(_make)


def _act_on(event: Written, time: SafeString) -> SafeString:
    # The same for all rows of an incident, with places for the two words that differ.
    return format_html(_actions(event.number, event.is_pinned, event.is_hidden), pk=event.pk, time=time)


@remembered
def _actions(number: int, is_pinned: bool, is_hidden: bool) -> SafeString:
    timeline = reverse("incidents:event_create", args=[number])
    links = [(reverse(source.route, args=[number, 0]), source.label) for source in chip_sources()]
    return render_to_string(
        ACTIONS,
        {
            "is_pinned": is_pinned,
            "is_hidden": is_hidden,
            "timeline": timeline,
            "links": [(f"{address.removesuffix('0/')}{{pk}}/", label) for address, label in links],
        },
    )


def _until(start: datetime, end: datetime | None) -> str:
    if end is None:
        return ""
    return format_html(
        "<span>–{}</span>", clock_element(end) if localdate(start) == localdate(end) else moment_element(end)
    )


def _remarks(event: Written) -> list[str]:
    remarks = [event.author]
    if event.merged_from:
        # Whoever sees this incident saw that one too when the two were merged, so its number tells nothing new.
        remarks.append(_("written in %(reference)s") % {"reference": f"INC-{event.merged_from}"})
    if event.grading == TimelineEvent.Grading.RECOLLECTED:
        remarks.append(_("from memory"))
    elif event.grading == TimelineEvent.Grading.MEASURED:
        remarks.append(_("measured"))
    if not event.is_pinned:
        remarks.append(_("not in the post-mortem"))
    if event.is_hidden:
        remarks.append(_("hidden"))
    return remarks


def _corrected(count: int) -> str:
    if not count:
        return ""
    return ngettext("corrected once", "corrected %(count)s times", count) % {"count": count}
