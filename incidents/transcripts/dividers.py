"""Lines that say which day the following lines are of: `Tuesday, March 5th`, `## 2024-03-10`, `--- Today ---`."""

import re

from incidents.transcripts.days import Day, read_day

LONGEST = 60
_BEFORE = re.compile(r"[\s\-—–=#*_>|:\[(]{0,30}(?:day changed(?: to)?\s{1,3})?", re.IGNORECASE)
_AFTER = re.compile(r"[\s\-—–=#*_<|:,.\])]{0,30}(?:\(?(?:UTC|GMT)\)?[\s\-—–=#*_:]{0,30})?$")
_MAY_BE = re.compile(r"\d|day\b|(?:mon|tue|wed|thu|fri|sat|sun|may)", re.IGNORECASE)


def read_divider(line: str) -> Day | None:
    """The day that this line is; None where it says anything else."""
    if len(line) > LONGEST or not _MAY_BE.search(line):
        return None
    start = _BEFORE.match(line)
    found = read_day(line, start.end() if start else 0)
    return found[0] if found and _AFTER.match(line, found[1]) else None
