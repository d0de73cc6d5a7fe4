"""Brackets that open no link: for each of them the parser reads to the end of its paragraph, again and again."""

import re

# Up to so many are nothing to speak of, and links in them are left as they are.
FEW = 8
DEEPEST = 4
_CODE = re.compile(r"(?<![`\\])(`{1,9})(?!`)[^`\n]{1,300}(?<!`)\1(?!`)")
_SIGN = re.compile(r"\\.|[\[\]]", re.DOTALL)
_OPENING = re.compile(r"\]\(")


def silence_brackets(paragraph: str, stand_in: str) -> str:
    """The paragraph with `stand_in` for each `[` that nothing closes, or that stands in too many others."""
    if paragraph.count("[") <= FEW:
        return paragraph
    silenced: list[int] = []
    opened: list[int] = []
    for sign in _SIGN.finditer(_without_code(paragraph)):
        if sign[0] == "[":
            opened.append(sign.start())
        elif sign[0] == "]" and opened:
            place = opened.pop()
            # Those around it are read to their end once more for each level.
            if len(opened) >= DEEPEST:
                silenced.append(place)
    return _replaced(paragraph, [*silenced, *opened], stand_in)


def silence_targets(paragraph: str, stand_in: str) -> str:
    """The paragraph with `stand_in` for each `(` behind a bracket that nothing closes in its line."""
    if paragraph.count("](") <= FEW:
        return paragraph
    ends = [place for place, sign in enumerate(paragraph) if sign in ")\n"]
    silenced = []
    upcoming = iter(ends)
    end = next(upcoming, -1)
    for found in _OPENING.finditer(paragraph):
        place = found.end() - 1
        while 0 <= end < place:
            end = next(upcoming, -1)
        if end < 0 or paragraph[end] == "\n" or end - place > 2_000:
            silenced.append(place)
    return _replaced(paragraph, silenced, stand_in)


def _without_code(paragraph: str) -> str:
    return _CODE.sub(lambda found: " " * len(found[0]), paragraph)


def _replaced(text: str, places: list[int], stand_in: str) -> str:
    if not places:
        return text
    signs = list(text)
    for place in places:
        signs[place] = stand_in
    return "".join(signs)
