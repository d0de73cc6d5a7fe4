import pytest

from lib.durations import format_bytes, format_duration, format_ongoing


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "0 s"),
        (0.0001, "1 ms"),
        (0.4, "400 ms"),
        (0.9994, "999 ms"),
        (0.9995, "1 s"),
        (1, "1 s"),
        (1.84, "1.8 s"),
        (8.5, "8.5 s"),
        (59.94, "59.9 s"),
        (59.95, "1 min"),
        (60, "1 min"),
        (61, "1 min 1 s"),
        (1500, "25 min"),
        (3599.6, "1 h"),
        (3600, "1 h"),
        (3605, "1 h"),
        (7500, "2 h 5 min"),
        (86_399.7, "1 d"),
        (86_460, "1 d"),
        (90_000, "1 d 1 h"),
        (273_600, "3 d 4 h"),
        (40_000_000, "462 d 23 h"),
        (-90, "−1 min 30 s"),
        (-0.5, "−500 ms"),
    ],
)
def test_a_duration_is_told_in_its_two_largest_units(seconds: float, words: str) -> None:
    assert format_duration(seconds) == words


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "less than a minute"),
        (0.021, "less than a minute"),
        (59.99, "less than a minute"),
        (60, "1 min"),
        (7500, "2 h 5 min"),
    ],
)
def test_what_goes_on_is_told_from_a_minute_on(seconds: float, words: str) -> None:
    assert format_ongoing(seconds) == words


@pytest.mark.parametrize(
    ("count", "words"),
    [
        (0, "0 B"),
        (999, "999 B"),
        (1000, "1.0 kB"),
        (999_949, "999.9 kB"),
        (999_960, "1.0 MB"),
        (104_857_600, "104.9 MB"),
        (20 * 1024**3, "21.5 GB"),
        (10**13, "10.0 TB"),
        (10**16, "10000.0 TB"),
    ],
)
def test_a_size_is_told_in_the_largest_unit_that_keeps_it_above_one(count: int, words: str) -> None:
    assert format_bytes(count) == words
