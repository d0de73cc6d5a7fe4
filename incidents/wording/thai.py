"""Phrases of Thai, which writes no blanks between words: runs of characters, as the rules write them.

A phrase is characters with `…` for a few others in the same clause, and classes such as `{คน}`.
"""

import re
from collections.abc import Iterable, Mapping

# How far two parts of a phrase stand from each other, in characters.
GAP = 30
# Any word, in the phrase of a team
WORD = 20
# Known names stand beside the words of this class.
PERSON = "{คน}"
# What no phrase reaches across
_clause = r"[^\n\u2029.!?|;:,]"
_latin = r"a-zA-Z0-9\u00c0-\u024f"
_parts = re.compile(r"(\{[^{}]+\}|…)")


def read_thai_phrase(written: str, classes: Mapping[str, Iterable[str]], people: Iterable[str] = ()) -> re.Pattern[str]:
    """The phrase of a rule as it is written in the file of rules."""
    pieces = []
    for part in _parts.split(written):
        if part == "…":
            pieces.append(f"{_clause}{{0,{GAP}}}?")
        elif part.startswith("{"):
            pieces.append(_one_of([*classes[part[1:-1]], *(people if part == PERSON else ())]))
        else:
            pieces.append(_words(part))
    return re.compile("".join(pieces), re.IGNORECASE)


def read_plain_thai_phrase(phrase: str) -> re.Pattern[str]:
    """The phrase of a team: these characters, of which `*` is any word, and nothing else has a meaning.

    Each part is the next of its kind, for good: tried with all that follow, the time would grow with each `*`.
    """
    first, *others = (_words(part.strip()) for part in phrase.split("*"))
    gap = rf"[^\s\u2029]{{1,{WORD}}}?"
    return re.compile(first + "".join(f"(?>{gap}{part})" for part in others), re.IGNORECASE)


def _one_of(words: list[str]) -> str:
    return "(?:" + "|".join(_words(word) for word in sorted(words, key=len, reverse=True)) + ")"


def _words(part: str) -> str:
    """These characters, with any blank for a blank; Latin letters at an end are whole words."""
    found = r"\s{1,3}".join(map(re.escape, part.split()))
    before = rf"(?<![{_latin}])" if re.match(f"[{_latin}]", part) else ""
    behind = rf"(?![{_latin}])" if re.search(f"[{_latin}]$", part) else ""
    return before + found + behind


def has_thai(text: str) -> bool:
    """True where any Thai character stands in the text."""
    return re.search("[\u0e01-\u0e5b]", text) is not None
