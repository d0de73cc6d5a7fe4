"""A bar along a time axis: parts, marks between them, and the words that have room there.

Places are shares of the width, in percent, so that text keeps its size however wide the picture is shown. Which words
have room is decided for the least width it is shown at; in a wider one everything is further apart. Pure geometry.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

# What a character takes at the size of the labels; more than most do, so that none runs into another.
CHARACTER = 7.0
GAP = 10.0
# A part or a mark narrower than this could not be seen.
LEAST_PERCENT = 0.4

# From the top of the picture, in pixels: the bar, and where the lines of the marks end.
TOP, FLOOR = 24, 54
ABOVE, BELOW = 18, 60

Anchor = Literal["start", "middle", "end"]


@dataclass(frozen=True)
class Part:
    """A stretch of the bar, with the words that have room in it; `fill` and `edge` are its colours on paper."""

    key: str
    fill: str
    edge: str
    x: float
    width: float
    label: str
    is_open: bool

    @property
    def middle(self) -> float:
        """Where its words stand."""
        return round(self.x + self.width / 2, 2)


@dataclass(frozen=True)
class Mark:
    """A moment at the edge of the bar; its words stand above or below it, or, without room, nowhere."""

    x: float
    label: str
    anchor: Anchor
    is_above: bool
    is_open: bool = False
    # It lies within a part: its line stays outside of the bar, where it strikes through no words.
    is_within: bool = False

    @property
    def begin(self) -> int:
        """The upper end of its line, which reaches to its words."""
        if self.label and self.is_above:
            return ABOVE
        return FLOOR if self.is_within and self.label else TOP

    @property
    def end(self) -> int:
        """The lower end of its line."""
        if self.label and not self.is_above:
            return BELOW
        return TOP if self.is_within else FLOOR

    @property
    def baseline(self) -> int:
        """What its words stand on."""
        return ABOVE - 5 if self.is_above else BELOW + 13


@dataclass(frozen=True)
class Axis:
    """The picture, for at least `width` pixels."""

    width: int
    parts: tuple[Part, ...]
    marks: tuple[Mark, ...]


@dataclass(frozen=True)
class Stretch:
    """What a part is drawn from; of the `labels` the first that has room is written."""

    key: str
    colours: tuple[str, str]
    start: datetime
    end: datetime
    labels: Sequence[str]
    is_open: bool = False


def draw_axis(stretches: Sequence[Stretch], moments: Sequence[tuple[datetime, str]], *, width: int) -> Axis:
    """The stretches as parts of a bar, and the moments (each with its words) as marks; in order, none outside."""
    first, last = stretches[0].start, max(stretch.end for stretch in stretches)
    seconds = (last - first).total_seconds()

    def place(at: datetime) -> float:
        share = (at - first).total_seconds() / seconds if seconds else 0.0
        return round(100 * min(max(share, 0.0), 1.0), 2)

    parts = []
    for stretch in stretches:
        x = min(place(stretch.start), 100 - LEAST_PERCENT)
        part_width = max(round(place(stretch.end) - x, 2), LEAST_PERCENT)
        label = _longest_that_fits(stretch.labels, part_width * width / 100 - GAP)
        parts.append(Part(stretch.key, *stretch.colours, x, part_width, label, stretch.is_open))
    marks = _place_marks([(place(at), words) for at, words in moments], width)
    edges = {instant for stretch in stretches for instant in (stretch.start, stretch.end)}
    marks = [replace(mark, is_within=at not in edges) for mark, (at, _words) in zip(marks, moments, strict=True)]
    if marks and stretches[-1].is_open:
        marks[-1] = replace(marks[-1], is_open=True)
    return Axis(width, tuple(parts), tuple(marks))


def text_width(text: str) -> float:
    """About how wide a label is, in pixels; rather more."""
    return len(text) * CHARACTER


def extent(mark: Mark, width: float) -> tuple[float, float]:
    """From where to where a mark's words reach, in pixels of a picture so wide."""
    x, length = mark.x * width / 100, text_width(mark.label)
    left = {"start": x, "middle": x - length / 2, "end": x - length}[mark.anchor]
    return left, left + length


def _longest_that_fits(labels: Sequence[str], room: float) -> str:
    return next((label for label in labels if text_width(label) <= room), "")


def _place_marks(moments: Sequence[tuple[float, str]], width: int) -> list[Mark]:
    """The first and the last have room first: they say what the axis spans."""
    order = [0, len(moments) - 1, *range(1, len(moments) - 1)] if len(moments) > 1 else [0]
    placed: dict[int, Mark] = {}
    for number in order[: len(moments)]:
        x, words = moments[number]
        placed[number] = _place_mark(x, words, list(placed.values()), width)
    return [placed[number] for number in sorted(placed)]


def _place_mark(x: float, words: str, others: list[Mark], width: int) -> Mark:
    half = text_width(words) / 2
    at = x * width / 100
    anchor: Anchor = "start" if at < half else "end" if at + half > width else "middle"
    for is_above in (True, False):
        mark = Mark(x, words, anchor, is_above)
        left, right = extent(mark, width)
        if left < 0 or right > width:
            break
        others_there = [extent(other, width) for other in others if other.is_above == is_above and other.label]
        if all(right + GAP <= begin or end + GAP <= left for begin, end in others_there):
            return mark
    return Mark(x, "", anchor, is_above=True)
