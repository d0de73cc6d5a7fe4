"""Times that count from a moment called T: `T+5 min`, `T-10m`, `T+01:20`, where the document says when T was."""

import re
from collections.abc import Iterable
from datetime import timedelta

from incidents.transcripts.stamps import HAS_CLOCK, Stamp, read_stamp

_BEFORE = re.compile(r"\s{0,40}(?:>\s?)?(?:(?P<heading>#{1,6})\s{1,8}|[-*+•]\s{1,8}|\d{1,3}[.)]\s{1,8})?[*_`\[(]{0,4}")
_unit = r"(?i:d(?:ays?)?|h(?:(?:ou)?rs?)?|m(?:in(?:ute)?s?)?|s(?:ec(?:ond)?s?)?)(?![A-Za-z])"
_NUMBERS = (
    rf"(?:(?P<parts>(?:\d{{1,4}}\s?{_unit}[\s,]{{0,2}})+)"
    r"|(?P<clock>\d{1,3}:[0-5]\d(?::[0-5]\d)?)|(?P<bare>\d{1,4}))"
)
_TIME = re.compile(rf"T(?:0|\b)?(?:\s?(?P<sign>[+−–-])\s?{_NUMBERS})?(?=[\s:\])*_`|,.;—–-]|$)")
_AFTER = re.compile(r"[\])*_`]{0,4}(?:\s?[:;,](?=[\s*_`]|$)[*_`]{0,4})?\s{0,8}(?:(?:[—–→|-]|->|=>)\s{1,8})?")
_PART = re.compile(r"(\d{1,4})\s?([dhms])", re.IGNORECASE)
_UNITS = {"d": "days", "h": "hours", "m": "minutes", "s": "seconds"}
# `T = 14:03 UTC`, `T0 is the deploy at 14:03`, `T+0 (14:03)`.
_ZERO = re.compile(r"(?<![\w-])T(?:[+]?0)?\s?(?:[*_`]{1,3}\s?)?(?:=|:|\bis\b|\bwas\b|\bmeans\b|\(|คือ|—|–|-\s)")
_PLACE = re.compile(
    r"(?<![\w./:-])(?=\d)|(?<!\w)(?=(?:mon|tue|wed|thu|fri|sat|sun|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec))",
    re.IGNORECASE,
)
FARTHEST = 120


def find_zero(lines: Iterable[str]) -> Stamp | None:
    """When T was; None where no line says that."""
    for line in lines:
        found = _ZERO.search(line[:FARTHEST])
        if found is None or not HAS_CLOCK.search(line, found.end(), found.end() + FARTHEST):
            continue
        for place in _PLACE.finditer(line, found.end(), found.end() + FARTHEST):
            if stamp := read_stamp(line, place.start()):
                return stamp[0]
    return None


def begin_of_line(line: str) -> tuple[timedelta, str, int] | None:
    """How far from T the line is that begins so, the rest of it, and the level of its heading, else 0."""
    before = _BEFORE.match(line[:FARTHEST])
    found = _TIME.match(line, before.end()) if before else None
    if before is None or found is None or not (found["sign"] or line[found.start() + 1 : found.end()] == "0"):
        return None
    after = _AFTER.match(line, found.end())
    return _offset(found), line[after.end() if after else found.end() :].strip(), len(before["heading"] or "")


def read_cell(text: str) -> timedelta | None:
    """The same of a cell that is nothing else."""
    found = begin_of_line(text)
    return found[0] if found and not found[1] else None


def _offset(found: re.Match[str]) -> timedelta:
    if found["parts"]:
        offset = sum(
            (timedelta(**{_UNITS[unit.lower()]: int(count)}) for count, unit in _PART.findall(found["parts"])),
            timedelta(),
        )
    elif found["clock"]:
        hours, minutes, *seconds = map(int, found["clock"].split(":"))
        offset = timedelta(hours=hours, minutes=minutes, seconds=sum(seconds))
    else:
        # Nothing but a number is minutes.
        offset = timedelta(minutes=int(found["bare"] or 0))
    return offset if found["sign"] in (None, "+") else -offset
