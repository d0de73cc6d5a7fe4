"""The one way in: a post-mortem that others wrote, as its parts."""

import re
from dataclasses import dataclass, field
from datetime import date, tzinfo
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from incidents.lengths import MOST_CAUSES, MOST_ITEMS
from incidents.readers.causes import read_causes
from incidents.readers.dates import date_in_name, date_of_value, find_date, find_statement, possible, zone_named
from incidents.readers.document import Line, ReadCause, ReadEvent, ReadItem, ReadPostmortem, ReadSection, Remark
from incidents.readers.front_matter import in_words, split_front_matter
from incidents.readers.items import has_marked_items, read_items
from incidents.readers.outline import Section, number_lines, split_sections, unwrap
from incidents.readers.particulars import meaning_of, pairs_of_cells, read_level, read_status, take_particulars
from incidents.readers.relative import find_zero
from incidents.readers.tables import find_table
from incidents.readers.timeline import TimelineReading, may_be_timeline, read_timeline
from incidents.readers.timeline_dates import date_events, first_day, is_without_zone
from incidents.transcripts.entry import MOST_ENTRIES, Doubt
from incidents.transcripts.stamps import Stamp

DOUBTS: dict[Doubt, Promise] = {
    Doubt.NEXT_DAY: gettext_lazy("The clock jumps back here, so this is taken for the next day."),
    Doubt.OUT_OF_ORDER: gettext_lazy("This is earlier than what stands before it."),
    Doubt.DAY_ORDER: gettext_lazy("Day and month could be the other way round."),
    Doubt.TWICE: gettext_lazy("The clocks went back in this hour; this is taken for the first of the two."),
    Doubt.NEVER: gettext_lazy("The clocks went forward and left this time out."),
    Doubt.BOTH_CLOCKS: gettext_lazy("This was written with 24 hours and with PM; it is taken for 24 hours."),
}
# Sections in which bullets mean nothing but prose, whatever stands before them.
PROSE = {"summary", "impact", "went_well", "went_poorly", "got_lucky", "recovery", "detection", "response"}
LONGEST_TITLE = 200


@dataclass
class _Reading:
    """A document while it is read."""

    name: str
    zone: tzinfo
    values: dict[str, Any] = field(default_factory=dict)
    particulars: list[tuple[str, str]] = field(default_factory=list)
    told: dict[str, str] = field(default_factory=dict)
    sections: list[Section] = field(default_factory=list)
    timelines: list[TimelineReading] = field(default_factory=list)
    causes: list[ReadCause] = field(default_factory=list)
    items: list[ReadItem] = field(default_factory=list)
    warnings: list[Remark] = field(default_factory=list)
    zone_name: str = ""
    zero: Stamp | None = None

    def tell(self, label: str, value: str) -> None:
        """A label has this value; the first of each meaning counts."""
        if meaning := meaning_of(label):
            self.told.setdefault(meaning, value)

    def tell_full(self, most: int, section: Section) -> None:
        """Of one kind of records there are more than are made."""
        words = _("Only the first %(count)d are read; what comes after them stays as text.") % {"count": most}
        self.warnings.append(Remark(words, section.line))


def read_postmortem(text: str, *, zone: tzinfo, name: str = "", day: date | None = None) -> ReadPostmortem:
    """What the document says. `zone` and `day` are those of times that do not say theirs; `name` is the file's.

    Every sentence is in an event, an item, a cause, a section, the title or the particulars. Raises nothing, whatever
    the text is.
    """
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")
    reading = _Reading(name, zone)
    taken = _read_front_matter(reading, text)
    reading.sections = split_sections(number_lines(text, taken))
    title = _read_head(reading)
    stated = _read_zone(reading)
    reading.zero = find_zero(line.text for each in reading.sections for line in each.lines if not line.is_code)
    for section in reading.sections:
        _read_section(reading, section, stated)
    written = _written_day(reading, title) or possible(day)
    events, day = _date_events(reading, written, stated)
    return ReadPostmortem(
        title=title[:LONGEST_TITLE],
        date=day,
        severity=_severity(reading, title),
        authors=reading.told.get("authors", "")[:LONGEST_TITLE],
        status=read_status(reading.told.get("status", "")),
        time_zone=reading.zone_name,
        events=tuple(events),
        causes=tuple(reading.causes),
        items=tuple(reading.items),
        sections=tuple(_finish(each) for each in reading.sections if each.key or each.title or _body(each)),
        particulars=tuple(reading.particulars),
        warnings=tuple(sorted(reading.warnings, key=lambda warning: warning.line)),
    )


def _read_front_matter(reading: _Reading, text: str) -> int:
    reading.values, taken, is_read = split_front_matter(text)
    if not is_read:
        reading.warnings.append(Remark(_("The front matter could not be read; it stays as text."), 1))
    for name, value in reading.values.items():
        words = in_words(value)
        if words:
            reading.particulars.append((name, words))
            reading.tell(name, words)
    return taken


def _read_head(reading: _Reading) -> str:
    """The title; labels at the top are particulars from here on."""
    first = next((each for each in reading.sections[1:] if each.level == 1), None)
    if first is None and len(reading.sections) > 1 and not reading.sections[1].key:
        first = reading.sections[1]
    title = str(reading.told.get("title", "")) or (first.title if first and not first.key else "")
    for section in reading.sections[:1] if first is None else [reading.sections[0], first]:
        found, section.lines = take_particulars(section.lines)
        for label, value, _number in found:
            reading.particulars.append((label, value))
            reading.tell(label, value)
    for section in reading.sections[:4]:
        _tell_cells(reading, section.lines)
    _tell_headings(reading)
    if first is not None and not first.key:
        if first.title == title:
            first.title = ""
        first.key = "summary" if _body(first) else ""
    if _body(reading.sections[0]):
        reading.sections[0].key = "summary"
    return title or _title_of_name(reading.name)


def _title_of_name(name: str) -> str:
    stem = re.sub(r"\.\w{1,8}$", "", name.rpartition("/")[2])
    return " ".join(re.sub(r"[-_]+", " ", stem).split()) or _("Untitled")


def _tell_cells(reading: _Reading, lines: list[Line]) -> None:
    place = 0
    while place < len(lines):
        table = find_table(lines, place)
        for label, value in pairs_of_cells([table.titles, *(cells for _line, cells in table.rows)] if table else []):
            reading.tell(label, value)
        place += len(table.lines) if table else 1


def _tell_headings(reading: _Reading) -> None:
    """Headings such as `### Authors` with their value below."""
    for section in reading.sections[1:]:
        body = _body(section)
        if not section.key and 0 < len(body) <= 200 and meaning_of(section.title) not in ("", "other"):
            reading.tell(section.title, " ".join(body.split()))


def _read_zone(reading: _Reading) -> tzinfo | None:
    named = zone_named(reading.told["time_zone"]) if "time_zone" in reading.told else None
    if named is None:
        titles = [section.title for section in reading.sections if section.key == "timeline"]
        lines = [line.text for section in reading.sections for line in section.lines if not line.is_code]
        named = next(filter(None, map(zone_named, titles)), None) or find_statement(lines)
    if named is None:
        return None
    reading.zone_name = named[1]
    return named[0]


def _read_section(reading: _Reading, section: Section, zone: tzinfo | None) -> None:
    has_zero = reading.zero is not None
    if section.key == "timeline" or (
        section.key not in PROSE - {"summary"} and may_be_timeline(section.lines, has_zero=has_zero)
    ):
        _read_events(reading, section, zone)
    elif section.key == "action_items" or (section.key not in PROSE and has_marked_items(section.lines)):
        _read_promises(reading, section)
    elif section.key == "root_causes":
        causes = read_causes(section.lines, section.title, MOST_CAUSES - len(reading.causes))
        if causes.is_full:
            reading.tell_full(MOST_CAUSES, section)
        reading.causes += causes.causes
        section.lines = causes.rest


def _read_events(reading: _Reading, section: Section, zone: tzinfo | None) -> None:
    own = zone_named(section.title)
    most = MOST_ENTRIES - sum(each.count for each in reading.timelines)
    timeline = read_timeline(section.lines, own[0] if own else zone, has_zero=reading.zero is not None, most=most)
    if timeline.is_full:
        reading.tell_full(MOST_ENTRIES, section)
    reading.timelines.append(timeline)
    section.lines = timeline.rest
    for line in timeline.untimed:
        reading.warnings.append(Remark(_("This row has no readable time; it stays as text."), line.number))


def _read_promises(reading: _Reading, section: Section) -> None:
    found = read_items(section.lines, is_every=section.key == "action_items", most=MOST_ITEMS - len(reading.items))
    if found.is_full:
        reading.tell_full(MOST_ITEMS, section)
    reading.items += found.items
    section.lines = found.rest
    if section.key == "action_items" and not found.items and _body(section):
        reading.warnings.append(Remark(_("No action item was found here; it stays as text."), section.line))


def _written_day(reading: _Reading, title: str) -> date | None:
    for name, value in reading.values.items():
        if meaning_of(name) == "date" and (found := date_of_value(value)):
            return found
    told = reading.told.get("date", "")
    return find_date(told) or find_date(title) or date_in_name(reading.name)


def _date_events(reading: _Reading, day: date | None, zone: tzinfo | None) -> tuple[list[ReadEvent], date | None]:
    if reading.zero is None and any(timeline.is_relative for timeline in reading.timelines):
        words = _("Times such as T+5 count from a moment that the document does not name; they stay as text.")
        reading.warnings.append(Remark(words))
    if not any(timeline.count for timeline in reading.timelines):
        return [], day or _day_in_prose(reading)
    if zone is None and is_without_zone(reading.timelines, reading.zero):
        words = _("The document names no timezone; its times are read as %(zone)s.") % {"zone": reading.zone}
        reading.warnings.append(Remark(words))
    known = day or first_day(reading.timelines, reading.zero) or _day_in_prose(reading)
    if known is None:
        reading.warnings.append(Remark(_("The document names no day, so its times mean nothing yet. Enter the day.")))
        for timeline in reading.timelines:
            timeline.give_back()
        return [], None
    events, doubts = date_events(reading.timelines, known, zone or reading.zone, reading.zero)
    reading.warnings += [Remark(str(DOUBTS[doubt]), line) for doubt, line in doubts if doubt in DOUBTS]
    return events, day or (events[0].occurred_at.date() if events else known)


def _day_in_prose(reading: _Reading) -> date | None:
    bodies = (
        find_date(_body(section)[:5_000]) for section in reading.sections if section.key in ("", "summary", "timeline")
    )
    return next(filter(None, bodies), None)


def _severity(reading: _Reading, title: str) -> int | None:
    told = read_level(reading.told["severity"][:80]) if "severity" in reading.told else None
    found = re.search(r"\b(?:SEV|P)[- ]?([0-5])\b", title)
    return told or (max(int(found[1]), 1) if found else None)


def _body(section: Section) -> str:
    return "\n".join(line.text for line in section.lines).strip()


def _finish(section: Section) -> ReadSection:
    return ReadSection(section.key, section.title, unwrap(section.lines), section.line)
