"""Copied chats whose messages stand below a line with who and when: Slack, Discord, Microsoft Teams."""

import re
from dataclasses import replace
from itertools import islice

from incidents.transcripts.dividers import read_divider
from incidents.transcripts.draft import Draft, Reading
from incidents.transcripts.entry import Role
from incidents.transcripts.names import clean_name
from incidents.transcripts.plain_lines import begin_of_line
from incidents.transcripts.stamps import HAS_CLOCK, Stamp, read_stamp, read_whole_stamp

LONGEST_HEAD = 160
LONGEST_NAME = 80
MOST_WORDS = 6
MOST_GAPS = 6
SAMPLE = 2_000
# Where a time may begin in a head: behind a gap, and as times and days begin.
_GAP = re.compile(
    r"(?P<gap>\s*[—–|·]\s*|\s+[\[(]|\s+)(?=\d|(?:today|yesterday|mon|tue|wed|thu|fri|sat|sun|jan|feb|mar|apr|may|jun|jul"
    r"|aug|sep|oct|nov|dec))",
    re.IGNORECASE,
)
_END = re.compile(r"[\])]{0,2}\s{0,4}(?:\(?edited\)?)?\s{0,4}$", re.IGNORECASE)
_TEAMS = re.compile(r"\s{0,8}\[(?=\d)")
_BEFORE_TIME = {"at", "by", "until", "till", "from", "since", "around", "about", "to", "is", "was", "on", "the", "and"}
_NO_NAME = re.compile(r"[\d>\[(*+•#|\"“:/-]")
_DECORATION = re.compile(
    r"\s{0,8}(?:\(?edited\)?|\d{1,4} repl(?:y|ies)\b.{0,60}|(?:last|latest) reply\b.{0,60}"
    r"|view (?:thread|newer replies)"
    r"|also sent to the channel|replied to a thread:?.{0,120}|new( messages)?|pinned by .{1,60}|saved for later"
    r"|(?::[a-z0-9_+'-]{1,60}:\s{0,4}){1,20}\d{0,4}|[\u2600-\u27bf\U0001f300-\U0001faff\ufe0f\u200d\s]{1,40}\d{0,4})$",
    re.IGNORECASE,
)


def read_chat(lines: list[str]) -> Reading | None:
    """The messages as entries; None where no line is the head of one, or more lines begin with a time and go on."""
    if not _has_head(lines):
        return None
    reading = Reading(lines)
    names: set[str] = set()
    number = 0
    while number < len(lines):
        number += 1
        line = lines[number - 1]
        if not line or line.isspace():
            if reading.current and reading.current.parts:
                reading.current.parts.append("")
            continue
        if reading.is_full:
            reading.leave_rest(number)
            break
        number += _read_line(reading, number, names)
    if not names or (not reading.is_full and reading.count <= _count_begun(reading)):
        return None
    return reading


def _has_head(lines: list[str]) -> bool:
    """Whether any line may be the head of a message; of a long paste, the beginning tells."""
    places = (place for place, line in enumerate(lines) if HAS_CLOCK.search(line, 0, LONGEST_HEAD))
    for place in islice(places, SAMPLE):
        line, above = lines[place], lines[place - 1] if place else ""
        if (
            _head(line)
            or _teams_head(lines, place + 1)
            or (is_name(above.strip(), is_apart=True) and _bare_stamp(line))
        ):
            return True
    return False


def _count_begun(reading: Reading) -> int:
    """How many lines begin with a time and go on with what happened, other than heads of messages."""
    heads = {each.lines[0] for each in reading.found if isinstance(each, Draft)}
    others = (line for number, line in enumerate(reading.lines, start=1) if number not in heads)
    return sum(bool((found := begin_of_line(line)) and found[2]) for line in others)


def _read_line(reading: Reading, number: int, names: set[str]) -> int:
    """Reads a line that is not blank; how many more lines it took."""
    line = reading.lines[number - 1]
    if _DECORATION.match(line) or (line.strip().isdecimal() and _is_reaction(reading, number - 1)):
        reading.leave(number, Role.DECORATION)
        return 0
    if head := _head(line) or _teams_head(reading.lines, number):
        names.add(head[0])
        reading.begin(head[1], head[0], "", number)
        return 0
    if head := _head_of_two(reading, number, names):
        names.add(head[0])
        reading.begin(head[1], head[0], "", number, number + 1)
        return 1
    if reading.current and (stamp := _bare_stamp(line)):
        # Slack leaves out the name where the same person goes on.
        reading.begin(_in_same_half(stamp, reading.current.stamp), reading.current.name, "", number)
    elif day := read_divider(line):
        reading.turn(day, number)
    elif reading.current:
        reading.extend(number, line)
    else:
        reading.leave(number)
    return 0


def _is_reaction(reading: Reading, number: int) -> bool:
    """Whether this line is an emoji, so that a number below it counts who chose it."""
    left = reading.leftovers[-1] if reading.leftovers else None
    return left is not None and left.line == number and left.role is Role.DECORATION


def _head(line: str) -> tuple[str, Stamp] | None:
    """`Nok Srisai  10:04 AM`, `nok — Today at 14:03`."""
    if len(line) > LONGEST_HEAD or not HAS_CLOCK.search(line):
        return None
    for gap in islice(_GAP.finditer(line, 1, LONGEST_NAME + 20), MOST_GAPS):
        found = read_stamp(line, gap.end())
        if found is None or not _END.match(line, found[1]):
            continue
        name = line[: gap.start()].strip()
        is_apart = gap["gap"].strip() != "" or len(gap["gap"]) > 1
        return (clean_name(name), found[0]) if is_name(name, is_apart=is_apart) else None
    return None


def _teams_head(lines: list[str], number: int) -> tuple[str, Stamp] | None:
    """`[10:04 AM] Nok Srisai` over the message."""
    line = lines[number - 1]
    start = _TEAMS.match(line) if len(line) <= LONGEST_HEAD and number < len(lines) else None
    found = read_stamp(line, start.end()) if start else None
    if found is None or line[found[1] : found[1] + 1] != "]":
        return None
    name, below = line[found[1] + 1 :].strip(), lines[number].strip()
    is_head = ":" not in name and bool(below) and not below.startswith("[") and is_name(name, is_apart=False)
    return (clean_name(name), found[0]) if is_head and len(name.split()) > 1 else None


def _head_of_two(reading: Reading, number: int, names: set[str]) -> tuple[str, Stamp] | None:
    """A line with a name, and below it one with nothing but a time."""
    lines = reading.lines
    stamp = _bare_stamp(lines[number]) if number < len(lines) else None
    name = lines[number - 1].strip()
    if stamp is None or not is_name(name, is_apart=False) or HAS_CLOCK.search(name):
        return None
    # Else it is the end of a message, and the time that of the next one by the same person, which stands at the edge
    # and says no AM or PM.
    is_apart = lines[number][0].isspace() or stamp.has_half or (not lines[number - 2].strip() and " " in name)
    is_head = clean_name(name) in names or not reading.current or is_apart
    return (clean_name(name), stamp) if is_head else None


def _initials(name: str) -> list[str]:
    return [word[0] for word in name.split()]


def _in_same_half(stamp: Stamp, before: Stamp) -> Stamp:
    """2:07 after 2:05 PM is in the afternoon."""
    clock = stamp.clock
    if stamp.has_half or not before.has_half or not 1 <= clock.hour <= 12:
        return stamp
    both = [clock.replace(hour=clock.hour % 12), clock.replace(hour=clock.hour % 12 + 12)]
    return replace(stamp, clock=next((each for each in both if each >= before.clock), both[0]), has_half=True)


def _bare_stamp(line: str) -> Stamp | None:
    text = line.strip().lstrip("—–-· ").strip()
    return read_whole_stamp(text) if HAS_CLOCK.search(text, 0, 80) else None


def is_name(text: str, *, is_apart: bool) -> bool:
    """Whether this may be a person's name; `is_apart`: there is more than one blank between it and the time."""
    words = text.split()
    if not words or len(text) > LONGEST_NAME or len(words) > MOST_WORDS or _NO_NAME.match(text):
        return False
    if text[-1] in ".,;!?" or words[-1].lower() in _BEFORE_TIME:
        return False
    return is_apart or len(words) == 1 or not any(map(str.islower, _initials(text)))
