from datetime import UTC, datetime, timedelta
from itertools import product
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from incidents.durations import DURATIONS, DurationState, measure_durations
from incidents.lifecycle import MILESTONES, check_milestones

ZONES = sorted(available_timezones())
INSTANTS = st.integers(157_766_400, 2_114_380_800).map(lambda second: datetime.fromtimestamp(second, UTC))
# Up to half a year: most cross midnights, and many a change of the clocks.
LENGTHS = st.timedeltas(timedelta(0), timedelta(days=190))


def at(minute: float) -> datetime:
    return datetime(2024, 3, 10, 14, 0, tzinfo=UTC) + timedelta(minutes=minute)


@pytest.mark.parametrize("is_over", [True, False])
@pytest.mark.parametrize(("start", "end"), list(product([None, at(0)], [None, at(-1), at(0), at(25)])))
def test_a_duration_is_recorded_pending_not_applicable_or_invalid(
    start: datetime | None, end: datetime | None, is_over: bool
) -> None:
    durations = measure_durations({"impact_started_at": start, "resolved_at": end}, is_over=is_over)
    resolve = next(duration for duration in durations if duration.name == "time_to_resolve")
    if start is None or end is None:
        assert resolve.state is (DurationState.NOT_APPLICABLE if is_over else DurationState.PENDING)
        assert resolve.seconds is None
    elif end < start:
        assert (resolve.state, resolve.seconds) == (DurationState.INVALID, None)
    else:
        assert (resolve.state, resolve.seconds) == (DurationState.RECORDED, (end - start).total_seconds())


def test_each_duration_lies_between_its_own_two_milestones() -> None:
    instants = [at(0), at(1), at(30), at(3), at(7), at(15)]
    milestones = dict(zip(MILESTONES, instants, strict=False))
    measured = {duration.name: duration.seconds for duration in measure_durations(milestones, is_over=False)}
    assert measured == {
        "time_to_detect": 60,
        "time_to_acknowledge": 120,
        "time_to_mitigate": 420,
        "time_to_resolve": 900,
    }


@pytest.mark.parametrize(
    ("start", "end", "seconds"),
    [
        # The clocks in New York go forward at two on 10 March 2024 and back at two on 3 November 2024.
        ("2024-03-10T01:30-05:00", "2024-03-10T03:30-04:00", 3600),
        ("2024-11-03T00:30-04:00", "2024-11-03T03:30-05:00", 4 * 3600),
        ("2024-11-03T01:30-04:00", "2024-11-03T01:30-05:00", 3600),
        ("2024-02-28T12:00-05:00", "2024-03-01T12:00-05:00", 2 * 86_400),
        ("2023-12-31T23:59:59-05:00", "2024-01-01T00:00:01-05:00", 2),
    ],
)
def test_durations_are_true_across_changes_of_the_clock_and_of_the_day(start: str, end: str, seconds: float) -> None:
    zone = ZoneInfo("America/New_York")
    local = [datetime.fromisoformat(text).astimezone(zone) for text in (start, end)]
    # As the database gives them back.
    milestones = dict(zip(("impact_started_at", "resolved_at"), (each.astimezone(UTC) for each in local), strict=True))
    check_milestones(milestones, now=datetime(2024, 12, 1, tzinfo=UTC))
    assert measure_durations(milestones, is_over=True)[-1].seconds == seconds


@settings(deadline=None)
@given(INSTANTS, LENGTHS, st.sampled_from(ZONES), st.sampled_from(ZONES))
def test_a_duration_is_the_same_in_every_timezone(start: datetime, length: timedelta, one: str, other: str) -> None:
    end = start + length
    ends = {"impact_started_at": start.astimezone(ZoneInfo(one)), "resolved_at": end.astimezone(ZoneInfo(other))}
    resolve = measure_durations(ends, is_over=True)[-1]
    assert (resolve.state, resolve.seconds) == (DurationState.RECORDED, length.total_seconds())


@settings(deadline=None)
@given(INSTANTS, LENGTHS.filter(bool), st.sampled_from(ZONES))
def test_one_that_ends_before_it_begins_is_invalid_in_every_timezone(
    start: datetime, length: timedelta, name: str
) -> None:
    zone = ZoneInfo(name)
    ends = {"impact_started_at": start.astimezone(zone), "resolved_at": (start - length).astimezone(zone)}
    resolve = measure_durations(ends, is_over=True)[-1]
    assert (resolve.state, resolve.seconds) == (DurationState.INVALID, None)


@settings(deadline=None)
@given(st.dictionaries(st.sampled_from(list(MILESTONES)), INSTANTS), st.booleans())
def test_each_duration_has_one_state_that_its_ends_explain(milestones: dict[str, datetime], is_over: bool) -> None:
    for duration in measure_durations(milestones, is_over=is_over):
        known = [end for end in (duration.start, duration.end) if end in milestones]
        assert (duration.seconds is not None) == (duration.state is DurationState.RECORDED)
        assert len(known) + len(duration.missing) == 2
        if duration.missing:
            assert duration.state is (DurationState.NOT_APPLICABLE if is_over else DurationState.PENDING)


def test_the_states_have_these_words() -> None:
    assert [state.label for state in DurationState] == ["Recorded", "Pending", "Not applicable", "Invalid"]


@pytest.mark.parametrize(
    ("start", "end", "is_over", "reason"),
    [
        (at(0), at(1), False, "From “Impact started” to “Resolved”."),
        (None, at(1), False, "Measured as soon as this is known: Impact started."),
        (None, None, False, "Measured as soon as this is known: Impact started, Resolved."),
        (at(0), None, True, "The incident is over, and this was never recorded: Resolved."),
        (at(1), at(0), True, "“Resolved” is before “Impact started”. Correct one of the two."),
    ],
)
def test_each_state_says_why(start: datetime | None, end: datetime | None, is_over: bool, reason: str) -> None:
    durations = measure_durations({"impact_started_at": start, "resolved_at": end}, is_over=is_over)
    assert durations[list(DURATIONS).index("time_to_resolve")].reason == reason
