"""Times as people type them, in the timezone that they mean: `14:03`, `-10m`, `yesterday 23:50`, ISO 8601."""

import re
import unicodedata
import zoneinfo
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from datetime import timezone as fixed_zone

from django.utils.formats import date_format
from django.utils.translation import gettext as _

# A clock that is read aloud is a minute ahead of one that is looked at; no bare time means 23 hours and 59 minutes ago
# for that.
AHEAD = timedelta(minutes=1)
FIRST_YEAR, LAST_YEAR = 1900, 2999

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_UNITS = {"d": "days", "h": "hours", "m": "minutes", "s": "seconds"}

_amount = r"(?:\d{1,6}\s*(?:d(?:ays?)?|h(?:(?:ou)?rs?)?|m(?:in(?:ute)?s?)?|s(?:ec(?:ond)?s?)?)(?![a-z])\s*)"
_ago = re.compile(rf"(?:-\s*({_amount}+)|({_amount}+)ago)$")
_part = re.compile(r"(\d+)\s*([dhms])")
_clock = re.compile(r"(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,6})\d*)?)?(?:\s*([ap])\.?m\.?)?$")
_zone = re.compile(r"(?<=[\dm.])\s*(z|utc|gmt|[+-]\d{2}:?\d{2}(?::\d{2})?|(?<=\s)[a-z]+/[a-z_/+-]+\d*)$")
_iso_day = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})$")
_named_day = re.compile(r"(?:(\d{1,2})\.?\s+([a-z]{3,9})\.?|([a-z]{3,9})\.?\s+(\d{1,2})),?(?:\s+(\d{4}))?,?$")


class MomentError(ValueError):
    """A text that is no time, or stands for two. Its text is a sentence for the person."""


def read_moment(text: str, *, now: datetime, zone: tzinfo) -> datetime:
    """The instant that `text` stands for to somebody in `zone`.

    A time without a day is the nearest one not in the future; so is a day without a year. A time that the clocks show
    twice is refused unless one of the two has not come yet; one that they leave out is refused. Raises MomentError.
    """
    plain = " ".join(unicodedata.normalize("NFKC", text).replace("−", "-").replace("–", "-").lower().split())
    if plain == "now":
        return now
    try:
        instant = _read_ago(plain, now) or _read_named(plain, now, zone)
    except OverflowError:
        instant = None
    if instant is None:
        raise MomentError(_unreadable(text.strip()))
    if not FIRST_YEAR <= instant.year <= LAST_YEAR:
        raise MomentError(_("Check the year; it must lie between 1900 and 2999."))
    return instant


def write_moment(instant: datetime, zone: tzinfo) -> str:
    """The text that `read_moment` reads as this instant to the second: `2024-03-10 14:03:20`.

    In an hour that the clocks show twice, the offset stands behind it.
    """
    local = instant.astimezone(zone)
    text = f"{local:%Y-%m-%d %H:%M:%S}"
    return f"{text} {_offset(local)}" if _is_repeated(local.replace(tzinfo=None), zone) else text


def say_moment(instant: datetime, zone: tzinfo) -> str:
    """`Sunday, 10 March 2024, 14:03 (Europe/Berlin)`, so that a slip is seen."""
    local = instant.astimezone(zone)
    clock = f"{local:%H:%M}" + (f":{local:%S}" if local.second else "")
    return f"{date_format(local, 'l, j F Y')}, {clock} ({zone_name(local.tzinfo or zone)})"


def zone_name(zone: tzinfo) -> str:
    """What the timezone is called."""
    return str(zone)


def _read_ago(text: str, now: datetime) -> datetime | None:
    found = _ago.match(text)
    if found is None:
        return None
    parts = _part.findall(found[1] or found[2])
    return now - timedelta(**_sum_by_unit(parts))


def _sum_by_unit(parts: list[tuple[str, str]]) -> dict[str, int]:
    amounts: dict[str, int] = {}
    for number, unit in parts:
        amounts[_UNITS[unit]] = amounts.get(_UNITS[unit], 0) + int(number)
    return amounts


def _read_named(text: str, now: datetime, zone: tzinfo) -> datetime | None:
    """A clock time with or without a day, and with or without a timezone of its own behind it."""
    if found := _zone.search(text):
        named = _read_zone(found[1])
        if named is None:
            return None
        text, zone = text[: found.start()].strip(), named
    text = re.sub(r"(?<=\d)t(?=\d)", " ", text)
    clock_at = re.search(r"\d{1,2}:\d{2}.*$", text)
    if clock_at is None:
        return None
    clock, day = _read_clock(clock_at[0]), text[: clock_at.start()].strip().removesuffix(" at").rstrip(",")
    days = _read_day(day, now.astimezone(zone).date())
    if clock is None or days is None:
        return None
    return _nearest([datetime.combine(each, clock) for each in days], now, zone)


def _read_zone(text: str) -> tzinfo | None:
    if text in ("z", "utc", "gmt"):
        return UTC
    if "/" in text:
        names = {name.lower(): name for name in zoneinfo.available_timezones()}
        return zoneinfo.ZoneInfo(names[text]) if text in names else None
    digits = text[1:].replace(":", "").ljust(6, "0")
    hours, minutes, seconds = (int(digits[place : place + 2]) for place in (0, 2, 4))
    if hours > 23 or minutes > 59 or seconds > 59:
        return None
    offset = timedelta(hours=hours, minutes=minutes, seconds=seconds)
    return fixed_zone(-offset if text[0] == "-" else offset)


def _read_clock(text: str) -> time | None:
    found = _clock.match(text)
    if found is None:
        return None
    hour = int(found[1])
    if found[5]:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if found[5] == "p" else 0)
    try:
        return time(hour, int(found[2]), int(found[3] or 0), int((found[4] or "").ljust(6, "0")))
    except ValueError:
        return None


def _read_day(text: str, today: date) -> list[date] | None:
    """The days that the text may mean, the best first."""
    if not text:
        return [today, today - timedelta(days=1)]
    if text in ("today", "yesterday"):
        return [today - timedelta(days=text == "yesterday")]
    if found := _iso_day.match(text):
        return _days(int(found[2]), int(found[3]), [int(found[1])])
    if found := _named_day.match(text):
        name, number = found[2] or found[3], int(found[1] or found[4])
        months = [month for month in MONTHS if name.startswith(month)]
        years = [int(found[5])] if found[5] else [today.year, *range(today.year - 1, today.year - 9, -1)]
        return _days(MONTHS.index(months[0]) + 1, number, years) if months else None
    return None


def _days(month: int, day: int, years: list[int]) -> list[date] | None:
    found = []
    for year in years:
        try:
            found.append(date(year, month, day))
        except ValueError:
            continue
    return found or None


def _nearest(candidates: list[datetime], now: datetime, zone: tzinfo) -> datetime:
    """The first that is not in the future; where all are, the first: who asked for it is told that it is."""
    readings = [(local, _instants(local, zone)) for local in candidates]
    for local, instants in readings:
        past = [instant for instant in instants if instant <= now + AHEAD]
        if past or not instants:
            return _only(local, past, zone)
    local, instants = readings[0]
    return _only(local, instants, zone)


def _instants(local: datetime, zone: tzinfo) -> list[datetime]:
    """The instants at which clocks in this timezone show this: one, or two, or none."""
    both = {local.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1)}
    return sorted(instant for instant in both if instant.astimezone(zone).replace(tzinfo=None, fold=0) == local)


def _is_repeated(local: datetime, zone: tzinfo) -> bool:
    return len(_instants(local.replace(microsecond=0, fold=0), zone)) > 1


def _only(local: datetime, instants: list[datetime], zone: tzinfo) -> datetime:
    if len(instants) == 1:
        return instants[0]
    words = {"day": date_format(local, "j F Y"), "clock": f"{local:%H:%M}", "zone": zone_name(zone)}
    if not instants:
        raise MomentError(
            _(
                "On %(day)s the clocks in %(zone)s are put forward and leave out %(clock)s. Type a time before or "
                "after the change, or the time in UTC: %(clock)s UTC."
            )
            % words
        )
    ways = [f"{local:%Y-%m-%d %H:%M} {_offset(instant.astimezone(zone))}" for instant in instants]
    raise MomentError(
        _(
            "On %(day)s the clocks in %(zone)s are put back and show %(clock)s twice. Say which: %(first)s (before "
            "the change) or %(second)s (after it)."
        )
        % (words | {"first": ways[0], "second": ways[1]})
    )


def _offset(local: datetime) -> str:
    return local.isoformat(timespec="seconds")[19:]


def _unreadable(text: str) -> str:
    if re.fullmatch(r"\d{4}-\d{1,2}-\d{1,2}|today|yesterday", text.lower()):
        return _("“%(text)s” is a day without a time. Add one, such as %(text)s 14:03.") % {"text": text}
    return _(
        "“%(text)s” is not a time that can be read. Type 14:03, -10m, yesterday 23:50, 10 Mar 14:03 or "
        "2024-03-10 14:03, with UTC or an offset such as +02:00 behind it where needed."
    ) % {"text": text[:60]}
