"""Which day and which timezone a document speaks of."""

import re
from collections.abc import Iterable
from datetime import date, datetime, timedelta, timezone, tzinfo
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from incidents.transcripts.days import Day, date_of, guess_day_first, read_day, tell_day_first
from incidents.transcripts.stamps import find_zone

FARTHEST = 20_000
# Words that name the clocks of a place, summer time included.
_PLACES = {
    "pacific": "America/Los_Angeles", "pt": "America/Los_Angeles", "mountain": "America/Denver", "mt": "America/Denver",
    "central": "America/Chicago", "ct": "America/Chicago", "eastern": "America/New_York", "et": "America/New_York",
    "bangkok": "Asia/Bangkok", "thai": "Asia/Bangkok", "singapore": "Asia/Singapore", "tokyo": "Asia/Tokyo",
    "london": "Europe/London", "paris": "Europe/Paris", "berlin": "Europe/Berlin", "sydney": "Australia/Sydney",
}  # fmt: skip
_NAME = re.compile(r"\b(?:[A-Z][A-Za-z]{2,20}/[A-Z][A-Za-z_]{2,30}|PST8PDT|MST7MDT|CST6CDT|EST5EDT)\b")
_LONG = "|".join(word for word in _PLACES if len(word) > 2)
_PLACE = re.compile(rf"\b(?:(?i:({_LONG}) (?:standard |daylight )?time)|(PT|MT|CT|ET))\b")
_OFFSET = re.compile(r"(?:\b(?:UTC|GMT)\s?|(?<![\w:.-]))([+−-])(\d{1,2})(?::?([0-5]\d))?(?![\w:.-]\d|\d)")
_SPEAKS = re.compile(r"\b(?:times?|time\s?zones?|timestamps?)\b|เวลา", re.IGNORECASE)
# A line with a time speaks of that one alone.
_BEGINS = re.compile(r"[\s>*+-]*\W{0,3}\d{1,2}:\d\d")
_CANDIDATE = re.compile(
    r"(?<![\w./-])(?=\d|(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|mon|tue|wed|thu|fri|sat|sun))", re.IGNORECASE
)
_VERSION = re.compile(r"\d{1,2}\.\d{1,2}\.\d\d")
_WHOLE = re.compile(r"(?<!\d)((?:19|20)\d\d)[-_]?([01]\d)[-_]?([0-3]\d)(?!\d)")


def zone_named(text: str) -> tuple[tzinfo, str] | None:
    """The timezone that these words name, and its name; None where they name none."""
    found = _NAME.search(text)
    if found and (zone := _zone_of(found[0])):
        return zone, found[0]
    if place := _PLACE.search(text):
        name = _PLACES[(place[1] or place[2]).lower()]
        return ZoneInfo(name), name
    offset = _OFFSET.search(text)
    if offset and int(offset[2]) <= 14:
        minutes = (int(offset[2]) * 60 + int(offset[3] or 0)) * (1 if offset[1] == "+" else -1)
        sign = "+" if offset[1] == "+" else "-"
        return timezone(timedelta(minutes=minutes)), f"UTC{sign}{int(offset[2]):02}:{offset[3] or '00'}"
    known = find_zone(text)
    return (known, str(known)) if known else None


def _zone_of(name: str) -> tzinfo | None:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def find_statement(lines: Iterable[str]) -> tuple[tzinfo, str] | None:
    """The timezone of the first line that speaks of times and names one: `All times in CET.`"""
    for line in lines:
        is_one = len(line) <= 160 and _SPEAKS.search(line) and not _BEGINS.match(line)
        if is_one and (found := zone_named(line)):
            return found
    return None


def find_days(text: str, most: int = 3) -> list[Day]:
    """The days that the text names with their year."""
    found: list[Day] = []
    place = 0
    while len(found) < most and (candidate := _CANDIDATE.search(text, place, FARTHEST)):
        place = candidate.start() + 1
        read = read_day(text, candidate.start())
        is_version = read is not None and _VERSION.fullmatch(text[candidate.start() : read[1]])
        if read and not is_version and read[0].year and (read[0].month or read[0].first):
            found.append(read[0])
            place = read[1]
    return found


def find_date(text: str) -> date | None:
    """The first day with a year in the text."""
    days = find_days(text)
    if not days:
        return None
    assumed = date(days[0].year or 2000, 7, 1)
    told = tell_day_first(days)
    return date_of(days[0], assumed, day_first=guess_day_first(days, assumed) if told is None else told)


def date_in_name(name: str) -> date | None:
    """The day in the name of a file: `2018-01-04-failed-deploy.md`."""
    found = _WHOLE.search(name)
    try:
        return date(int(found[1]), int(found[2]), int(found[3])) if found else None
    except ValueError:
        return None


def date_of_value(value: Any) -> date | None:
    """The day of a value of front matter."""
    if isinstance(value, datetime):
        return value.date()
    return value if isinstance(value, date) else find_date(str(value)[:200])
