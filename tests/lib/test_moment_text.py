"""Times as people type them."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.moment_text import AHEAD, MomentError, read_moment, say_moment, write_moment

ZONES = ["UTC", "Asia/Bangkok", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu"]
# A Sunday afternoon in Bangkok, its morning in Berlin.
NOW = datetime(2024, 3, 10, 8, 10, tzinfo=UTC)
zones = st.sampled_from(ZONES).map(ZoneInfo)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
instants = st.timedeltas(timedelta(), timedelta(days=47_000)).map(lambda since: EPOCH + since)


def read(text: str, zone: str = "UTC", now: datetime = NOW) -> str:
    return read_moment(text, now=now, zone=ZoneInfo(zone)).astimezone(UTC).isoformat()[:19]


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("now", "2024-03-10T08:10:00"),
        ("-10m", "2024-03-10T08:00:00"),
        ("-1h30m", "2024-03-10T06:40:00"),
        ("− 1h 30 min", "2024-03-10T06:40:00"),
        ("90 seconds ago", "2024-03-10T08:08:30"),
        ("-2d", "2024-03-08T08:10:00"),
        ("08:03", "2024-03-10T08:03:00"),
        ("8:03:20", "2024-03-10T08:03:20"),
        ("08:03:20.5", "2024-03-10T08:03:20"),
        ("๐๘:๐๓", "2024-03-10T08:03:00"),
        ("7:03 am", "2024-03-10T07:03:00"),
        ("9:03 p.m.", "2024-03-09T21:03:00"),
        ("12:05 am", "2024-03-10T00:05:00"),
        ("23:50", "2024-03-09T23:50:00"),
        ("8:11", "2024-03-10T08:11:00"),
        ("8:12", "2024-03-09T08:12:00"),
        ("yesterday 23:50", "2024-03-09T23:50:00"),
        ("Yesterday at 23:50", "2024-03-09T23:50:00"),
        ("today 7:15", "2024-03-10T07:15:00"),
        ("today 23:50", "2024-03-10T23:50:00"),
        ("10 Mar 07:03", "2024-03-10T07:03:00"),
        ("March 10, 07:03", "2024-03-10T07:03:00"),
        ("10 Mar 09:03", "2023-03-10T09:03:00"),
        ("11 Mar 14:03", "2023-03-11T14:03:00"),
        ("29 Feb 14:03", "2024-02-29T14:03:00"),
        ("10 March 2022, 14:03", "2022-03-10T14:03:00"),
        ("2024-03-10 14:03", "2024-03-10T14:03:00"),
        ("2024-03-10T14:03:20", "2024-03-10T14:03:20"),
        ("2024-03-10T14:03:20.123Z", "2024-03-10T14:03:20"),
        ("2024-03-10 14:03 UTC", "2024-03-10T14:03:00"),
        ("2024-03-10T14:03+02:00", "2024-03-10T12:03:00"),
        ("2024-03-10 14:03 -0500", "2024-03-10T19:03:00"),
        ("2024-03-10 14:03 Asia/Bangkok", "2024-03-10T07:03:00"),
    ],
)
def test_times_are_read_as_people_mean_them(text: str, instant: str) -> None:
    assert read(text) == instant


def test_a_time_is_read_in_the_given_timezone_and_its_day() -> None:
    assert read("14:03", "Asia/Bangkok") == "2024-03-10T07:03:00"
    assert read("15:20", "Asia/Bangkok") == "2024-03-09T08:20:00"
    midnight = datetime(2024, 3, 10, 17, 10, tzinfo=UTC)
    assert read("23:50", "Asia/Bangkok", midnight) == "2024-03-10T16:50:00"
    assert read("yesterday 23:50", "Asia/Bangkok", midnight) == "2024-03-10T16:50:00"
    assert read("14:03 UTC", "Asia/Bangkok", midnight) == "2024-03-10T14:03:00"


@pytest.mark.parametrize(
    "text",
    [
        *("soon", "25:00", "14:60", "13:03 pm", "14", "-", "-m", "10 months ago", "2024-02-30 14:03", "40 Mar 14:03"),
        *("14:03 CET", "14:03 +25:00", "14:03 Mars/Base", "2024-03-10", "yesterday", "10 Foo 14:03", "14:03 14:04"),
        *("-999999d", "1899-12-31 23:59", "3000-01-01 00:00", "0000-01-01 00:00", "-10:30", "<b>", ":", "١:٠٠x"),
    ],
)
def test_what_is_no_time_is_refused_with_a_sentence(text: str) -> None:
    with pytest.raises(MomentError, match=r"\.$"):
        read(text)


def test_a_day_alone_asks_for_a_time() -> None:
    with pytest.raises(MomentError, match="“yesterday” is a day without a time"):
        read("yesterday")


def test_a_time_that_is_there_twice_is_refused_with_both_ways_to_say_it() -> None:
    with pytest.raises(MomentError) as refusal:
        read("2024-11-03 01:30", "America/New_York")
    assert str(refusal.value) == (
        "On 3 November 2024 the clocks in America/New_York are put back and show 01:30 twice. Say which: "
        "2024-11-03 01:30 -04:00 (before the change) or 2024-11-03 01:30 -05:00 (after it)."
    )
    assert read("2024-11-03 01:30 -04:00", "America/New_York") == "2024-11-03T05:30:00"
    assert read("2024-11-03 01:30 -05:00", "America/New_York") == "2024-11-03T06:30:00"


def test_a_time_that_comes_twice_is_the_first_while_the_second_is_yet_to_come() -> None:
    between = datetime(2024, 11, 3, 5, 40, tzinfo=UTC)
    assert read("01:30", "America/New_York", between) == "2024-11-03T05:30:00"
    with pytest.raises(MomentError, match="twice"):
        read("01:30", "America/New_York", between + timedelta(hours=1))


def test_a_time_that_is_left_out_is_refused() -> None:
    for text, now in (("2024-03-10 02:30", NOW), ("02:30", datetime(2024, 3, 10, 8, 0, tzinfo=UTC))):
        with pytest.raises(MomentError, match="put forward and leave out 02:30") as refusal:
            read(text, "America/New_York", now)
        assert "02:30 UTC" in str(refusal.value)


@given(instants, zones)
def test_what_is_written_is_read_as_the_same_second(instant: datetime, zone: ZoneInfo) -> None:
    text = write_moment(instant, zone)
    assert read_moment(text, now=NOW, zone=zone) == instant.replace(microsecond=0)


@given(instants, zones, st.times())
def test_a_bare_time_is_the_nearest_one_that_is_not_in_the_future(now: datetime, zone: ZoneInfo, clock: object) -> None:
    try:
        instant = read_moment(f"{clock:%H:%M:%S}", now=now, zone=zone)
    except MomentError as refusal:
        assert "clocks" in str(refusal)  # noqa: PT017  # the other outcome is as good
        return
    assert instant <= now + AHEAD
    # A day with an hour more is the longest.
    assert now - instant <= timedelta(hours=25)
    assert f"{instant.astimezone(zone):%H:%M:%S}" == f"{clock:%H:%M:%S}"


@given(st.text(max_size=40), zones)
def test_any_text_is_read_or_refused(text: str, zone: ZoneInfo) -> None:
    try:
        assert read_moment(text, now=NOW, zone=zone).tzinfo
    except MomentError as refusal:
        assert str(refusal).endswith(".")  # noqa: PT017  # the other outcome is as good


@given(st.from_regex(r"[0-9]{1,4}[-: T.]{0,2}[0-9]{0,3}[-: ]{0,2}[0-9]{0,3}[ap+Z: -]{0,3}[0-9]{0,4}", fullmatch=True))
def test_what_nearly_is_a_time_is_read_or_refused(text: str) -> None:
    try:
        assert read_moment(text, now=NOW, zone=UTC).tzinfo
    except MomentError as refusal:
        assert str(refusal).endswith(".")  # noqa: PT017  # the other outcome is as good


def test_what_was_read_is_said_in_full() -> None:
    assert say_moment(NOW, ZoneInfo("Asia/Bangkok")) == "Sunday, 10 March 2024, 15:10 (Asia/Bangkok)"
    assert say_moment(NOW + timedelta(seconds=5), ZoneInfo("UTC")) == "Sunday, 10 March 2024, 08:10:05 (UTC)"
