"""The charts of a database: what was measured, as drawings that the templates only have to write down."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lib.charts import (
    Frame,
    Scale,
    Tick,
    TimeScale,
    cross_path,
    dot_path,
    duration_scale,
    line_path,
    linear_scale,
    thin,
    time_ticks,
)
from lib.durations import format_duration

FRAME = Frame()
SPARK = Frame(width=120, height=26, left=3, right=3, top=4, bottom=4)
PERCENT_STEPS = (20, 25)
# So many lines have a look of their own.
LOOKS = 4
# A limit so many times above everything measured would press it flat on the axis.
FARTHEST = 4


@dataclass(frozen=True)
class Sample:
    """One value at one moment: None for unknown. One that `has_failed` is drawn as a cross."""

    at: datetime
    value: float | None
    has_failed: bool = False


@dataclass(frozen=True)
class ChartLine:
    """One line, told from the others by its look (1 to 4) and its name."""

    look: int
    label: str
    path: str
    dots: str


@dataclass(frozen=True)
class Limit:
    """A level that is asked for, and what is written beside it."""

    value: float
    label: str


@dataclass(frozen=True)
class Chart:
    """A drawing in the units of its frame, and the words for who cannot see it. `key` is unique on a page."""

    key: str
    title: str
    description: str
    frame: Frame
    x_ticks: tuple[Tick, ...]
    y_ticks: tuple[Tick, ...]
    lines: tuple[ChartLine, ...]
    crosses: str
    limit: Tick | None
    # The limit lies so far above everything measured that it is only named.
    is_limit_beyond: bool
    is_logarithmic: bool

    @property
    def limit_shift(self) -> int:
        """How far below its line the words of the limit stand: above it, unless they would leave the drawing."""
        return 14 if self.limit and self.limit.at < self.frame.top + 14 else -5

    @property
    def is_empty(self) -> bool:
        """True where there is nothing to draw."""
        return not self.crosses and not any(line.path or line.dots for line in self.lines)


@dataclass(frozen=True)
class Sparkline:
    """The last tests of a database in a word's room, and the same in words."""

    frame: Frame
    description: str
    path: str
    dots: str
    crosses: str


def chart_tests(
    key: str, title: str, series: Mapping[str, Sequence[Sample]], *, limit: Limit | None, now: datetime
) -> Chart:
    """What was measured by tests, a dot each; a test that did not pass is a cross, without a value on the axis."""
    samples = [sample for one in series.values() for sample in one]
    scale, ticks, is_beyond = _scale_durations(samples, limit)
    # A day at least: one test alone would have no axis to stand on.
    times = TimeScale(min([now - timedelta(days=1), *(sample.at for sample in samples)]), now, FRAME)
    lines = []
    for number, (label, one) in enumerate(series.items()):
        points = [_place(sample, times, scale) for sample in one if sample.value is not None and not sample.has_failed]
        lines.append(ChartLine(number % LOOKS + 1, label, line_path(points), dot_path(points)))
    crosses = cross_path([_place(sample, times, scale) for sample in samples if sample.has_failed])
    return Chart(
        key=key,
        title=title,
        description=_describe(series, limit),
        frame=FRAME,
        x_ticks=tuple(time_ticks(times, timezone.get_current_timezone())),
        y_ticks=tuple(ticks),
        lines=tuple(lines),
        crosses=crosses,
        limit=Tick(scale.y(limit.value), limit.label) if limit else None,
        is_limit_beyond=is_beyond,
        is_logarithmic=scale.is_log,
    )


def chart_history(
    key: str,
    title: str,
    series: Mapping[str, Sequence[Sample]],
    *,
    limit: Limit | None,
    period: tuple[datetime, datetime],
    is_percent: bool = False,
) -> Chart:
    """What the watch saw in this period, a line each; a stretch without a value is a gap."""
    if is_percent:
        is_beyond = False
        scale, ticks = linear_scale([100], FRAME, steps=PERCENT_STEPS, label=_percent)
    else:
        scale, ticks, is_beyond = _scale_durations([sample for one in series.values() for sample in one], limit)
    times = TimeScale(*period, FRAME)
    lines = []
    for number, (label, one) in enumerate(series.items()):
        thinned = thin([(sample.at, sample.value) for sample in one], times)
        points = [None if value is None else (x, scale.y(value)) for x, value in thinned]
        lines.append(ChartLine(number % LOOKS + 1, label, line_path(points), ""))
    return Chart(
        key=key,
        title=title,
        description=_describe(series, limit, is_percent=is_percent),
        frame=FRAME,
        x_ticks=tuple(time_ticks(times, timezone.get_current_timezone())),
        y_ticks=tuple(ticks),
        lines=tuple(lines),
        crosses="",
        limit=Tick(scale.y(limit.value), limit.label) if limit else None,
        is_limit_beyond=is_beyond,
        is_logarithmic=scale.is_log,
    )


def draw_sparkline(tests: Sequence[tuple[str, Sample]]) -> Sparkline:
    """The RTO of the last tests, evenly spaced, the newest at the right, in a line for each replica that they name.

    Those that did not pass are crosses below.
    """
    samples = [sample for _name, sample in tests]
    values = [sample.value for sample in samples if sample.value is not None and not sample.has_failed]
    low, high = min(values, default=0.0), max(values, default=1.0)
    # A tenth of the value is the least that fills the height: noise of a few percent stays small.
    room = max(high - low, 0.1 * high) or 1.0
    scale = Scale(low, low + room, SPARK)
    step = (SPARK.end - SPARK.left) / max(len(samples) - 1, 1)
    places = [round(SPARK.end - step * (len(samples) - 1 - number), 1) for number in range(len(samples))]
    pairs = list(zip(places, samples, strict=True))
    lines: dict[str, list[tuple[float, float]]] = {}
    for x, (name, one) in zip(places, tests, strict=True):
        if one.value is not None and not one.has_failed:
            lines.setdefault(name, []).append((x, scale.y(one.value)))
    return Sparkline(
        frame=SPARK,
        description=_describe_tests(samples),
        path="".join(line_path(points) for points in lines.values()),
        dots=dot_path([points[-1] for points in lines.values()], radius=2.2),
        crosses=cross_path([(x, SPARK.floor - 3) for x, one in pairs if one.has_failed], reach=2.5),
    )


def _scale_durations(samples: Sequence[Sample], limit: Limit | None) -> tuple[Scale, list[Tick], bool]:
    """The axis of what was measured, its ticks, and whether the limit lies too far above to be drawn in it."""
    values = [sample.value for sample in samples if sample.value is not None]
    scale, ticks = duration_scale(values, FRAME)
    if limit is None:
        return scale, ticks, False
    if values and not scale.is_log and limit.value > FARTHEST * max(values) > 0:
        return scale, ticks, True
    return *duration_scale([*values, limit.value], FRAME), False


def _place(sample: Sample, times: TimeScale, scale: Scale) -> tuple[float, float]:
    return times.x(sample.at), scale.y(sample.value) if sample.value is not None else scale.frame.floor


def _percent(value: float) -> str:
    return f"{value:.0f} %"


def _describe(series: Mapping[str, Sequence[Sample]], limit: Limit | None, *, is_percent: bool = False) -> str:
    sentences = [_describe_line(label, samples, is_percent=is_percent) for label, samples in series.items()]
    return " ".join([*sentences, *([f"{limit.label}."] if limit else [])])


def _describe_line(label: str, samples: Sequence[Sample], *, is_percent: bool) -> str:
    values = [sample.value for sample in samples if sample.value is not None and not sample.has_failed]
    failed = sum(sample.has_failed for sample in samples)
    if not values:
        words = _("%(name)s: no value.") % {"name": label}
    else:
        shown = _percent if is_percent else format_duration
        words = _("%(name)s: from %(low)s to %(high)s, last %(last)s.") % {
            "name": label,
            "low": shown(min(values)),
            "high": shown(max(values)),
            "last": shown(values[-1]),
        }
    return f"{words} {_count_failed(failed)}" if failed else words


def _count_failed(count: int) -> str:
    return ngettext("%(count)s test did not pass.", "%(count)s tests did not pass.", count) % {"count": count}


def _describe_tests(samples: Sequence[Sample]) -> str:
    failed = sum(sample.has_failed for sample in samples)
    values = [sample.value for sample in samples if sample.value is not None and not sample.has_failed]
    words = _("%(passed)s of the last %(count)s tests passed") % {
        "passed": len(samples) - failed,
        "count": len(samples),
    }
    if not values:
        return words
    low, high = format_duration(min(values)), format_duration(max(values))
    return words + "; " + (f"RTO {low}" if low == high else _("RTO %(low)s to %(high)s") % {"low": low, "high": high})


def by_name(rows: Iterable[tuple[str, Sample]]) -> dict[str, list[Sample]]:
    """Samples under the name of their line, in order."""
    series: dict[str, list[Sample]] = {}
    for name, sample in rows:
        series.setdefault(name, []).append(sample)
    return series
