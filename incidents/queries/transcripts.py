"""What a paste would become, before anything of it is added; and what became of one."""

import re
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from itertools import groupby
from zoneinfo import ZoneInfo

from django.db.models import Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from incidents.models import Incident, TimelineEvent
from incidents.transcripts.entry import MOST_ENTRIES, Doubt, Entry, Leftover, Role, Transcript
from incidents.transcripts.kinds import guess_kind
from incidents.transcripts.read import read_transcript
from lib.markdown_source import escape
from lib.moment_text import write_moment

DOUBTS: dict[Doubt, Promise] = {
    Doubt.NEXT_DAY: _("The clock jumps back here, so this is taken for the next day."),
    Doubt.OUT_OF_ORDER: _("This is earlier than what stands before it."),
    Doubt.DAY_ORDER: _("Day and month could be the other way round."),
    Doubt.TWICE: _("The clocks went back in this hour; this is taken for the first of the two."),
    Doubt.NEVER: _("The clocks went forward and left this time out."),
    Doubt.BOTH_CLOCKS: _("This was written with 24 hours and with PM; it is taken for 24 hours."),
    Doubt.NO_TEXT: _("There is a time and no text."),
}
# So many groups of lines that were not understood can be taken over one by one.
MOST_GROUPS = 400


@dataclass
class PasteRow:
    """One row of the preview: an event to be, or lines that were not understood (`is_leftover`)."""

    lines: str
    text: str
    at: str = ""
    until: str = ""
    kind: str = ""
    use: str = "event"
    is_leftover: bool = False
    remarks: list[str | Promise] = field(default_factory=list)
    problem: str | Promise = ""


@dataclass(frozen=True)
class Preview:
    """A paste as rows in the order of its lines; `structure` are lines read as dates, headings and decoration."""

    rows: list[PasteRow]
    structure: list[Leftover]
    is_chat: bool
    # Lines beyond what fits in one go.
    beyond: int = 0

    @property
    def event_count(self) -> int:
        """How many entries were found."""
        return sum(not row.is_leftover for row in self.rows)


def preview_paste(incident: Incident, *, text: str, day: date, time_zone: str) -> Preview:
    """What the paste would become; events that are on the timeline already are marked and not chosen."""
    zone = ZoneInfo(time_zone)
    transcript = read_transcript(text, day=day, zone=zone)
    known = _known_events(incident, transcript)
    unknown = [left for left in transcript.leftovers if left.role is Role.UNKNOWN]
    groups = _in_groups(unknown, transcript)
    rows = [(entry.lines[0], _event_row(entry, zone, known)) for entry in transcript.entries]
    rows += [(group[0].line, _leftover_row(group)) for group in groups[:MOST_GROUPS]]
    return Preview(
        rows=[row for _line, row in sorted(rows, key=lambda pair: pair[0])],
        structure=[left for left in transcript.leftovers if left.role is not Role.UNKNOWN],
        is_chat=any(entry.name for entry in transcript.entries),
        beyond=_count_beyond(transcript, groups[MOST_GROUPS:]),
    )


def list_imported(incident: Incident, key: str) -> QuerySet[TimelineEvent]:
    """The events that one paste became, in order; also those that moved on since, when this one was merged.

    Whoever shows them leaves out what stands in an incident that the reader does not see: `list_seen_import`.
    """
    written_here = Q(incident=incident) | Q(merged_from=incident)
    return TimelineEvent.objects.filter(written_here, submission_key__startswith=paste_prefix(key))


def list_seen_import(user: User, incident: Incident, key: str) -> QuerySet[TimelineEvent]:
    """The same, as far as this person may know of them."""
    return list_imported(incident, key).filter(incident__in=Incident.objects.visible_to(user))


def paste_prefix(key: str) -> str:
    """What the submission keys of one paste's events begin with."""
    return f"paste-{key}-"


def _event_row(entry: Entry, zone: ZoneInfo, known: set[tuple[datetime, str]]) -> PasteRow:
    row = PasteRow(
        lines=_line_words(entry.lines),
        text=f"**{escape(entry.name)}**: {entry.text}" if entry.name else entry.text,
        at=_write(entry.at, zone),
        until=_write(entry.until, zone) if entry.until else "",
        kind=guess_kind(entry.text),
        remarks=[DOUBTS[doubt] for doubt in entry.doubts],
    )
    if _likeness(entry.at, row.text) in known:
        row.use = "leave"
        row.remarks.append(_("This is on the timeline already."))
    if not entry.text:
        row.use = "leave"
    return row


def _write(instant: datetime, zone: ZoneInfo) -> str:
    text = write_moment(instant, zone)
    return text.removesuffix(":00") if text.count(":") == 2 else text


def _leftover_row(group: list[Leftover]) -> PasteRow:
    text = "\n".join(left.text for left in group)
    lines = tuple(left.line for left in group)
    return PasteRow(lines=_line_words(lines), text=text, kind=guess_kind(text), use="leave", is_leftover=True)


def _line_words(lines: tuple[int, ...]) -> str:
    return f"{lines[0]}–{lines[-1]}" if len(lines) > 1 else str(lines[0])


def _in_groups(unknown: list[Leftover], transcript: Transcript) -> list[list[Leftover]]:
    """Lines that stand together with no entry between them."""
    begins = iter(sorted(entry.lines[0] for entry in transcript.entries))
    upcoming = next(begins, None)
    place = 0
    places = []
    for left in unknown:
        while upcoming is not None and upcoming < left.line:
            upcoming = next(begins, None)
            place += 1
        places.append((place, left))
    return [[left for _place, left in group] for _place, group in groupby(places, key=lambda pair: pair[0])]


def _count_beyond(transcript: Transcript, groups: list[list[Leftover]]) -> int:
    if len(transcript.entries) < MOST_ENTRIES:
        return sum(map(len, groups))
    last = transcript.entries[-1].lines[-1]
    return sum(left.line > last for left in transcript.leftovers)


def _known_events(incident: Incident, transcript: Transcript) -> set[tuple[datetime, str]]:
    if not transcript.entries:
        return set()
    instants = [_minute(entry.at) for entry in transcript.entries]
    found = TimelineEvent.objects.filter(incident=incident, occurred_at__gte=min(instants))
    return {_likeness(at, text) for at, text in found.values_list("occurred_at", "text").iterator()}


def _likeness(at: datetime, text: str) -> tuple[datetime, str]:
    """Equal for what happened in the same minute in the same words."""
    return _minute(at), "".join(re.findall(r"\w+", text.lower()))


def _minute(at: datetime) -> datetime:
    # In UTC: when clocks go back, a time in any other timezone equals none, and the later one may seem to be the first.
    return at.astimezone(UTC).replace(second=0, microsecond=0)
