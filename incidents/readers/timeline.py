"""What happened when: lists, tables, headings, quotes and paragraphs that begin with a time."""

import re
from dataclasses import dataclass, field, replace
from datetime import timedelta, tzinfo

from incidents.lengths import LONG_TEXT
from incidents.readers import relative
from incidents.readers.dates import zone_named
from incidents.readers.document import Line
from incidents.readers.outline import heading_of, unwrap
from incidents.readers.tables import Table, find_table
from incidents.transcripts.columns import guess_columns, read_row
from incidents.transcripts.days import Day
from incidents.transcripts.dividers import read_divider
from incidents.transcripts.entry import MOST_ENTRIES
from incidents.transcripts.plain_lines import begin_of_line
from incidents.transcripts.stamps import HAS_CLOCK, Stamp

_QUOTE = re.compile(r"\s{0,3}>\s?")
_MARKER = re.compile(r"\s*(?:[-*+•]|\d{1,3}[.)])\s")
_NEXT_DAY = re.compile(r"[\s#>*_:-]*(?:the )?(?:next|following) (?:day|morning)[\s*_:.-]*$", re.IGNORECASE)
# An end that nobody knew: `12:26-12:??`.
_OPEN_END = re.compile(
    r"\s?[-–—]\s?(?:\d{1,2}:)?\?\?|\s?[-–—]\s?(?=\|?\s*$)|\s+(?:approx(?:imately)?\.?|ca\.?)$", re.IGNORECASE
)
_ABOUT = re.compile(
    r"^([\s>#*+•_`\[(-]*)(?:~|≈|approx(?:imately)?\.?\s|around\s|about\s|circa\s|ca\.?\s)\s?(?=\d)", re.IGNORECASE
)


@dataclass
class Draft:
    """An event while it is read. `depth` is the level of the heading that its time is, else 0.

    `offset` is how far from T it is, where its time counts from there.
    """

    stamp: Stamp
    written: str
    parts: list[str]
    line: Line
    depth: int = 0
    is_quoted: bool = False
    lines: list[Line] = field(default_factory=list)
    offset: timedelta | None = None


@dataclass
class TimelineReading:
    """Events and changes of the day in order, what is neither, and which lines have no time or no text.

    `has_zero`: the document says when T was, so that `T+5 min` is a time. `is_relative`: there are such times. After
    `most` events the rest is prose; `is_full` says that there was more.
    """

    found: list[Draft | Day | timedelta] = field(default_factory=list)
    rest: list[Line] = field(default_factory=list)
    untimed: list[Line] = field(default_factory=list)
    count: int = 0
    current: Draft | None = None
    zone: tzinfo | None = None
    has_zero: bool = False
    is_relative: bool = False
    is_after_blank: bool = False
    most: int = MOST_ENTRIES
    is_full: bool = False

    def begin(self, draft: Draft) -> None:
        """An event begins."""
        if self.zone and not draft.stamp.zone and not draft.stamp.instant:
            draft.stamp = replace(draft.stamp, zone=self.zone)
        self.found.append(draft)
        self.current = draft
        self.count += 1

    def leave(self, line: Line) -> None:
        """This line stays prose."""
        self.rest.append(line)

    def give_back(self, drafts: list[Draft] | None = None) -> None:
        """These events, or all, are prose again."""
        given = [each for each in self.found if isinstance(each, Draft)] if drafts is None else drafts
        self.found = [each for each in self.found if not any(each is draft for draft in given)]
        self.rest += [line for draft in given for line in draft.lines]
        self.rest.sort(key=lambda line: line.number)
        self.count -= len(given)


def may_be_timeline(lines: list[Line], *, has_zero: bool = False) -> bool:
    """Whether at least two lines begin with a time, each as an entry of its own."""
    begun = 0
    for line in lines:
        if line.is_code or line.text.startswith("    "):
            continue
        if HAS_CLOCK.search(line.text, 0, 120):
            begun += begin_of_line(line.text) is not None
        elif has_zero:
            begun += relative.begin_of_line(line.text) is not None
        if begun > 1:
            return True
    return False


def read_timeline(
    lines: list[Line], zone: tzinfo | None, *, has_zero: bool = False, most: int = MOST_ENTRIES
) -> TimelineReading:
    """The first events of these lines. `zone` is that of the document's times, where it names one."""
    reading = TimelineReading(zone=zone, has_zero=has_zero, most=most)
    place = 0
    while place < len(lines):
        line = lines[place]
        if reading.count >= most:
            reading.is_full = True
            reading.rest += lines[place:]
            break
        if table := find_table(lines, place):
            _read_table(reading, table)
            place += len(table.lines)
            continue
        _read_line(reading, line)
        reading.is_after_blank = line.is_blank
        place += 1
    drafts = (each for each in reading.found if isinstance(each, Draft))
    # What is longer than a form takes could never be corrected.
    unfit = [draft for draft in drafts if not 0 < len(text_of(draft)) <= LONG_TEXT]
    if unfit:
        reading.give_back(unfit)
    return reading


def _read_line(reading: TimelineReading, line: Line) -> None:
    found = None if line.is_code or line.is_blank else begin_of_line(_ABOUT.sub(r"\1", line.text))
    heading = heading_of(line)
    if found:
        _begin(reading, line, found[0], found[2], heading[0] if heading else 0)
    elif _begin_relative(reading, line):
        pass
    elif line.is_code or line.is_blank:
        _extend(reading, line)
    elif day := read_divider(line.text):
        reading.found.append(day)
        reading.current = None
    elif _NEXT_DAY.match(line.text):
        reading.found.append(timedelta(days=1))
        reading.current = None
    elif heading and not (reading.current and reading.current.depth and heading[0] > reading.current.depth):
        reading.current = None
        reading.leave(line)
    else:
        _extend(reading, line)


def _begin(reading: TimelineReading, line: Line, stamp: Stamp, text: str, depth: int) -> None:
    written = line.text[: len(line.text) - len(text)] if text and line.text.endswith(text) else line.text
    if not text:
        written = line.text
    text = re.sub(r"^-?:?\?\?\s*", "", text)
    # The other half of the bold that the time stood in.
    text = re.sub(r"^[*_]{2,3}\s*", "", text) if text.count("**") % 2 else text
    draft = Draft(
        stamp, _plain_time(written), [text] if text else [], line, depth, line.text.lstrip().startswith(">"), [line]
    )
    reading.begin(draft)


def _begin_relative(reading: TimelineReading, line: Line) -> bool:
    """Whether the line begins with a time that counts from T."""
    found = None if line.is_code or line.is_blank else relative.begin_of_line(line.text)
    if found is None:
        return False
    reading.is_relative = True
    if not reading.has_zero:
        return False
    _begin(reading, line, Stamp(), found[1], found[2])
    if reading.current:
        reading.current.offset = found[0]
    return True


def _plain_time(written: str) -> str:
    return re.sub(r"[*_`#>\[\]|]", " ", re.sub(r"^\s*(?:[-*+•]|\d{1,3}[.)])\s", "", written)).strip(" -–—:\t")


def _extend(reading: TimelineReading, line: Line) -> None:
    """More of the event that is being read, or prose."""
    current = reading.current
    if current is None:
        reading.leave(line)
        return
    if not _goes_on(reading, current, line):
        reading.current = None
        reading.leave(line)
        return
    current.parts.append(_QUOTE.sub("", line.text) if current.is_quoted else line.text)
    current.lines.append(line)


def _goes_on(reading: TimelineReading, current: Draft, line: Line) -> bool:
    if current.depth or line.is_blank or (line.is_code and not reading.is_after_blank):
        return True
    if current.is_quoted:
        return line.text.lstrip().startswith(">") or not reading.is_after_blank
    is_indented = line.text[:2] in ("  ", "\t") or line.text.startswith("\t")
    if is_indented:
        return True
    # A bullet at the edge begins something of its own.
    return not current.parts or not (reading.is_after_blank or _MARKER.match(line.text))


def _cells(reading: TimelineReading, cells: tuple[str, ...]) -> tuple[list[str], timedelta | None]:
    """The cells of a row as they are read, and how far from T it is: a clock stands in that cell's place."""
    row = [_ABOUT.sub("", _OPEN_END.sub("", cell)) if place < 3 else cell for place, cell in enumerate(cells)]
    offsets = {place: offset for place, cell in enumerate(row[:3]) if (offset := relative.read_cell(cell)) is not None}
    reading.is_relative = reading.is_relative or bool(offsets)
    if not offsets or not reading.has_zero:
        return row, None
    place, offset = min(offsets.items())
    row[place] = "00:00"
    return row, offset


def _read_table(reading: TimelineReading, table: Table) -> None:
    read = [_cells(reading, cells) for _line, cells in table.rows]
    rows = [row for row, _offset in read]
    filled = [row for row in rows if any(row)]
    columns = guess_columns([list(table.titles), *filled], has_titles=True) if filled else None
    reading.current = None
    if columns is None:
        reading.rest += table.lines
        return
    named = zone_named(table.titles[columns.time]) if columns.time < len(table.titles) else None
    zone, reading.zone = reading.zone, named[0] if named else reading.zone
    untimed: list[Line] = []
    left: list[Line] = []
    for (line, cells), (row, offset) in zip(table.rows, read, strict=True):
        found = read_row(row, columns)
        if found and reading.count >= reading.most:
            reading.is_full = True
            left.append(line)
        elif found and (text := f"**{found[1]}**: {found[2]}" if found[1] else found[2]):
            reading.begin(Draft(found[0], cells[columns.time], [text], line, lines=[line], offset=offset))
        elif any(cells):
            untimed.append(line)
            left.append(line)
    reading.current, reading.zone = None, zone
    if left:
        reading.rest += [*table.lines[:2], *left]
        reading.untimed += untimed


def text_of(draft: Draft) -> str:
    """What happened, as Markdown."""
    first, more = draft.parts[:1], draft.parts[1:]
    # Where the time stood alone, the text begins in the line below it.
    codes = [line.is_code for line in draft.lines[-len(more) :]] if more else []
    indent = min((len(part) - len(part.lstrip()) for part in more if part.strip()), default=0)
    below = [Line(0, part[indent:], is_code) for part, is_code in zip(more, codes, strict=True)]
    return unwrap([*(Line(0, part) for part in first), *below]).strip()
