"""What is read from a paste."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

# More is not read: what is behind the last of these is shown as left over.
MOST_ENTRIES = 2_000


class Doubt(StrEnum):
    """Why somebody should look at an entry's time again."""

    NEXT_DAY = "next_day"
    OUT_OF_ORDER = "out_of_order"
    DAY_ORDER = "day_order"
    TWICE = "twice"
    NEVER = "never"
    BOTH_CLOCKS = "both_clocks"
    NO_TEXT = "no_text"


class Role(StrEnum):
    """What a line is that belongs to no entry."""

    UNKNOWN = "unknown"
    DATE = "date"
    HEADING = "heading"
    DECORATION = "decoration"


@dataclass(frozen=True)
class Entry:
    """One thing that somebody wrote down: when, who, what, and the lines it was read from (the first is 1)."""

    at: datetime
    until: datetime | None
    name: str
    text: str
    lines: tuple[int, ...]
    doubts: tuple[Doubt, ...] = ()


class Leftover(NamedTuple):
    """A line that belongs to no entry."""

    line: int
    text: str
    role: Role = Role.UNKNOWN


@dataclass(frozen=True)
class Transcript:
    """All of a paste: every line that is not blank is in one entry or is left over. Both are in the order of lines."""

    entries: tuple[Entry, ...]
    leftovers: tuple[Leftover, ...]
