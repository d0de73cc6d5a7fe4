"""The drawings of the insights page, in numbers."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from incidents.queries.insights import DurationFigures
from lib.charts import DURATION_STEPS, Frame, Tick
from lib.durations import format_duration

HISTOGRAM = Frame(width=400, height=170, left=34, right=14, top=34, bottom=26)
WEEKS = Frame(width=920, height=190, left=34, right=10, top=14, bottom=26)
# Shares of a chart's width that two labels need to lie side by side.
LABEL_SHARE = 0.22
WEEKS_OF_A_YEAR = 53
# So that a single value is a bar on a scale, and not a block that fills the drawing.
FEWEST_BINS = 4


@dataclass(frozen=True)
class Bar:
    """A rectangle, and what it stands for in words."""

    x: float
    y: float
    width: float
    height: float
    label: str


@dataclass(frozen=True)
class Mark:
    """An upright line at a value, with its name; `anchor` is where its text begins."""

    x: float
    label: str
    anchor: str
    row: int


@dataclass(frozen=True)
class BarChart:
    """Bars on a frame; `description` says in words what they show."""

    frame: Frame
    bars: list[Bar]
    x_ticks: list[Tick]
    y_ticks: list[Tick]
    marks: list[Mark]
    description: str


def draw_histogram(duration: DurationFigures) -> BarChart | None:
    """How many incidents took how long, on a scale of usual durations; None where none was recorded."""
    if duration.figures is None:
        return None
    edges = _choose_edges(duration.figures.least, duration.figures.greatest)
    counts = [0] * (len(edges) - 1)
    for value in duration.values:
        counts[_find_bin(value, edges)] += 1
    frame = HISTOGRAM
    width = (frame.end - frame.left) / len(counts)
    bars = [
        _bar(frame, frame.left + place * width, width, count, max(counts), _name_bin(edges, place, count))
        for place, count in enumerate(counts)
    ]
    step = math.ceil(len(edges) / 6)
    ticks = [
        Tick(round(frame.left + place * width, 1), _name_edge(edges[place])) for place in range(0, len(edges), step)
    ]
    named = [(_("median"), duration.figures.median)]
    named += [("p90", duration.figures.ninety)] if duration.figures.ninety is not None else []
    marks = [_mark(frame, name, value, edges, row) for row, (name, value) in enumerate(named)]
    description = "; ".join(bar.label for bar in bars if bar.height)
    return BarChart(frame, bars, ticks, _count_ticks(frame, max(counts)), marks, description)


def draw_weeks(weeks: Sequence[tuple[date, int]]) -> BarChart | None:
    """How many incidents began in each week; None where there is no week."""
    if not weeks:
        return None
    frame, greatest = WEEKS, max(count for _week, count in weeks)
    width = (frame.end - frame.left) / len(weeks)
    bars = [
        _bar(frame, frame.left + place * width, width, count, greatest, f"{week:%Y-%m-%d}: {count}")
        for place, (week, count) in enumerate(weeks)
    ]
    step, is_long = math.ceil(len(weeks) / 8), len(weeks) > WEEKS_OF_A_YEAR
    ticks = [
        Tick(round(frame.left + (place + 0.5) * width, 1), f"{week:%b %Y}" if is_long else f"{week.day} {week:%b}")
        for place, (week, _count) in enumerate(weeks)
        if place % step == 0
    ]
    description = "; ".join(bar.label for bar in bars)
    return BarChart(frame, bars, ticks, _count_ticks(frame, greatest), [], description)


def _choose_edges(least: float, greatest: float) -> list[float]:
    """The usual durations from one not above the least value to one above the greatest; nothing is one of its own."""
    steps = [0.0, *(step for step in DURATION_STEPS if step >= 1)]
    first = max(place for place, step in enumerate(steps) if step <= least)
    last = next((place for place, step in enumerate(steps) if step > greatest), None)
    edges = steps[first:] if last is None else steps[first : max(last, first + FEWEST_BINS) + 1]
    return [*edges, max(greatest, edges[-1] * 2)] if last is None or len(edges) < 2 else edges


def _find_bin(value: float, edges: Sequence[float]) -> int:
    place = max(place for place, edge in enumerate(edges) if edge <= value)
    return min(place, len(edges) - 2)


def _name_edge(edge: float) -> str:
    return format_duration(edge) if edge else "0"


def _name_bin(edges: Sequence[float], place: int, count: int) -> str:
    return f"{_name_edge(edges[place])} – {_name_edge(edges[place + 1])}: {count}"


def _mark(frame: Frame, name: str, value: float, edges: Sequence[float], row: int) -> Mark:
    place = _find_bin(value, edges)
    low, high = edges[place], edges[place + 1]
    share = (place + min((value - low) / (high - low), 1)) / (len(edges) - 1)
    x = frame.left + share * (frame.end - frame.left)
    anchor = "end" if share > 1 - LABEL_SHARE else "start"
    return Mark(round(x, 1), f"{name} {format_duration(value)}", anchor, row)


def _bar(frame: Frame, x: float, width: float, count: int, greatest: int, label: str) -> Bar:
    height = (frame.floor - frame.top) * count / greatest if greatest else 0
    gap = min(width * 0.15, 3)
    return Bar(
        x=round(x + gap / 2, 1),
        y=round(frame.floor - height, 1),
        width=round(width - gap, 1),
        height=round(height, 1),
        label=label,
    )


def _count_ticks(frame: Frame, greatest: int) -> list[Tick]:
    """Nothing, and the greatest number; between them the half where it is whole."""
    numbers = {0, greatest} | ({greatest // 2} if greatest % 2 == 0 else set())
    span = frame.floor - frame.top
    return [Tick(round(frame.floor - span * number / max(greatest, 1), 1), str(number)) for number in sorted(numbers)]
