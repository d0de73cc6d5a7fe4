"""Words in a picture: about how wide they are, and where they are broken. Pure; no font is read."""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

from lib.pdf.thai import clusters

# Shares of the size of the letters, as in IBM Plex Sans Thai; rather more than less.
NARROW, WIDE = "iljtfrI.,;:|!'’()[]/ -", "mwMW@%—…"
# Thai has no blanks between words, but no syllable goes on with one of these.
LEADING_VOWEL = re.compile("(?<=[\u0e00-\u0e7f])(?=[\u0e40-\u0e44])")
ELLIPSIS = "…"


def text_width(text: str, size: float) -> float:
    """About how wide the text is, in the units of `size`."""
    return sum(map(_share, text)) * size


def wrap(text: str, *, width: float, size: float, lines: int) -> list[str]:
    """The text in at most so many lines, broken at blanks and where Thai syllables begin; what is cut ends in `…`."""
    broken: list[str] = [""]
    for piece, has_blank in _pieces(text, width, size):
        longer = f"{broken[-1]} {piece}" if has_blank and broken[-1] else broken[-1] + piece
        if text_width(longer, size) <= width or not broken[-1]:
            broken[-1] = longer
        else:
            broken.append(piece)
    if len(broken) > lines:
        broken = [*broken[: lines - 1], _shorten(" ".join(broken[lines - 1 : lines + 1]), width, size)]
    return broken


def _shorten(text: str, width: float, size: float) -> str:
    pieces = clusters(text)
    while pieces and text_width("".join(pieces) + ELLIPSIS, size) > width:
        pieces.pop()
    return "".join(pieces).rstrip() + ELLIPSIS


def _pieces(text: str, width: float, size: float) -> Iterator[tuple[str, bool]]:
    """What is not broken, and whether a blank stands before it."""
    for word in text.split():
        for number, syllables in enumerate(LEADING_VOWEL.split(word)):
            has_blank = number == 0
            rest = clusters(syllables)
            while rest:
                count = len(rest)
                while count > 1 and text_width("".join(rest[:count]), size) > width:
                    count -= 1
                yield "".join(rest[:count]), has_blank
                rest, has_blank = rest[count:], False


@lru_cache(maxsize=2_000)
def _share(character: str) -> float:
    if unicodedata.category(character)[0] == "M":
        return 0.0
    if character in NARROW:
        return 0.34
    if character in WIDE or unicodedata.east_asian_width(character) in "WF":
        return 1.0
    return 0.66 if character.isupper() or character.isdigit() else 0.58
