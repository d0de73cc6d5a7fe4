"""What a row of the timeline shows. Plain values: templates look them up quickest, and a page has hundreds."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from typing import Any

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.timezone import get_current_timezone, localdate
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from incidents.models import TimelineEvent
from incidents.queries.event_chips import Chip, chip_sources, find_chips
from lib.markdown import render_markdown
from lib.moments import clock_element, moment_element

ACTIONS = "incidents/timeline/_actions.html"


class Actions:
    """The buttons of a row. They are the same for all rows but for the event's key and time.

    So their template is rendered once for each kind of row, with places for those two that are filled in for each.
    """

    def __init__(self, number: int) -> None:
        self.timeline = reverse("incidents:event_create", args=[number])
        links = [(reverse(source.route, args=[number, 0]), source.label) for source in chip_sources()]
        self.links = [(f"{address.removesuffix('0/')}{{pk}}/", label) for address, label in links]
        self.rendered: dict[tuple[bool, bool], SafeString] = {}

    def of(self, event: TimelineEvent, time: SafeString) -> SafeString:
        """The buttons of this event's row."""
        kind = event.is_pinned, event.is_hidden
        if kind not in self.rendered:
            names = {"is_pinned": kind[0], "is_hidden": kind[1], "timeline": self.timeline, "links": self.links}
            self.rendered[kind] = render_to_string(ACTIONS, names)
        return format_html(self.rendered[kind], pk=event.pk, time=time)


@dataclass(frozen=True)
class Chrome:
    """What all rows share. Looked up for each of hundreds of rows, it would cost more than the rows."""

    timeline: str
    zone: tzinfo
    kinds: dict[str, str]
    actions: Actions | None


def row(event: TimelineEvent, reader: User) -> dict[str, Any]:
    """What one row shows to this person, with what hangs on the event."""
    return rows([event], reader)[0]


def rows(events: Iterable[TimelineEvent], reader: User) -> list[dict[str, Any]]:
    """What the rows of these events of one incident show to this person, in one query for each source of chips.

    `templates/incidents/timeline/_event.html` takes each as `event`.
    """
    events = list(events)
    if not events:
        return []
    chips = find_chips(events)
    actions = Actions(events[0].incident_id) if reader.is_writer else None
    chrome = Chrome(
        timeline=reverse("incidents:event_create", args=[events[0].incident_id]),
        zone=get_current_timezone(),
        kinds={kind.value: str(kind.label) for kind in TimelineEvent.Kind},
        actions=actions,
    )
    return [_row(event, chips.get(event.pk, []), chrome) for event in events]


def _row(event: TimelineEvent, chips: list[Chip], chrome: Chrome) -> dict[str, Any]:
    day, time = event.occurred_at.astimezone(chrome.zone).date(), clock_element(event.occurred_at)
    return {
        "pk": str(event.pk),
        "at": f"{event.occurred_at.astimezone(UTC).replace(tzinfo=None).isoformat(timespec='microseconds')}Z",
        "date": day,
        "day": day.isoformat(),
        "revision": str(event.revision),
        "source": event.source,
        "time": time,
        "until": _until(event.occurred_at, event.ended_at),
        "kind": chrome.kinds[event.kind],
        "remarks": " · ".join(_remarks(event)),
        "corrected": _corrected(event),
        "html": render_markdown(event.text),
        "chips": chips,
        "is_hidden": event.is_hidden,
        "address": f"{chrome.timeline}{event.pk}/",
        "actions": chrome.actions.of(event, time) if chrome.actions else "",
    }


def _until(start: datetime, end: datetime | None) -> str:
    if end is None:
        return ""
    return format_html(
        "<span>–{}</span>", clock_element(end) if localdate(start) == localdate(end) else moment_element(end)
    )


def _remarks(event: TimelineEvent) -> list[str]:
    remarks = [str(event.author)]
    if event.merged_from_id:
        # Whoever sees this incident saw that one too when the two were merged, so its number tells nothing new.
        remarks.append(_("written in %(reference)s") % {"reference": f"INC-{event.merged_from_id}"})
    if event.grading == TimelineEvent.Grading.RECOLLECTED:
        remarks.append(_("from memory"))
    elif event.grading == TimelineEvent.Grading.MEASURED:
        remarks.append(_("measured"))
    if not event.is_pinned:
        remarks.append(_("not in the post-mortem"))
    if event.is_hidden:
        remarks.append(_("hidden"))
    return remarks


def _corrected(event: TimelineEvent) -> str:
    count = event.version - 1
    if not count:
        return ""
    return ngettext("corrected once", "corrected %(count)s times", count) % {"count": count}
