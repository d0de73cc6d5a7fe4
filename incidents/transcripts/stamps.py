"""Times as they stand before what happened: with or without a day, a timezone, an end."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from incidents.transcripts.days import Day, read_day

# Hours from UTC of the abbreviations that mean one thing only.
ZONES = {
    "Z": 0, "UTC": 0, "GMT": 0, "WET": 0, "BST": 1, "CET": 1, "CEST": 2, "EET": 2, "EEST": 3, "MSK": 3,
    "ICT": 7, "SGT": 8, "JST": 9, "KST": 9, "AEST": 10, "AEDT": 11, "EST": -5, "EDT": -4, "CDT": -5,
    "MST": -7, "MDT": -6, "PST": -8, "PDT": -7,
}  # fmt: skip
# What every line with a time has; asked first, since most lines have none.
HAS_CLOCK = re.compile(r"\d:[0-5๐-๕]\d|\d\s?[ap]\.?m\b|\d{10}|T\d{4}|\d\.[0-5๐-๕]\d.{0,12}น", re.IGNORECASE)
# Clocks of a place, summer time included.
PLACES = {
    "PT": "America/Los_Angeles", "MT": "America/Denver", "CT": "America/Chicago", "ET": "America/New_York",
}  # fmt: skip

_CLOCK = re.compile(
    # As in Thailand: `14.03 น.`, `14.03-14.30 น.`
    r"(?P<hour>\d{1,2})(?::|\.(?=\d\d(?:\s?[–-]\s?\d{1,2}\.\d\d)?\s?น(?![\wก-๛])))(?P<minute>[0-5๐-๕]\d)(?!\d)"
    r"(?::(?P<second>[0-5๐-๕]\d)(?:[.,]\d{1,9})?)?(?P<half>\s?[ap]\.?m\b\.?|(?P<thai>\s?น(?![\wก-๛])\.?))?"
    r"|(?P<only>\d{1,2})(?P<only_half>\s?[ap]\.?m\b\.?)",
    re.IGNORECASE,
)
_BASIC = re.compile(r"(\d{4})(\d\d)(\d\d)T(\d\d)([0-5]\d)([0-5]\d)?(?!\d)")
_EPOCH = re.compile(r"1\d{9}(?:\.\d{1,6}|\d{3})?(?!\d)")
_UNTIL = re.compile(r"\s{0,3}(?:–|—|-|−|→|to\b|until\b|till\b)\s{0,3}", re.IGNORECASE)
_AFTER_DAY = re.compile(r"(?:,?\s{0,3}(?:T(?=\d)|at\b|เวลา|[·|,–—-])?\s{0,3})", re.IGNORECASE)
_ZONE = re.compile(
    r"\s{0,2}\(?(?:(?:UTC|GMT)(?P<hours>[+−-]\d{1,2})(?::?(?P<minutes>\d\d))?|(?P<offset>[+−-]\d\d:?\d\d)"
    r"|(?P<place>[A-Z][A-Za-z]{2,20}/[A-Z][A-Za-z_]{2,30})|(?P<name>[A-Z]{1,4}))(?!\w|:\d)\)?"
)
_BEFORE_DAY = re.compile(r",?\s{1,3}(?:on\s{1,3})?", re.IGNORECASE)


@dataclass(frozen=True)
class Stamp:
    """A time as it is written; `instant` where it is one by itself. `both_clocks`: 14:00 PM. `has_half`: AM or PM."""

    clock: time = time()
    until: time | None = None
    day: Day | None = None
    until_day: Day | None = None
    zone: tzinfo | None = None
    instant: datetime | None = None
    both_clocks: bool = False
    has_half: bool = False


def read_stamp(text: str, start: int = 0) -> tuple[Stamp, int] | None:
    """The time that begins at `start`, and where it ends; None where none does."""
    if found := _read_number(text, start):
        return found
    day, place = _read_leading_day(text, start)
    clock = _CLOCK.match(text, place)
    first = _clock_of(clock)
    if clock is None or first is None:
        return None
    place = clock.end()
    until, until_day, place = _read_until(text, place)
    zone, place = _read_zone(text, place)
    if until is None:
        until, until_day, place = _read_until(text, place)
    if day is None:
        day, place = _read_trailing_day(text, place)
    has_half = bool(_half_of(clock))
    both = has_half and int(clock["hour"] or 0) > 12
    return Stamp(first, until, day, until_day, zone, both_clocks=both, has_half=has_half), place


def read_whole_stamp(text: str) -> Stamp | None:
    """The time that is all of this text, as in a cell of a table."""
    text = text.strip().strip("[]()*`").strip()
    found = read_stamp(text) if len(text) <= 80 else None
    return found[0] if found and not text[found[1] :].strip(" .,:;*") else None


def find_zone(text: str) -> tzinfo | None:
    """The timezone that a heading such as `Time (UTC)` or `all times PST` speaks of."""
    names = re.findall(r"\b[A-Z]{3,4}\b", text)
    hours = next((ZONES[name] for name in names if name in ZONES), None)
    return None if hours is None else _zone(hours, 0)


def _read_number(text: str, start: int) -> tuple[Stamp, int] | None:
    if found := _EPOCH.match(text, start):
        seconds = float(found[0]) if len(found[0].partition(".")[0]) == 10 else float(found[0]) / 1000
        return Stamp(instant=datetime.fromtimestamp(round(seconds, 6), tz=UTC)), found.end()
    found = _BASIC.match(text, start)
    if found is None or int(found[4]) > 23:
        return None
    day = read_day(f"{found[1]}-{found[2]}-{found[3]}")
    if day is None:
        return None
    zone, place = _read_zone(text, found.end())
    return Stamp(time(int(found[4]), int(found[5]), int(found[6] or 0)), day=day[0], zone=zone), place


def _read_leading_day(text: str, start: int) -> tuple[Day | None, int]:
    found = read_day(text, start)
    if found is None:
        return None, start
    gap = _AFTER_DAY.match(text, found[1])
    return found[0], gap.end() if gap else found[1]


def _read_trailing_day(text: str, place: int) -> tuple[Day | None, int]:
    gap = _BEFORE_DAY.match(text, place)
    found = read_day(text, gap.end()) if gap else None
    # "14:03 Monday deploy failed" speaks of Mondays; a date does not.
    if found is None or (found[0].weekday is not None and not re.match(r"\s*(?:[-–—:\])]|$)", text[found[1] :])):
        return None, place
    return found


def _read_until(text: str, place: int) -> tuple[time | None, Day | None, int]:
    gap = _UNTIL.match(text, place)
    if gap is None:
        return None, None, place
    day, start = _read_leading_day(text, gap.end())
    clock = _CLOCK.match(text, start)
    # An hour alone is more likely a number: "14:03 - 5 pm jobs".
    until = _clock_of(clock) if clock and (clock["hour"] or day) else None
    return (until, day, clock.end()) if clock and until else (None, None, place)


def _clock_of(found: re.Match[str] | None) -> time | None:
    if found is None:
        return None
    hour, half = int(found["hour"] or found["only"]), _half_of(found)
    if found["only"] and not 1 <= hour <= 12:
        return None
    # Beyond twelve, the afternoon is said already.
    if half and hour <= 12:
        hour = hour % 12 + (12 if half == "p" else 0)
    return time(hour, int(found["minute"] or 0), int(found["second"] or 0)) if hour <= 23 else None


def _half_of(found: re.Match[str]) -> str:
    """`a` or `p`; empty where the clock has 24 hours, or says `น.`, which means nothing but o'clock."""
    half = (found["half"] or found["only_half"] or "").strip().lower()
    return "" if found["thai"] else half[:1]


def _read_zone(text: str, place: int) -> tuple[tzinfo | None, int]:
    found = _ZONE.match(text, place)
    if found is None:
        return None, place
    if name := found["place"] or PLACES.get(found["name"]):
        zone = zone_of(name)
        return zone, found.end() if zone else place
    if found["name"]:
        hours = ZONES.get(found["name"])
        return (None, place) if hours is None else (_zone(hours, 0), found.end())
    text = (found["offset"] or f"{found['hours']}:{found['minutes'] or '00'}").replace("−", "-").replace(":", "")
    digits = text[1:].zfill(4)
    hours, minutes = int(digits[:2]), int(digits[2:])
    if hours > 14 or minutes > 59:
        return None, place
    sign = -1 if text[0] == "-" else 1
    return _zone(sign * hours, sign * minutes), found.end()


def zone_of(name: str) -> tzinfo | None:
    """The timezone of this name, such as Asia/Bangkok; None where there is none."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def _zone(hours: int, minutes: int) -> tzinfo:
    return timezone(timedelta(hours=hours, minutes=minutes)) if hours or minutes else UTC
