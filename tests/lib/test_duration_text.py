"""Durations as people type them."""

import pytest

from lib.duration_text import parse_duration


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("25 min", 1500),
        ("2 h 5 min", 7500),
        ("8.5s", 8.5),
        ("400 ms", 0.4),
        ("1 d 4 h", 100_800),
        ("~3 นาที", 180),
        ("< 1 second", 1),
        ("2 Hours", 7200),
        ("2 min (with the runbook)", 120),
    ],
)
def test_a_duration_is_so_many_seconds(text: str, seconds: float) -> None:
    assert parse_duration(text) == pytest.approx(seconds)


@pytest.mark.parametrize("text", ["", "never", "25", "5 apples", "(2 min)", "-5 min", "5 min " * 30, "1.5.2 s"])
def test_everything_else_is_none(text: str) -> None:
    assert parse_duration(text) is None
