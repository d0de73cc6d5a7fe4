"""Times that count from T."""

import pytest

from tests.incidents.readers.test_read import read

HEAD = "# A\n\n**Date:** 2021-02-03\n\n"


def timeline(text: str) -> list[tuple[str, str]]:
    return [(f"{event.occurred_at:%m-%d %H:%M:%S}", event.text) for event in read(text).events]


@pytest.mark.parametrize(
    ("line", "time"),
    [
        ("- T+5 min: It broke", "02-03 14:08:00"),
        ("- T-10m It broke", "02-03 13:53:00"),
        ("- T−10 minutes — It broke", "02-03 13:53:00"),
        ("* **T+1h 20m** It broke", "02-03 15:23:00"),
        ("T+00:05 It broke", "02-03 14:08:00"),
        ("T+01:00:30 - It broke", "02-03 15:03:30"),
        ("- T+5: It broke", "02-03 14:08:00"),
        ("- [T+90s] It broke", "02-03 14:04:30"),
        ("- T+1d 2h, It broke", "02-04 16:03:00"),
        ("- T0: It broke", "02-03 14:03:00"),
        ("> T+0 It broke", "02-03 14:03:00"),
        ("### T+12 hours\n\nIt broke", "02-04 02:03:00"),
        ("| When | What |\n|--|--|\n| T+5 min | It broke |", "02-03 14:08:00"),
    ],
)
def test_a_time_that_counts_from_t(line: str, time: str) -> None:
    assert timeline(f"{HEAD}## Timeline\n\nT = 14:03 UTC\n\n{line}\n") == [(time, "It broke")]


@pytest.mark.parametrize(
    ("statement", "time"),
    [
        ("T is the deploy at 14:03 UTC.", "02-03 14:08:00"),
        ("T0 = 2021-02-05T14:03:00Z", "02-05 14:08:00"),
        ("(T: Feb 5, 2021 14:03 UTC)", "02-05 14:08:00"),
        ("**T** = 14:03 CET", "02-03 14:08:00"),
        ("T คือ 14.03 น.", "02-03 14:08:00"),
    ],
)
def test_the_document_says_what_t_is(statement: str, time: str) -> None:
    events = read(f"{HEAD}{statement}\n\n## Timeline\n\n- T+5 min It broke\n").events
    assert [f"{event.occurred_at:%m-%d %H:%M:%S}" for event in events] == [time]


def test_the_entry_of_t_itself_may_say_it() -> None:
    assert timeline(f"{HEAD}## Timeline\n\n- T+0 (14:03 UTC): It broke\n- T+5 min: Seen\n- 14:20 UTC Mended\n") == [
        ("02-03 14:03:00", "(14:03 UTC): It broke"),
        ("02-03 14:08:00", "Seen"),
        ("02-03 14:20:00", "Mended"),
    ]


def test_without_t_nothing_is_made_up() -> None:
    found = read(f"{HEAD}## Timeline\n\n- T+5 min It broke\n\n| When | What |\n|--|--|\n| T+6 | b |\n")
    assert found.events == ()
    assert "T+5 min It broke" in found.sections[-1].body
    assert "| T+6 | b |" in found.sections[-1].body
    assert ["T+5 count from a moment" in warning.sentence for warning in found.warnings] == [True]


def test_words_that_begin_with_t_are_words() -> None:
    text = f"{HEAD}T = 14:03\n\n## Timeline\n\n- T-shirts came\n- T cells\n- To be told\n- T - a letter\n"
    assert timeline(text) == []


def test_t_without_a_timezone_is_said() -> None:
    found = read(f"{HEAD}T = 14:03\n\n## Timeline\n\n- T+5 min It broke\n")
    assert ["names no timezone" in warning.sentence for warning in found.warnings] == [True]
