"""Lines that begin with a time: lists, notes, IRC, WhatsApp, with or without bold, brackets and bullets."""

import re

from incidents.transcripts.dividers import read_divider
from incidents.transcripts.draft import Draft, Reading
from incidents.transcripts.entry import Role
from incidents.transcripts.markdown_tables import find_table, read_table
from incidents.transcripts.names import split_colon, split_nick, take_repeated_names
from incidents.transcripts.stamps import HAS_CLOCK, Stamp, find_zone, read_stamp

# A time further to the right belongs to a sentence.
FARTHEST = 120
_BEFORE = re.compile(
    r"[\s\u200e\u200f\ufeff]{0,40}(?:>\s?){0,8}"
    r"(?:(?P<heading>#{1,6})\s{1,8}|[-*+•·–—]\s{1,8}(?:\[[ xX]\]\s{1,8})?|\d{1,3}[.)]\s{1,8})?"
    r"[*_`~]{0,3}(?P<bracket>[\[(<]?)[*_`~]{0,3}(?:เวลา\s{0,3})?"
)
_AFTER = re.compile(
    r"(?:\s?(?:hrs?|h|Uhr)\b\.?)?[\])>*_`~]{0,6}(?:\s?[:;,.](?=[\s*_`~\])]|$)[*_`~\])]{0,4})?\s{0,8}"
    r"(?:[—–→|»]\s{0,8}|(?:->|=>|-|:)\s{1,8})?"
)
_RULE = re.compile(r"[\s*_=~—–-]{3,}$")
_QUOTE = re.compile(r"^\s{0,3}>\s?")
_HEADING = re.compile(r"\s{0,3}#{1,6}\s")


def read_plain_lines(lines: list[str]) -> Reading:
    """Every line with a time at its beginning begins an entry; lines right below it are more of its text."""
    reading = Reading(lines)
    # Under a heading that is a time, all paragraphs up to the next heading belong to it.
    is_under_heading = is_after_blank = False
    number = 0
    while number < len(lines):
        number += 1
        if reading.is_full:
            reading.leave_rest(number)
            break
        line = lines[number - 1]
        if not line or line.isspace():
            is_after_blank = True
            continue
        if rows := find_table(lines, number):
            read_table(reading, number, rows)
            number += rows - 1
        elif found := begin_of_line(line):
            _begin(reading, number, found)
            is_under_heading = found[3]
        else:
            _continue(reading, number, is_apart=is_after_blank and not is_under_heading)
        is_after_blank = False
    take_repeated_names([each for each in reading.found if isinstance(each, Draft)])
    return reading


def begin_of_line(line: str) -> tuple[Stamp, bool, str, bool] | None:
    """The time at the beginning of the line, whether it is in brackets, the rest, and whether that is a heading."""
    if not HAS_CLOCK.search(line, 0, FARTHEST):
        return None
    before = _BEFORE.match(line)
    place = before.end() if before else 0
    found = read_stamp(line, place)
    if before is None or found is None:
        return None
    after = _AFTER.match(line, found[1])
    end = after.end() if after else found[1]
    # 14:03abc and 10:20/tcp are no times.
    if end == found[1] and line[end : end + 1] not in ("", "<", "@", "“", '"'):
        return None
    return found[0], before["bracket"] in ("[", "("), line[end:].strip(), bool(before["heading"])


def _begin(reading: Reading, number: int, found: tuple[Stamp, bool, str, bool]) -> None:
    stamp, is_bracketed, rest, _is_heading = found
    name, text = split_nick(rest.lstrip("\u200e"))
    # As WhatsApp writes: in brackets, or with the whole date before a dash.
    if not name and (is_bracketed or (stamp.day and stamp.day.first)):
        name, text = split_colon(text)
    reading.begin(stamp, name, text, number)


def _continue(reading: Reading, number: int, *, is_apart: bool) -> None:
    line = reading.lines[number - 1]
    if day := read_divider(line):
        reading.turn(day, number)
    elif _HEADING.match(line):
        reading.leave(number, Role.HEADING)
        reading.current, reading.zone = None, find_zone(line)
    elif _RULE.match(line):
        reading.leave(number, Role.DECORATION)
    elif reading.current and (not is_apart or line[0] in " \t>" or not reading.current.parts):
        is_quoted = reading.lines[reading.current.lines[0] - 1].lstrip().startswith(">")
        reading.extend(number, _QUOTE.sub("", line) if is_quoted else line)
    else:
        reading.leave(number)
        reading.current = None
