"""Cron expressions: which are understood, what they say, when they come round."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from django_celery_beat.tzcrontab import TzAwareCrontab

from recovery.errors import RecoveryError
from recovery.services.timetable import describe_cron, list_times, make_default_cron, next_after, parse_cron

SUNDAY = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


def schedule(cron: str, zone: str = "UTC") -> TzAwareCrontab:
    return TzAwareCrontab(**parse_cron(cron), tz=ZoneInfo(zone))


@pytest.mark.parametrize(
    ("cron", "words"),
    [
        ("0 3 * * 0", "At 03:00, only on Sunday"),
        ("0 3 * * 7", "At 03:00, only on Sunday"),
        ("0 3 * * sun", "At 03:00, only on Sunday"),
        ("30 2 1,15 * *", "At 02:30, on day 1 and 15 of the month"),
        ("0 3 * * 1-5", "At 03:00, Monday through Friday"),
        ("*/15 * * * *", "Every 15 minutes"),
        ("  0   3 * *  0 ", "At 03:00, only on Sunday"),
        ("0 0 29 2 *", "At 00:00, on day 29 of the month, only in February"),
    ],
)
def test_what_is_understood_is_said_in_words(cron: str, words: str) -> None:
    assert describe_cron(parse_cron(cron)) == words


@pytest.mark.parametrize(
    ("cron", "reason"),
    [
        ("", "Give five fields"),
        ("0 3 * *", "Give five fields"),
        ("0 3 * * 0 2026", "Give five fields"),
        ("@weekly", "Give five fields"),
        ("60 1 * * *", "“60” is not understood"),
        ("0 24 * * *", "“24” is not understood"),
        ("0 3 0 * *", "“0” is not understood"),
        ("0 3 * 13 *", "“13” is not understood"),
        ("0 3 * * 8", "“8” is not understood"),
        ("0 3 5-1 * *", "“5-1” is not understood"),
        ("0 3 ? * *", "“?” is not understood"),
        ("a b c d e", "“a” is not understood"),
        ("0 0 31 2 *", "There is no such day"),
        ("* 3 * * 0", "several times within ten minutes"),
        ("*/5 * * * *", "several times within ten minutes"),
        ("0,9 1 * * *", "several times within ten minutes"),
    ],
)
def test_what_is_not_understood_is_refused_in_a_sentence(cron: str, reason: str) -> None:
    with pytest.raises(RecoveryError, match=reason) as refused:
        parse_cron(cron)
    assert refused.value.field == "cron"


@pytest.mark.parametrize(
    ("cron", "zone", "moment", "expected"),
    [
        ("0 3 * * 0", "UTC", "2026-11-22 02:59", "2026-11-22 03:00"),
        ("0 3 * * 0", "UTC", "2026-11-22 03:00", "2026-11-29 03:00"),
        ("0 3 * * 0", "Asia/Bangkok", "2026-11-21 19:59", "2026-11-21 20:00"),
        ("0 3 * * 0", "Asia/Bangkok", "2026-11-21 20:00", "2026-11-28 20:00"),
        ("0,30 3 * * *", "UTC", "2026-11-22 03:00", "2026-11-22 03:30"),
        ("0 4 1 * *", "UTC", "2026-11-22 12:00", "2026-12-01 04:00"),
        # The clocks go forward at 02:00 and back at 03:00 in Berlin.
        ("0 3 * * *", "Europe/Berlin", "2026-03-28 12:00", "2026-03-29 01:00"),
        ("0 3 * * *", "Europe/Berlin", "2026-10-24 12:00", "2026-10-25 02:00"),
        ("0 3 * * *", "Europe/Berlin", "2026-10-25 02:00", "2026-10-26 02:00"),
    ],
)
def test_the_next_time(cron: str, zone: str, moment: str, expected: str) -> None:
    found = next_after(schedule(cron, zone), datetime.fromisoformat(f"{moment}:00+00:00"))
    assert f"{found:%Y-%m-%d %H:%M}" == expected


def test_an_hour_that_the_clocks_leave_out_or_repeat_stops_nothing() -> None:
    half_past = schedule("30 2 * * *", "Europe/Berlin")
    start = datetime(2026, 1, 1, tzinfo=UTC)
    times = list_times(half_past, after=start, until=start + timedelta(days=365), most=1000)
    assert len(times) == 365
    assert all(timedelta(hours=22) <= later - earlier <= timedelta(hours=26) for earlier, later in pairwise(times))


def test_the_times_between_two_moments() -> None:
    weekly = schedule("0 3 * * 0")
    times = list_times(weekly, after=SUNDAY - timedelta(days=21), until=SUNDAY, most=10)
    assert [f"{time:%m-%d %H}" for time in times] == ["11-08 03", "11-15 03", "11-22 03"]
    assert list_times(weekly, after=SUNDAY - timedelta(days=21), until=SUNDAY, most=2) == times[1:]
    assert list_times(weekly, after=times[-1], until=SUNDAY, most=10) == []


def test_the_default_is_once_a_week_by_night_and_spread() -> None:
    crons = {name: make_default_cron(name) for name in (f"database-{number}" for number in range(200))}
    assert all(parse_cron(cron) for cron in crons.values())
    hours = [int(cron.split()[1]) for cron in crons.values()]
    assert set(hours) == {1, 2, 3, 4}
    assert len(set(crons.values())) > 180
    assert make_default_cron("app") == make_default_cron("app")
