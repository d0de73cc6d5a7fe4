from datetime import UTC, datetime, timedelta
from itertools import permutations, product
from zoneinfo import ZoneInfo

import pytest

from incidents.errors import IncidentError
from incidents.lifecycle import (
    CLOCK_TOLERANCE,
    MILESTONES,
    ONGOING,
    ORDERED_MILESTONES,
    TRANSITIONS,
    DurationState,
    Status,
    check_milestones,
    check_transition,
    measure_durations,
)

NOW = datetime(2024, 3, 10, 18, 0, tzinfo=UTC)
ALLOWED = {
    "investigating": {"identified", "monitoring", "resolved"},
    "identified": {"monitoring", "resolved", "investigating"},
    "monitoring": {"resolved", "identified", "investigating"},
    "resolved": {"closed", "investigating"},
    "closed": {"investigating"},
}


def at(minute: float) -> datetime:
    return datetime(2024, 3, 10, 14, 0, tzinfo=UTC) + timedelta(minutes=minute)


@pytest.mark.parametrize(("before", "after"), list(product(Status, Status)))
def test_each_status_may_follow_just_the_ones_that_the_rules_name(before: Status, after: Status) -> None:
    if after.value in ALLOWED[before.value]:
        check_transition(before, after)
        return
    with pytest.raises(IncidentError) as refusal:
        check_transition(before, after)
    assert refusal.value.field == "status"
    assert str(refusal.value) == (
        f"An incident that is “{before.label}” cannot become “{after.label}”; "
        f"choose one of: {', '.join(str(status.label) for status in TRANSITIONS[before])}."
    )


def test_every_status_can_be_reached_and_left() -> None:
    assert set(TRANSITIONS) == set(Status) == {status for targets in TRANSITIONS.values() for status in targets}


@pytest.mark.parametrize(("earlier", "later"), list(permutations(ORDERED_MILESTONES, 2)))
def test_two_milestones_stand_in_their_order_and_any_other_may_be_unknown(earlier: str, later: str) -> None:
    in_order = ORDERED_MILESTONES.index(earlier) < ORDERED_MILESTONES.index(later)
    milestones = {**dict.fromkeys(MILESTONES), earlier: at(0), later: at(1)}
    if in_order:
        check_milestones(milestones, now=NOW)
        return
    with pytest.raises(IncidentError) as refusal:
        check_milestones(milestones, now=NOW)
    assert refusal.value.field == earlier
    assert str(refusal.value).startswith(f"“{MILESTONES[earlier]}” is before “{MILESTONES[later]}”.")


def test_milestones_at_the_same_instant_are_in_order() -> None:
    check_milestones(dict.fromkeys(MILESTONES, at(0)), now=NOW)


@pytest.mark.parametrize("declared", [at(-60), at(0), at(60)])
def test_the_declaration_may_stand_anywhere(declared: datetime) -> None:
    check_milestones({"impact_started_at": at(0), "declared_at": declared, "resolved_at": at(30)}, now=NOW)


@pytest.mark.parametrize("name", MILESTONES)
def test_no_milestone_lies_in_the_future(name: str) -> None:
    check_milestones({name: NOW + CLOCK_TOLERANCE}, now=NOW)
    with pytest.raises(IncidentError, match="lies in the future") as refusal:
        check_milestones({name: NOW + CLOCK_TOLERANCE + timedelta(seconds=1)}, now=NOW)
    assert refusal.value.field == name


@pytest.mark.parametrize("is_over", [True, False])
@pytest.mark.parametrize(("start", "end"), list(product([None, at(0)], [None, at(-1), at(0), at(25)])))
def test_a_duration_is_recorded_pending_unknown_or_out_of_order(
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


def test_every_state_has_words() -> None:
    assert [state.label for state in DurationState] == ["Recorded", "Pending", "Unknown", "Out of order"]
    assert {status for status in Status if status in ONGOING} == {"investigating", "identified", "monitoring"}
