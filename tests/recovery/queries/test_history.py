"""Tests and skipped runs, as they are asked for."""

from datetime import timedelta

import pytest

from accounts.models import User
from recovery.models import SkippedRun
from recovery.queries import (
    HistoryFilter,
    filter_restore_tests,
    list_skipped_between,
    previous_passed,
)
from tests.factories import NOW, make_database, make_replica, make_restore_test

pytestmark = pytest.mark.django_db


def test_the_test_before_is_the_last_of_the_same_replica_that_passed() -> None:
    replica = make_replica()
    passed = make_restore_test(replica)
    make_restore_test(replica, status="failed")
    make_restore_test(make_replica(replica.database, name="other"))
    make_restore_test(replica, target_at=NOW)
    test = make_restore_test(replica)
    make_restore_test(replica)
    assert previous_passed(test) == passed
    assert previous_passed(passed) is None


@pytest.mark.parametrize(
    ("wanted", "count"),
    [
        (HistoryFilter(), 5),
        (HistoryFilter(status="failed"), 1),
        (HistoryFilter(target="latest"), 4),
        (HistoryFilter(target="point_in_time"), 1),
        (HistoryFilter(origin="reported"), 1),
        (HistoryFilter(method="file_copy"), 1),
        (HistoryFilter(database="shop", replica="local"), 4),
        (HistoryFilter(demonstration="no"), 4),
        (HistoryFilter(demonstration="yes"), 1),
        (HistoryFilter(database="gone"), 0),
    ],
)
def test_a_filter_finds_what_it_says(viewer: User, wanted: HistoryFilter, count: int) -> None:
    replica = make_replica()
    make_restore_test(replica)
    make_restore_test(replica, status="failed")
    make_restore_test(replica, target_at=NOW)
    make_restore_test(replica, origin="reported")
    make_restore_test(make_replica(make_database("demo", is_demonstration=True), method="file_copy"))
    assert filter_restore_tests(wanted, viewer).count() == count


def test_skipped_runs_lie_between_two_moments() -> None:
    replica = make_replica()
    other = make_replica(replica.database, name="other")
    runs = [
        SkippedRun.objects.create(
            database=replica.database, replica=of, due_at=NOW - timedelta(days=day), reason="Busy"
        )
        for day, of in enumerate((None, replica, other))
    ]
    assert list_skipped_between(replica.database, after=None, until=None) == runs
    assert list_skipped_between(replica.database, after=NOW - timedelta(days=1), until=NOW) == runs[:1]
    assert list_skipped_between(replica.database, after=None, until=None, replica="local") == runs[:2]
