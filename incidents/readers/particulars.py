"""Labels with a value each, as stand at the top of a document: `**Authors:** Nok Srisai`, `| Severity | SEV2 |`."""

import re
from collections.abc import Iterable

from incidents.readers.document import Line
from incidents.readers.words import any_line

_LABEL = re.compile(
    r"\s{0,3}(?:[-*+]\s+|>\s?)?(?:\*\*|__|\*)?([^\W\d_][\w\u0e31-\u0e4e /&'’().-]{1,40}?)(?:\*\*|__|\*)?\s?"
    r":\s?(?:\*\*|__|\*)?\s+(?=\S)(.*)$"
)
_MEANINGS = {
    "date": r"""
        (?:incident |outage )?date(?: of (?:the )?(?:incident|outage))?
        (?:incident |outage )?(?:start|started|start date)(?: time)?|day|วันที่.*|วันเกิดเหตุ
    """,
    "severity": r"""
        (?:incident )?(?:severity|sev|priority)(?: level)?|ระดับความรุนแรง
    """,
    "authors": r"""
        authors?(?: s)?|(?:postmortem |post mortem |document |incident )?owners?|by|written by
        postmortem lead|prepared by|ผู้(?:เขียน|จัดทำ)
    """,
    "status": r"""
        (?:report |document |postmortem |post mortem )?status|สถานะ
    """,
    "time_zone": r"""
        time ?zone|tz|เขตเวลา
    """,
    "title": r"""
        title|ชื่อเรื่อง
    """,
    "other": r"""
        collaborators?|reviewers?|last modified|attendees|services?|affected services?|tags|duration
        facilitator|incident(?: number| id)?|category|version
    """,
}
_PATTERNS = {name: any_line(words, is_whole=True) for name, words in _MEANINGS.items()}
_LEVEL = re.compile(r"\b(?:sev(?:erity)?|p|s|priority|level)[\s:_-]{0,2}([0-5])\b", re.IGNORECASE)
_WORDS = {
    "critical": 1, "blocker": 1, "catastrophic": 1, "วิกฤต": 1, "high": 2, "major": 2, "medium": 3, "moderate": 3,
    "low": 4, "minor": 4, "informational": 5, "trivial": 5,
}  # fmt: skip


def meaning_of(label: str) -> str:
    """What the label means; empty where it is none that is known."""
    words = re.sub(r"[\s_-]+", " ", re.sub(r"[*_`:()]", " ", label)).strip()
    return next((name for name, pattern in _PATTERNS.items() if pattern.match(words)), "")


def take_particulars(lines: list[Line]) -> tuple[list[tuple[str, str, int]], list[Line]]:
    """Labels with values and lines, and what remains. A value goes on in the lines below it, up to a blank one."""
    found: list[tuple[str, list[str], int]] = []
    rest: list[Line] = []
    is_open = False
    for line in lines:
        label = None if line.is_code else _LABEL.match(line.text[:400])
        if label and meaning_of(label[1]):
            found.append((label[1].strip(), [f"{label[2]}{line.text[400:]}".strip()], line.number))
            is_open = True
        elif is_open and not line.is_blank and not re.match(r"\s*[#|>*+-]", line.text):
            found[-1][1].append(line.text.strip())
        else:
            is_open = False
            rest.append(line)
    return [(name, " ".join(parts), number) for name, parts, number in found], rest


def pairs_of_cells(rows: Iterable[tuple[str, ...]]) -> list[tuple[str, str]]:
    """Labels and values that stand beside each other in a table."""
    return [(left, right) for cells in rows for left, right in zip(cells[::2], cells[1::2], strict=False) if right]


def read_level(text: str) -> int | None:
    """A severity as a level from 1 to 5: `SEV2`, `P1`, `critical`."""
    if found := _LEVEL.search(text) or re.fullmatch(r"\s*([0-5])\s*", text):
        return max(int(found[1]), 1)
    words = re.findall(r"[\w\u0e00-\u0e7f]+", text.lower())
    return next((_WORDS[word] for word in words if word in _WORDS), None)


def read_status(text: str) -> str:
    """The status; of a choice such as `draft | **final**` the bold one."""
    chosen = re.search(r"\*\*([^*]{2,40})\*\*", text) if "|" in text or "/" in text else None
    return " ".join(re.sub(r"[*_`\\\[\]]", "", chosen[1] if chosen else text).split())[:60]
