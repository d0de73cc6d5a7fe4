"""The geometry of small charts: scales, ticks and paths, in numbers that an SVG can be drawn from.

Everything here is pure: the same points give the same drawing.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo

from lib.durations import format_duration

# The steps of an axis of durations: what a clock shows, from a millisecond to a year.
DURATION_STEPS = (
    *(count * size for size in (0.001, 0.01, 0.1) for count in (1, 2, 5)),
    *(1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1200, 1800),
    *(3600, 7200, 10_800, 21_600, 43_200, 86_400, 172_800, 432_000, 864_000, 2_592_000, 31_536_000),
)
DURATION_DECADES = (0.001, 0.01, 0.1, 1, 10, 60, 600, 3600, 36_000, 86_400, 864_000, 31_536_000)
DAY_STEPS = (1, 2, 3, 7, 14, 28, 56, 91, 182, 365)
HOUR_STEPS = (1, 2, 3, 6, 12)
# Values that differ by more than this are not told apart on a linear axis.
LOG_FROM = 100


@dataclass(frozen=True)
class Frame:
    """Where the drawing lies: the size of the picture and the room around what is plotted, in its own units."""

    width: float = 400
    height: float = 190
    left: float = 58
    right: float = 10
    top: float = 12
    bottom: float = 26

    @property
    def end(self) -> float:
        """The right edge of what is plotted."""
        return self.width - self.right

    @property
    def floor(self) -> float:
        """The lower edge of what is plotted."""
        return self.height - self.bottom


@dataclass(frozen=True)
class Tick:
    """A line of the grid, and what is written at it."""

    at: float
    label: str


@dataclass(frozen=True)
class Scale:
    """From values to heights; logarithmic where `is_log`. Values outside are drawn at the edge."""

    low: float
    high: float
    frame: Frame
    is_log: bool = False

    def y(self, value: float) -> float:
        """The height of a value, rounded to a tenth of a unit."""
        low, high, value = (self._bend(one) for one in (self.low, self.high, value))
        share = (value - low) / (high - low) if high > low else 0.0
        return round(self.frame.floor - min(max(share, 0.0), 1.0) * (self.frame.floor - self.frame.top), 1)

    def _bend(self, value: float) -> float:
        return math.log10(max(value, self.low)) if self.is_log else value


@dataclass(frozen=True)
class TimeScale:
    """From instants to places along the axis."""

    first: datetime
    last: datetime
    frame: Frame

    def x(self, at: datetime) -> float:
        """The place of an instant, rounded to a tenth of a unit; one outside lies at the edge."""
        span = (self.last - self.first).total_seconds()
        share = (at - self.first).total_seconds() / span if span else 1.0
        return round(self.frame.left + min(max(share, 0.0), 1.0) * (self.frame.end - self.frame.left), 1)


def duration_scale(values: Sequence[float], frame: Frame) -> tuple[Scale, list[Tick]]:
    """An axis of seconds from nothing to the greatest value, with its ticks; logarithmic where values span decades."""
    positive = [value for value in values if value > 0]
    if positive and max(positive) / max(min(positive), DURATION_DECADES[0]) > LOG_FROM:
        return _log_scale(min(positive), max(positive), frame)
    return linear_scale(values, frame, steps=DURATION_STEPS, label=format_duration)


def linear_scale(
    values: Sequence[float], frame: Frame, *, steps: Sequence[float], label: Callable[[float], str]
) -> tuple[Scale, list[Tick]]:
    """An axis from nothing to the greatest value, with at most five ticks at multiples of one of the steps."""
    greatest = max(values, default=0.0) or steps[0]
    step = next((one for one in steps if greatest / one <= 4), steps[-1])
    count = math.ceil(greatest / step - 1e-9)
    scale = Scale(0, count * step, frame)
    return scale, [Tick(scale.y(number * step), label(number * step)) for number in range(count + 1)]


def _log_scale(least: float, greatest: float, frame: Frame) -> tuple[Scale, list[Tick]]:
    low = max((one for one in DURATION_DECADES if one <= least), default=DURATION_DECADES[0])
    high = min((one for one in DURATION_DECADES if one >= greatest), default=DURATION_DECADES[-1])
    scale = Scale(low, high, frame, is_log=True)
    shown = [one for one in DURATION_DECADES if low <= one <= high]
    # From the top down, so that the greatest is always named.
    thinned = shown[::-1][:: math.ceil(len(shown) / 5)][::-1]
    return scale, [Tick(scale.y(one), format_duration(one)) for one in thinned]


def time_ticks(scale: TimeScale, zone: tzinfo = UTC) -> list[Tick]:
    """At most five midnights, or for up to two days full hours, in this timezone."""
    first, last = scale.first.astimezone(zone), scale.last.astimezone(zone)
    days = (last - first) / timedelta(days=1)
    if days <= 2:
        step = timedelta(hours=next((hours for hours in HOUR_STEPS if days * 24 / hours <= 5), HOUR_STEPS[-1]))
    else:
        step = timedelta(days=next((count for count in DAY_STEPS if days / count <= 5), DAY_STEPS[-1]))
    # Counted back from the last midnight: the newest days are those that people look for.
    tick = last.replace(hour=0, minute=0, second=0, microsecond=0)
    while tick + step <= last:
        tick += step
    ticks = []
    while tick >= first:
        label = f"{tick:%H:%M}" if days <= 2 else f"{tick.day} {tick:%b}"
        ticks.append(Tick(scale.x(tick), label))
        tick -= step
    return ticks[::-1]


def line_path(points: Sequence[tuple[float, float] | None]) -> str:
    """The path through the points; None is a gap, and a point alone between gaps is a short dash."""
    parts: list[str] = []
    is_drawing = False
    for place, point in enumerate(points):
        if point is None:
            is_drawing = False
            continue
        x, y = point
        if is_drawing:
            parts.append(f"L{x:g} {y:g}")
        else:
            follower = points[place + 1] if place + 1 < len(points) else None
            parts.append(f"M{x:g} {y:g}" if follower else f"M{x - 1:g} {y:g}h2")
        is_drawing = True
    return "".join(parts)


def dot_path(points: Sequence[tuple[float, float]], radius: float = 2.5) -> str:
    """A filled circle at every point."""
    half = f"a{radius:g} {radius:g} 0 1 0"
    return "".join(f"M{x - radius:g} {y:g}{half} {2 * radius:g} 0{half} {-2 * radius:g} 0" for x, y in points)


def cross_path(points: Sequence[tuple[float, float]], reach: float = 4) -> str:
    """A cross at every point."""
    return "".join(
        f"M{x - reach:g} {y - reach:g}l{2 * reach:g} {2 * reach:g}m0 {-2 * reach:g}l{-2 * reach:g} {2 * reach:g}"
        for x, y in points
    )


def thin(
    points: Sequence[tuple[datetime, float | None]], scale: TimeScale, buckets: int = 160
) -> list[tuple[float, float | None]]:
    """The greatest value of each stretch of the axis, so that no peak is lost; None where a stretch is without any."""
    greatest: dict[int, float] = {}
    width = (scale.frame.end - scale.frame.left) / buckets
    for at, value in points:
        if value is not None:
            bucket = min(int((scale.x(at) - scale.frame.left) / width), buckets - 1)
            greatest[bucket] = max(value, greatest.get(bucket, value))
    return [
        (round(scale.frame.left + (bucket + 0.5) * width, 1), greatest.get(bucket))
        for bucket in range(min(greatest, default=0), max(greatest, default=-1) + 1)
    ]
