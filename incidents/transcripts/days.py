"""Days as people and programs write them, and which date each is."""

import re
from dataclasses import dataclass
from datetime import date, timedelta

from incidents.transcripts import thai

FIRST_YEAR, LAST_YEAR = 1900, 2999
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

_month = (
    r"(?P<{0}>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?"
    r"|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)
_weekday = r"(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?"
# Thai digits are digits too.
_year = r"(?P<{0}>(?:[1๑][9๙]|[2๒]\d)\d\d)"
_day = r"(?P<{0}>\d{{1,2}})(?:st|nd|rd|th)?"
_DAY = re.compile(
    rf"(?:(?:{_weekday})\b\.?,?\s{{1,3}})?(?:"
    rf"{_year.format('y1')}[-/.](?P<m1>\d{{1,2}})[-/.](?P<d1>\d{{1,2}})(?!\d)"
    rf"|(?P<a>\d{{1,2}})(?P<sep>[/.-])(?P<b>\d{{1,2}})(?P=sep)(?P<y2>\d{{4}}|\d\d)(?!\d)"
    rf"|(?P<a2>\d{{1,2}})/(?P<b2>\d{{1,2}})(?=,?\s{{1,3}}\d{{1,2}}:)"
    rf"|{_month.format('m3')}\s{{1,3}}{_day.format('d3')}\b(?:,?\s{{1,3}}{_year.format('y3')}\b)?"
    rf"|{_day.format('d4')}\.?\s{{1,3}}(?:of\s)?{_month.format('m4')}(?:,?\s{{1,3}}{_year.format('y4')}\b)?(?!\w)"
    r")"
    rf"|{thai.DAY}"
    rf"|(?P<word>today|yesterday)\b|(?P<weekday>{_weekday})\b(?!\s{{1,3}}\w+:)",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Day:
    """A day as it is written. `first` and `second` are a day and a month in an order that is not told.

    `is_dotted`: with dots, or with a year of the Buddhist era, the day comes first.
    """

    year: int | None = None
    month: int = 0
    day: int = 0
    first: int = 0
    second: int = 0
    is_dotted: bool = False
    weekday: int | None = None
    ago: int | None = None

    @property
    def is_open(self) -> bool:
        """True where day and month could be told either way round; with dots the day comes first."""
        return (
            bool(self.first)
            and not self.is_dotted
            and self.first <= 12
            and self.second <= 12
            and self.first != self.second
        )


def read_day(text: str, start: int = 0) -> tuple[Day, int] | None:
    """The day that begins at `start`, and where it ends; None where none does."""
    found = _DAY.match(text, start)
    if found is None:
        return None
    day = _day_of({name: value for name, value in found.groupdict().items() if value})
    return None if day is None or not _is_possible(day) else (day, found.end())


def _day_of(parts: dict[str, str]) -> Day | None:
    if word := parts.get("word"):
        return Day(ago=0 if word.lower() == "today" else 1)
    if weekday := parts.get("weekday"):
        return Day(weekday=WEEKDAYS.index(weekday[:3].lower()))
    for first, second in (("a", "b"), ("a2", "b2")):
        if first in parts:
            year = _whole_year(parts.get("y2"))
            is_thai = year is not None and len(parts["y2"]) == 4 and int(parts["y2"]) != year
            is_dotted = (parts.get("sep") == "." or is_thai) and int(parts[second]) <= 12
            return Day(year, first=int(parts[first]), second=int(parts[second]), is_dotted=is_dotted)
    if "thai_month" in parts:
        return Day(thai.year_of(parts), thai.MONTHS[parts["thai_month"]], int(parts["thai_day"]))
    for form in "134":
        if month := parts.get(f"m{form}"):
            number = int(month) if month.isdecimal() else MONTHS.index(month[:3].lower()) + 1
            return Day(_whole_year(parts.get(f"y{form}")), number, int(parts[f"d{form}"]))
    return None


def _whole_year(text: str | None) -> int | None:
    if text is None:
        return None
    return thai.common_year(int(text) + (2000 if len(text) == 2 else 0))


def _is_possible(day: Day) -> bool:
    if day.first:
        return any(_date(day.year or 2024, *each) for each in ((day.first, day.second), (day.second, day.first)))
    return not day.month or _date(day.year or 2024, day.month, day.day) is not None


def tell_day_first(days: list[Day]) -> bool | None:
    """Whether 10/03 is in March, as the other dates of the same paste tell; None where they do not."""
    if any(day.first > 12 for day in days):
        return True
    return False if any(day.second > 12 for day in days) else None


def guess_day_first(days: list[Day], assumed: date) -> bool:
    """The same where nothing tells: whichever of the two is nearer to `assumed`."""
    for day in days:
        if day.is_open:
            by_day = date_of(day, assumed, day_first=True)
            by_month = date_of(day, assumed, day_first=False)
            return abs(by_day - assumed) <= abs(by_month - assumed)
    return True


def date_of(day: Day, assumed: date, *, day_first: bool) -> date:
    """The date; a missing year is the one that brings it nearest to `assumed`, a weekday is the last one up to then."""
    if day.ago is not None:
        return assumed - timedelta(days=day.ago)
    if day.weekday is not None:
        return assumed - timedelta(days=(assumed.weekday() - day.weekday) % 7)
    month, number = day.month, day.day
    if day.first:
        month, number = (day.second, day.first) if day_first or day.is_dotted else (day.first, day.second)
        # One date that goes the other way round than the rest is still a date.
        if month > 12:
            month, number = number, month
    years = [day.year] if day.year else [assumed.year, assumed.year - 1, assumed.year + 1]
    # The 29th of February is there every fourth year.
    dates = [found for year in years if (found := _date(year, month, number))]
    return min(dates, key=lambda each: abs(each - assumed)) if dates else assumed


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day) if FIRST_YEAR <= year <= LAST_YEAR else None
    except ValueError:
        return None
