"""A piece of a text around what was found in it, in parts to be shown plain or marked."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from lib.folding import fold_with_places, is_joined

LENGTH = 200
# Nothing beyond is looked at: sections may be long, and a page shows dozens of pieces.
_LOOKED_AT = 20_000
_LEAD = 60
# Beyond a few, blanks say nothing, and the search for rules would begin anew at each of them.
_blanks = re.compile(r"[ \t]{5,}")
_noise = re.compile(
    r"^[ \t]*(?:`{3,}.*|~{3,}.*|[-|: \t]{4,}|=+)$"  # fences, rules and borders of tables
    r"|(?P<bullet>^[ \t]*(?:[-*+]|\d{1,3}[.)])[ \t]+)"
    r"|^[ \t]*(?:>[ \t]?|#{1,6}[ \t]+)+"
    r"|!?(?<!\\)\[(?P<label>[^\]\n]{0,300})\]\([^()\s]{0,2000}\)"
    r"|\*\*|__|~~|`|\\(?=[\\`*_\[\]|#])|(?<!\w)[*_](?=\S)|(?<=\S)[*_](?!\w)|\|",
    re.MULTILINE,
)


@dataclass(frozen=True)
class Part:
    """Text that is shown as it is (and escaped by the template), marked or not."""

    text: str
    is_hit: bool = False


def plain_text(markdown: str) -> str:
    """The words of the markdown in one line, without its marks; not made for anything but reading."""
    return " ".join(_noise.sub(_kept, _blanks.sub("    ", markdown)).split()).removeprefix("• ")


def mark(text: str, terms: Iterable[str]) -> list[Part]:
    """The whole text in parts, those that are one of the folded terms as hits."""
    return _parts(text, _spans(text, terms), 0, len(text))


def excerpt(markdown: str, terms: Iterable[str], *, length: int = LENGTH) -> list[Part]:
    """A piece of the text with as many different terms as fit, cut between letters that are not joined."""
    terms = tuple(terms)
    text = plain_text(markdown[:_LOOKED_AT])
    spans = _spans(text, terms)
    if not spans and (raw := " ".join(markdown[:_LOOKED_AT].split())) != text:
        # It was found in what is not shown, such as the address of a link.
        text, spans = raw, _spans(raw, terms)
    start = _window(spans, length) if len(text) > length else 0
    end = min(len(text), start + length)
    start, end = _between_words(text, start, backwards=True), _between_words(text, end, backwards=False)
    parts = _parts(text, spans, start, end)
    return [*([Part("… ")] if start else []), *parts, *([Part(" …")] if end < len(text) else [])]


def _kept(match: re.Match[str]) -> str:
    """What stands in place of a mark: items of lists stay apart, a link leaves its words."""
    return " • " if match["bullet"] else match["label"] or " " * (match[0] == "|")


def _spans(text: str, terms: Iterable[str]) -> list[tuple[int, int]]:
    """Where the terms stand, in order; those that touch or overlap are one."""
    folded, places = fold_with_places(text)
    places.append(len(text))
    found = sorted(
        (places[match.start()], places[match.end()]) for term in terms for match in re.finditer(re.escape(term), folded)
    )
    spans: list[tuple[int, int]] = []
    for start, end in found:
        if spans and start <= spans[-1][1]:
            spans[-1] = (spans[-1][0], max(end, spans[-1][1]))
        else:
            spans.append((start, end))
    return spans


def _window(spans: list[tuple[int, int]], length: int) -> int:
    """Where the piece begins: a little before the span that most others follow closely."""
    starts = [start for start, _end in spans[:200]]
    if not starts:
        return 0
    best = max(starts, key=lambda here: sum(here <= other < here + length - _LEAD for other in starts))
    return max(0, best - _LEAD)


def _between_words(text: str, place: int, *, backwards: bool) -> int:
    """The place, moved to a space if one is near, and never between letters that are drawn as one."""
    if not 0 < place < len(text):
        return place
    near = text.rfind(" ", place - 15, place) + 1 if backwards else text.find(" ", place, place + 15)
    if near > 0:
        return near
    while 0 < place < len(text) and is_joined(text[place]):
        place += -1 if backwards else 1
    return place


def _parts(text: str, spans: list[tuple[int, int]], start: int, end: int) -> list[Part]:
    parts: list[Part] = []
    here = start
    for first, last in spans:
        first, last = max(first, start), min(last, end)
        if first < last:
            parts += [Part(text[here:first])] * (first > here) + [Part(text[first:last], is_hit=True)]
            here = last
    return parts + [Part(text[here:end])] * (here < end)
