"""Entries while they are read: their times are told at the end, when all of the paste is known."""

from dataclasses import dataclass, field, replace
from datetime import date, tzinfo
from itertools import pairwise

from incidents.transcripts.dating import Dating
from incidents.transcripts.days import Day
from incidents.transcripts.entry import MOST_ENTRIES, Doubt, Entry, Leftover, Role, Transcript
from incidents.transcripts.stamps import Stamp


@dataclass
class Draft:
    """An entry that is being read."""

    stamp: Stamp
    name: str
    parts: list[str]
    lines: list[int]


@dataclass
class Reading:
    """What a reader has found so far: entries and changes of the day in order, and the lines that are neither."""

    lines: list[str]
    found: list[Draft | Day] = field(default_factory=list)
    leftovers: list[Leftover] = field(default_factory=list)
    current: Draft | None = None
    count: int = 0
    # What a heading says of the times below it.
    zone: tzinfo | None = None

    @property
    def is_full(self) -> bool:
        """True where nothing more is read."""
        return self.count >= MOST_ENTRIES or len(self.found) >= 3 * MOST_ENTRIES

    def begin(self, stamp: Stamp, name: str, text: str, *lines: int) -> None:
        """An entry begins in these lines."""
        if self.zone and not stamp.zone and not stamp.instant:
            stamp = replace(stamp, zone=self.zone)
        self.current = Draft(stamp, name, [text] if text else [], [*lines])
        self.found.append(self.current)
        self.count += 1

    def extend(self, line: int, text: str) -> None:
        """This line is more text of the entry that is being read."""
        if self.current:
            self.current.parts.append(text.rstrip())
            self.current.lines.append(line)

    def turn(self, day: Day, line: int) -> None:
        """This line says which day the following are of."""
        self.found.append(day)
        self.leave(line, Role.DATE)
        self.current = None

    def leave(self, line: int, role: Role = Role.UNKNOWN) -> None:
        """This line belongs to no entry."""
        self.leftovers.append(Leftover(line, self.lines[line - 1], role))

    def leave_rest(self, line: int) -> None:
        """Nothing is read from this line on."""
        rest = enumerate(self.lines[line - 1 :], start=line)
        self.leftovers += [Leftover(number, text) for number, text in rest if text and not text.isspace()]

    def finish(self, day: date, zone: tzinfo) -> Transcript:
        """All of it, with its times."""
        days = [each if isinstance(each, Day) else each.stamp.day for each in self.found]
        known = [each for each in days if each]
        dating = Dating(day, zone, known)
        found = self.found[::-1] if not known and _is_newest_first(self.found) else self.found
        entries = []
        for each in found:
            if isinstance(each, Day):
                dating.turn_to(each)
            else:
                entries.append(_entry(each, dating))
        entries.sort(key=lambda entry: entry.lines)
        return Transcript(tuple(entries), tuple(sorted(self.leftovers)))


def _entry(draft: Draft, dating: Dating) -> Entry:
    at, until, doubts = dating.date(draft.stamp)
    entry = Entry(at, until, draft.name, "\n".join(draft.parts).strip(), tuple(draft.lines), doubts)
    return entry if entry.text else replace(entry, doubts=(*doubts, Doubt.NO_TEXT))


def _is_newest_first(found: list[Draft | Day]) -> bool:
    clocks = [each.stamp.clock for each in found if isinstance(each, Draft)]
    pairs = list(pairwise(clocks))
    return sum(a > b for a, b in pairs) > 1 + sum(a < b for a, b in pairs)
