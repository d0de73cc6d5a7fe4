"""The geometry of charts."""

import re
from datetime import UTC, datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo

import pytest

from lib.charts import (
    Frame,
    Scale,
    TimeScale,
    cross_path,
    dot_path,
    duration_scale,
    line_path,
    linear_scale,
    thin,
    time_ticks,
)

FRAME = Frame(width=120, height=120, left=10, right=10, top=10, bottom=10)
NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


def numbers(path: str) -> list[float]:
    return [float(one) for one in re.findall(r"-?[\d.]+", path)]


@pytest.mark.parametrize(("value", "y"), [(0, 110), (5, 60), (10, 10), (20, 10), (-3, 110)])
def test_values_become_heights_and_those_outside_lie_at_the_edge(value: float, y: float) -> None:
    assert Scale(0, 10, FRAME).y(value) == y


@pytest.mark.parametrize(("value", "y"), [(0.01, 110), (0.1, 60), (1, 10), (0, 110)])
def test_on_a_logarithmic_scale_each_decade_has_the_same_room(value: float, y: float) -> None:
    assert Scale(0.01, 1, FRAME, is_log=True).y(value) == y


def test_a_scale_without_extent_draws_at_its_floor() -> None:
    assert Scale(5, 5, FRAME).y(5) == FRAME.floor


@pytest.mark.parametrize(
    ("values", "labels"),
    [
        ([6.8, 8.5], ["0 s", "5 s", "10 s"]),
        ([0.1, 0.35], ["0 s", "100 ms", "200 ms", "300 ms", "400 ms"]),
        ([40, 60], ["0 s", "20 s", "40 s", "1 min"]),
        ([3600 * 20, 3600 * 30], ["0 s", "12 h", "1 d", "1 d 12 h"]),
        ([], ["0 s", "1 ms"]),
        ([0, 0], ["0 s", "1 ms"]),
    ],
)
def test_the_ticks_of_durations_are_few_and_round(values: list[float], labels: list[str]) -> None:
    scale, ticks = duration_scale(values, FRAME)
    assert [tick.label for tick in ticks] == labels
    assert not scale.is_log
    assert max(values, default=0) <= scale.high


@pytest.mark.parametrize("values", [[0.2, 90_000], [0.05, 30], [0.001, 10_000_000]])
def test_values_that_span_decades_have_a_logarithmic_axis(values: list[float]) -> None:
    scale, ticks = duration_scale(values, FRAME)
    assert scale.is_log
    assert scale.low <= min(values) < max(values) <= scale.high
    assert 2 <= len(ticks) <= 5
    assert ticks[-1].at == FRAME.top


def test_a_zero_does_not_make_an_axis_logarithmic() -> None:
    assert not duration_scale([0, 5, 9], FRAME)[0].is_log


def test_an_axis_of_percent_ends_at_100() -> None:
    scale, ticks = linear_scale([100], FRAME, steps=(20, 25), label="{:.0f}".format)
    assert [tick.label for tick in ticks] == ["0", "25", "50", "75", "100"]
    assert scale.high == 100


@pytest.mark.parametrize(
    ("span", "zone", "labels"),
    [
        (timedelta(hours=24), UTC, ["12:00", "18:00", "00:00", "06:00", "12:00"]),
        (timedelta(days=10), UTC, ["14 Nov", "16 Nov", "18 Nov", "20 Nov", "22 Nov"]),
        (timedelta(days=90), UTC, ["27 Sep", "25 Oct", "22 Nov"]),
        (timedelta(hours=3), ZoneInfo("Asia/Bangkok"), ["16:00", "17:00", "18:00", "19:00"]),
    ],
)
def test_the_ticks_of_time_are_midnights_or_full_hours(span: timedelta, zone: tzinfo, labels: list[str]) -> None:
    ticks = time_ticks(TimeScale(NOON - span, NOON, FRAME), zone)
    assert [tick.label for tick in ticks][-len(labels) :] == labels
    assert len(ticks) <= 6
    assert [tick.at for tick in ticks] == sorted(tick.at for tick in ticks)
    assert all(FRAME.left <= tick.at <= FRAME.end for tick in ticks)


def test_a_line_is_broken_where_a_value_is_missing() -> None:
    assert line_path([(1, 2), (3, 4), None, (5, 6)]) == "M1 2L3 4M4 6h2"
    assert line_path([]) == line_path([None]) == ""


def test_a_dot_is_a_circle_and_a_cross_has_two_strokes() -> None:
    assert dot_path([(10, 20)], radius=2) == "M8 20a2 2 0 1 0 4 0a2 2 0 1 0 -4 0"
    assert cross_path([(10, 20)], reach=4) == "M6 16l8 8m0 -8l-8 8"


def test_thinning_keeps_every_peak_and_every_gap() -> None:
    times = TimeScale(NOON - timedelta(hours=24), NOON, FRAME)
    minutes = [NOON - timedelta(hours=24) + timedelta(minutes=n) for n in range(1440)]
    points = [(at, 9.0 if n == 700 else None if 300 <= n < 600 else 1.0) for n, at in enumerate(minutes)]
    thinned = thin(points, times, buckets=24)
    assert len(thinned) == 24
    assert [value for _x, value in thinned] == [1.0] * 5 + [None] * 5 + [1.0, 9.0] + [1.0] * 12
    assert thin([], times) == []
