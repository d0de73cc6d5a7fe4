"""From the times of a timeline as they are written to instants."""

from datetime import UTC, date, timedelta, tzinfo
from itertools import pairwise

from incidents.readers.document import ReadEvent
from incidents.readers.timeline import Draft, TimelineReading, text_of
from incidents.transcripts.dating import Dating
from incidents.transcripts.days import Day, date_of
from incidents.transcripts.entry import Doubt
from incidents.transcripts.stamps import Stamp


def is_without_zone(readings: list[TimelineReading], zero: Stamp | None) -> bool:
    """Whether a time tells no timezone; `zero` is when T was, where any time counts from there."""
    stamps = [each.stamp for each in _drafts(readings) if each.offset is None]
    if zero and any(each.offset is not None for each in _drafts(readings)):
        stamps.append(zero)
    return any(not stamp.zone and not stamp.instant for stamp in stamps)


def first_day(readings: list[TimelineReading], zero: Stamp | None) -> date | None:
    """The day of the first time that tells one with its year."""
    found = [each for reading in readings for each in reading.found if not isinstance(each, timedelta)]
    told = [each if isinstance(each, Day) else each.stamp for each in found]
    for each in [*told, *([zero] if zero else [])]:
        if isinstance(each, Stamp) and each.instant:
            return each.instant.date()
        day = each if isinstance(each, Day) else each.day
        if day and day.year:
            return date_of(day, date(day.year, 7, 1), day_first=True)
    return None


def date_events(
    readings: list[TimelineReading], day: date, zone: tzinfo, zero: Stamp | None = None
) -> tuple[list[ReadEvent], list[tuple[Doubt, int]]]:
    """The events with their times, and what may be wrong with them."""
    found = [each for reading in readings for each in reading.found]
    days = [each if isinstance(each, Day) else each.stamp.day for each in found if not isinstance(each, timedelta)]
    known = [each for each in days if each]
    zero_at = Dating(day, zone, known).date(zero)[0] if zero else None
    dating = Dating(day, zone, known)
    is_backwards = not known and _is_newest_first(found)
    events: list[ReadEvent] = []
    doubts: list[tuple[Doubt, int]] = []
    for each in found[::-1] if is_backwards else found:
        if isinstance(each, Day):
            dating.turn_to(each)
        elif isinstance(each, timedelta):
            dating.day, dating.last = dating.day + each, None
        elif each.offset is not None and zero_at:
            events.append(ReadEvent(zero_at + each.offset, None, text_of(each), each.line.number, each.written))
        else:
            at, until, doubted = dating.date(each.stamp)
            doubts += [(doubt, each.line.number) for doubt in doubted]
            events.append(ReadEvent(at, until, text_of(each), each.line.number, each.written))
    return sorted(events, key=lambda event: event.line), doubts + _jumps_back(events, doubts)


def _drafts(readings: list[TimelineReading]) -> list[Draft]:
    return [each for reading in readings for each in reading.found if isinstance(each, Draft)]


def _jumps_back(events: list[ReadEvent], doubts: list[tuple[Doubt, int]]) -> list[tuple[Doubt, int]]:
    """Where an event is earlier than the one before it, as with a timezone or a day that is a slip."""
    known = {line for doubt, line in doubts if doubt in (Doubt.OUT_OF_ORDER, Doubt.NEXT_DAY)}
    instants = [(event.occurred_at.astimezone(UTC), event.line) for event in events]
    back = [line for (before, _line), (at, line) in pairwise(instants) if at < before and line not in known]
    # A list that runs backwards throughout is meant so.
    return [(Doubt.OUT_OF_ORDER, line) for line in back] if len(back) * 2 < len(events) else []


def _is_newest_first(found: list[Draft | Day | timedelta]) -> bool:
    clocks = [each.stamp.clock for each in found if isinstance(each, Draft) and each.offset is None]
    pairs = list(pairwise(clocks))
    return sum(a > b for a, b in pairs) > 1 + sum(a < b for a, b in pairs)
