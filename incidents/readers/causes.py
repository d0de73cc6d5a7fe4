"""Why it happened: the bullets and paragraphs below a heading that promises causes."""

import re
from dataclasses import dataclass, field

from incidents.lengths import LONG_TEXT, MOST_CAUSES
from incidents.readers.document import Line, ReadCause
from incidents.readers.outline import heading_of
from incidents.readers.titles import clean_title, kind_of_cause

LONGEST = 600
MOST_PARAGRAPHS = 2
_BULLET = re.compile(r"\s{0,3}(?:[-*+•]|\d{1,3}[.)])\s+(?P<text>\S.*)$")
# A question that a template asks, all of it in italics or in a quote.
# A heading of one cause: what follows the first paragraph tells of it.
_IS_ONE = re.compile(r"\bcause\s*:?\s*$|\btrigger\s*:?\s*$", re.IGNORECASE)
_PROMPT = re.compile(r"\s*(?:\*[^*].*[^*]\*|_[^_].*[^_]_|>.*)\s*$", re.DOTALL)


@dataclass
class CausesReading:
    """Causes in order, and the lines that stay prose; `is_full` where there were more causes than are read."""

    causes: list[ReadCause] = field(default_factory=list)
    rest: list[Line] = field(default_factory=list)
    is_full: bool = False


def read_causes(lines: list[Line], title: str, most: int = MOST_CAUSES) -> CausesReading:
    """Each bullet and each short paragraph is a cause. What is longer than that, or an essay, stays prose as it is.

    Below a heading of one cause only the first paragraph is.
    """
    reading = CausesReading()
    kind = kind_of_cause(title)
    blocks = _blocks(lines)
    paragraphs = [block for block in blocks if _is_paragraph(block)]
    taken = paragraphs if len(paragraphs) <= MOST_PARAGRAPHS else []
    taken = taken[:1] if _IS_ONE.search(clean_title(title)) else taken
    for block in blocks:
        if heading := heading_of(block[0]):
            kind = kind_of_cause(heading[1])
        if _BULLET.match(block[0].text) and not block[0].is_code:
            _read_bullets(reading, block, kind, most)
        elif any(block is each for each in taken) and _size(block) <= LONGEST:
            statement = " ".join(line.text.strip() for line in block)
            reading.causes.append(ReadCause(statement, kind, block[0].number))
        else:
            reading.rest += [*block, Line(0, "")]
    return reading


def _blocks(lines: list[Line]) -> list[list[Line]]:
    """Runs of lines between blank ones; what is indented behind a bullet stays with it."""
    blocks: list[list[Line]] = []
    is_new = True
    for line in lines:
        if line.is_blank and not line.is_code:
            is_new = True
            continue
        begins_list = bool(_BULLET.match(line.text)) and bool(blocks) and not _BULLET.match(blocks[-1][0].text)
        stays = blocks and line.text.startswith("  ") and _BULLET.match(blocks[-1][0].text)
        if not blocks or (is_new and not stays and not line.is_code) or begins_list or heading_of(line):
            blocks.append([])
        blocks[-1].append(line)
        is_new = heading_of(line) is not None
    return blocks


def _is_paragraph(block: list[Line]) -> bool:
    first = block[0].text.lstrip()
    text = "\n".join(line.text for line in block)
    is_plain = not any(line.is_code for line in block) and not first.startswith(("#", "|", "!", ">", "    "))
    return is_plain and not _BULLET.match(block[0].text) and not _PROMPT.match(text)


def _size(block: list[Line]) -> int:
    return sum(len(line.text) + 1 for line in block)


def _read_bullets(reading: CausesReading, block: list[Line], kind: str, most: int) -> None:
    """The bullets as causes; where they are more than there is room for, or one is too long, they stay prose too."""
    found = _bullets(block, kind)
    fitting = [cause for cause in found if len(cause.statement) <= LONG_TEXT]
    room = max(most - len(reading.causes), 0)
    reading.is_full = reading.is_full or len(fitting) > room
    reading.causes += fitting[:room]
    if len(found) > len(fitting[:room]):
        reading.rest += [*block, Line(0, "")]


def _bullets(block: list[Line], kind: str) -> list[ReadCause]:
    causes: list[tuple[list[str], int]] = []
    for line in block:
        found = None if line.is_code else _BULLET.match(line.text)
        if found and not (causes and line.text.startswith("  ")):
            causes.append(([found["text"]], line.number))
        else:
            causes[-1][0].append(line.text)
    return [ReadCause("\n".join(parts).strip(), kind, number) for parts, number in causes]
