from datetime import UTC, datetime, timedelta
from itertools import permutations, product

import pytest

from incidents.errors import IncidentError
from incidents.lifecycle import (
    CLOCK_TOLERANCE,
    MILESTONES,
    ONGOING,
    ORDERED_MILESTONES,
    TRANSITIONS,
    Status,
    check_milestones,
    check_transition,
    fits,
    milestones_of,
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


def test_the_first_three_statuses_go_on() -> None:
    assert set(ONGOING) == {"investigating", "identified", "monitoring"}


@pytest.mark.parametrize(
    ("after", "sets"),
    [
        (Status.INVESTIGATING, []),
        (Status.IDENTIFIED, ["acknowledged_at"]),
        (Status.MONITORING, ["mitigated_at", "acknowledged_at"]),
        (Status.RESOLVED, ["resolved_at", "mitigated_at", "acknowledged_at"]),
        (Status.CLOSED, ["closed_at"]),
    ],
)
def test_a_status_sets_the_milestones_that_it_says_were_reached_and_never_a_known_one(
    after: Status, sets: list[str]
) -> None:
    assert milestones_of(after, dict.fromkeys(MILESTONES)) == sets
    for name in sets:
        assert milestones_of(after, {name: at(0)}) == [other for other in sets if other != name]
    assert milestones_of(after, dict.fromkeys(MILESTONES, at(0))) == []


@pytest.mark.parametrize(("known", "name"), list(permutations(ORDERED_MILESTONES, 2)))
def test_a_milestone_fits_where_checking_the_order_would_pass(known: str, name: str) -> None:
    for minute in (-1, 0, 1):
        milestones = {known: at(0)}
        try:
            check_milestones(milestones | {name: at(minute)}, now=NOW)
        except IncidentError:
            assert not fits(name, at(minute), milestones)
        else:
            assert fits(name, at(minute), milestones)
