from datetime import UTC, datetime, timedelta
from itertools import pairwise, product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from incidents.lifecycle import Status
from incidents.phases import BOUNDARIES, divide

DAY = datetime(2024, 3, 10, 14, 0, tzinfo=UTC)
SLOTS = ["undetected", "unacknowledged", "being_mitigated", "being_resolved"]


def at(minute: float) -> datetime:
    return DAY + timedelta(minutes=minute)


def known(*names: str) -> dict[str, datetime]:
    """These milestones, a minute apart for each place in the order."""
    return {name: at(BOUNDARIES.index(name)) for name in names}


@pytest.mark.parametrize("is_known", list(product([True, False], repeat=len(BOUNDARIES))))
def test_whatever_is_known_each_stage_is_in_one_phase(is_known: tuple[bool, ...]) -> None:
    names = [name for name, yes in zip(BOUNDARIES, is_known, strict=True) if yes]
    phases = divide(known(*names), Status.RESOLVED, is_over=True)
    assert phases is not None
    assert len(phases) == max(len(names) - 1, 0)
    assert all(before.end == after.start for before, after in pairwise(phases))
    covered = [stage for phase in phases for stage in phase.stages]
    if names:
        assert covered == SLOTS[BOUNDARIES.index(names[0]) : BOUNDARIES.index(names[-1])]


def test_what_parts_two_stages_being_unknown_they_are_one_phase() -> None:
    phases = divide(known("impact_started_at", "acknowledged_at", "resolved_at"), Status.RESOLVED, is_over=True)
    assert phases is not None
    assert [(phase.label, phase.key, phase.seconds(DAY)) for phase in phases] == [
        ("Undetected, then unacknowledged", "mixed", 120),
        ("Being mitigated, then being resolved", "mixed", 120),
    ]


@pytest.mark.parametrize(
    ("milestones", "status", "stages"),
    [
        ({}, "investigating", ("unacknowledged",)),
        (known("detected_at"), "investigating", ("unacknowledged",)),
        (known("impact_started_at"), "investigating", ("undetected", "unacknowledged")),
        (known("detected_at", "acknowledged_at"), "investigating", ("being_mitigated",)),
        ({}, "identified", ("unacknowledged", "being_mitigated")),
        (known("acknowledged_at"), "monitoring", ("being_mitigated", "being_resolved")),
        (known("acknowledged_at", "mitigated_at"), "monitoring", ("being_resolved",)),
        (known("impact_started_at", "mitigated_at"), "investigating", ("being_resolved",)),
    ],
)
def test_an_ongoing_incident_ends_openly_in_the_stage_that_its_status_tells(
    milestones: dict[str, datetime], status: str, stages: tuple[str, ...]
) -> None:
    phases = divide({"declared_at": at(0.5)} | milestones, status, is_over=False)
    assert phases
    assert (phases[-1].end, phases[-1].stages) == (None, stages)
    assert phases[-1].start == max([*milestones.values()] or [at(0.5)])


def test_a_declaration_begins_the_course_where_nothing_before_acknowledging_is_known() -> None:
    phases = divide({"declared_at": at(0)} | known("acknowledged_at", "resolved_at"), Status.RESOLVED, is_over=True)
    assert phases is not None
    assert [(phase.start_name, phase.label) for phase in phases] == [
        ("declared_at", "Unacknowledged"),
        ("acknowledged_at", "Being mitigated, then being resolved"),
    ]


def test_a_declaration_afterwards_is_no_part_of_the_course() -> None:
    assert divide({"declared_at": at(90), "resolved_at": at(30)}, Status.RESOLVED, is_over=True) == []


def test_times_out_of_order_have_no_course() -> None:
    assert divide({"impact_started_at": at(1), "detected_at": at(0)}, Status.RESOLVED, is_over=True) is None


def test_a_clock_that_is_behind_makes_no_negative_length() -> None:
    phases = divide({"declared_at": at(0)}, Status.INVESTIGATING, is_over=False)
    assert phases
    assert phases[-1].seconds(at(-1)) == 0


@settings(deadline=None)
@given(st.lists(st.integers(0, 10**7), min_size=5, max_size=5), st.sampled_from(list(Status)[:3]))
def test_the_lengths_add_up_to_the_whole(seconds: list[int], status: Status) -> None:
    instants = [DAY + timedelta(seconds=second) for second in sorted(seconds)]
    phases = divide(dict(zip(BOUNDARIES[:4], instants[:4], strict=True)), status, is_over=False)
    assert phases is not None
    now = instants[4]
    assert sum(phase.seconds(now) for phase in phases) == (now - instants[0]).total_seconds()
