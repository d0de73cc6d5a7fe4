"""Points in time drawn from all that a replica goes back to."""

import random
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recovery.services.sampling import sample_points

NEWEST = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
KEPT = timedelta(hours=72)


@given(
    seconds=st.floats(min_value=0, max_value=10**7),
    count=st.integers(min_value=0, max_value=20),
    seed=st.integers(),
)
def test_points_lie_within_and_are_as_many_as_asked_for_at_most(seconds: float, count: int, seed: int) -> None:
    oldest = NEWEST - timedelta(seconds=seconds)
    points = sample_points(oldest, NEWEST, count=count, chance=random.Random(seed))
    assert len(points) <= count
    assert points == sorted(set(points))
    assert all(oldest < point < NEWEST and point.microsecond == 0 for point in points)


@pytest.mark.parametrize("count", [1, 2, 5])
def test_each_part_of_the_time_has_its_point(count: int) -> None:
    for seed in range(50):
        points = sample_points(NEWEST - KEPT, NEWEST, count=count, chance=random.Random(seed))
        start = NEWEST - KEPT + timedelta(hours=2)
        length = (NEWEST - start) / count
        parts = [(point - timedelta(seconds=1) - start) // length for point in points]
        assert parts == list(range(count))


def test_over_the_weeks_every_hour_is_reached() -> None:
    chance = random.Random(1)
    points = [point for _ in range(300) for point in sample_points(NEWEST - KEPT, NEWEST, count=2, chance=chance)]
    hours = {int((NEWEST - point).total_seconds() // 3600) for point in points}
    assert hours >= set(range(70))


def test_what_retention_is_about_to_remove_is_left_out() -> None:
    for seed in range(50):
        (point,) = sample_points(NEWEST - KEPT, NEWEST, count=1, chance=random.Random(seed))
        assert point > NEWEST - KEPT + timedelta(hours=2)
        (point,) = sample_points(NEWEST - timedelta(minutes=10), NEWEST, count=1, chance=random.Random(seed))
        assert point > NEWEST - timedelta(minutes=9)


def test_a_replica_that_is_a_moment_old_has_no_points() -> None:
    assert sample_points(NEWEST, NEWEST, count=3, chance=random.Random(1)) == []
    assert sample_points(NEWEST + timedelta(seconds=5), NEWEST, count=3, chance=random.Random(1)) == []
