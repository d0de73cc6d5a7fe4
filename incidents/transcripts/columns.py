"""Which column of a table is the time, the person, the text."""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import tzinfo

from incidents.transcripts.days import Day, read_day
from incidents.transcripts.stamps import Stamp, find_zone, read_whole_stamp

# So much of a column has to be times.
SHARE = 0.6
# So many rows tell.
SAMPLE = 200
_TIME = re.compile(r"time|when|stamp|date|\bts\b|\bat\b|created|hour", re.IGNORECASE)
_NAME = re.compile(r"author|name|user|who|\bby\b|from|sender|person|owner|actor|nick", re.IGNORECASE)
_TEXT = re.compile(r"text|message|event|what|descri|body|summary|detail|note|content|comment|action", re.IGNORECASE)


@dataclass(frozen=True)
class Columns:
    """Places of the columns, and the titles of all of them where there are any."""

    time: int
    day: int | None
    name: int | None
    text: int | None
    titles: tuple[str, ...] = ()

    @property
    def zone(self) -> tzinfo | None:
        """The timezone that the title of the times tells: `Time (UTC)`."""
        return find_zone(self.titles[self.time]) if self.time < len(self.titles) else None


def guess_columns(rows: list[list[str]], *, has_titles: bool | None = None) -> Columns | None:
    """What the columns are; None where none of them is times. `has_titles` None: told from the first row."""
    if len(rows) < (2 if has_titles else 1):
        return None
    if has_titles is None:
        has_titles = len(rows) > 1 and not any(read_whole_stamp(cell) or _whole_day(cell) for cell in rows[0])
    titles = tuple(cell.strip() for cell in rows[0]) if has_titles else ()
    body = rows[1 : SAMPLE + 1] if has_titles else rows[:SAMPLE]
    width = max(map(len, body))
    time = _best(body, width, lambda cell: read_whole_stamp(cell) is not None)
    if time is None:
        return None
    rest = [place for place in range(width) if place != time]
    day = _best(body, width, lambda cell: _whole_day(cell) is not None) if rest else None
    rest = [place for place in rest if place != day]
    name = _titled(titles, rest, _NAME) if titles else _short_and_repeated(body, rest)
    rest = [place for place in rest if place != name]
    text = _titled(titles, rest, _TEXT)
    if text is None and rest:
        text = max(rest, key=lambda place: sum(len(row[place]) for row in body if place < len(row)))
    return Columns(time, day, name, text, titles)


def read_row(row: list[str], columns: Columns) -> tuple[Stamp, str, str] | None:
    """Time, person and text of a row, with what other columns say behind the text; None where its time is none."""
    stamp = read_whole_stamp(row[columns.time]) if columns.time < len(row) else None
    if stamp is None:
        return None
    if columns.day is not None and stamp.day is None and (day := _whole_day(_cell(row, columns.day))):
        stamp = replace(stamp, day=day)
    known = {columns.time, columns.day, columns.name, columns.text}
    others = [_titled_value(row, place, columns.titles) for place in range(len(row)) if place not in known]
    parts = [_cell(row, columns.text), *others]
    return stamp, _cell(row, columns.name), " · ".join(part for part in parts if part)


def _titled_value(row: list[str], place: int, titles: tuple[str, ...]) -> str:
    value = _cell(row, place)
    title = titles[place] if place < len(titles) else ""
    return f"{title}: {value}" if title and value else value


def _cell(row: list[str], place: int | None) -> str:
    return row[place].strip() if place is not None and place < len(row) else ""


def _whole_day(cell: str) -> Day | None:
    cell = cell.strip().strip("[]()*`").strip()
    found = read_day(cell) if 0 < len(cell) <= 40 else None
    return found[0] if found and not cell[found[1] :].strip(" .,") else None


def _best(body: list[list[str]], width: int, is_one: Callable[[str], bool]) -> int | None:
    counts = [sum(place < len(row) and is_one(row[place]) for row in body) for place in range(min(width, 30))]
    best = max(range(len(counts)), key=lambda place: counts[place], default=0)
    return best if counts and counts[best] >= SHARE * len(body) else None


def _titled(titles: tuple[str, ...], places: list[int], words: re.Pattern[str]) -> int | None:
    return next((place for place in places if place < len(titles) and words.search(titles[place])), None)


def _short_and_repeated(body: list[list[str]], places: list[int]) -> int | None:
    if len(places) < 2:
        return None
    for place in places:
        values = [row[place].strip() for row in body if place < len(row)]
        filled = [value for value in values if value]
        is_short = bool(filled) and all(len(value) <= 40 and len(value.split()) <= 4 for value in filled)
        if is_short and (len(set(filled)) < len(filled) or len(places) == 2) and not any(map(str.isdecimal, filled)):
            return place
    return None
