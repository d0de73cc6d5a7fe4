"""How each database stands, and in what order they are shown."""

from datetime import datetime, timedelta

import pytest

from recovery.models import Database, Replica, RestoreTest
from recovery.queries.readiness import Readiness, find_readiness, is_lapsed, list_readiness
from tests.factories import NOW, make_database, make_incident, make_replica, make_restore_test

pytestmark = pytest.mark.django_db


def shown(name: str, *endings: str, days: float = 1, **facts: object) -> Database:
    """A database with one replica and tests that ended so, the last of them so many days ago."""
    replica = make_replica(make_database(name))
    for status in endings:
        make_restore_test(replica, status=status, finished_at=NOW - timedelta(days=days), **facts)
    return replica.database


def readiness(database: Database) -> Readiness:
    return find_readiness(database, now=NOW).readiness


@pytest.mark.parametrize(
    ("endings", "days", "expected"),
    [
        (["passed"], 1, Readiness.PROVEN),
        (["passed"], 8, Readiness.PROVEN),
        (["passed"], 8.01, Readiness.LAPSED),
        (["passed", "failed"], 1, Readiness.FAILING),
        (["passed", "timed_out"], 1, Readiness.FAILING),
        (["failed", "passed"], 1, Readiness.PROVEN),
        (["passed", "inconclusive"], 1, Readiness.DOUBTFUL),
        (["passed", "inconclusive"], 9, Readiness.LAPSED),
        (["passed", "failed"], 9, Readiness.FAILING),
        (["inconclusive"], 1, Readiness.UNPROVEN),
        ([], 1, Readiness.UNPROVEN),
    ],
)
def test_what_the_last_tests_say(endings: list[str], days: float, expected: Readiness) -> None:
    assert readiness(shown("shop", *endings, days=days)) == expected


def test_a_test_that_has_not_finished_says_nothing() -> None:
    database = shown("shop", "passed")
    make_restore_test(database.replicas.get(), status="running")
    assert readiness(database) == Readiness.PROVEN


def test_a_point_in_time_proves_nothing_but_its_failure_counts() -> None:
    assert readiness(shown("shop", "passed", target_at=NOW)) == Readiness.UNPROVEN
    database = shown("blog", "passed")
    make_restore_test(database.replicas.get(), status="failed", target_at=NOW, trigger="schedule")
    assert readiness(database) == Readiness.FAILING


@pytest.mark.parametrize("trigger", ["person", "command", "incident"])
def test_a_point_in_time_that_somebody_asked_for_speaks_against_nothing(trigger: str) -> None:
    database = shown("shop", "passed")
    replica = database.replicas.get()
    make_restore_test(replica, status="failed", target_at=NOW, trigger=trigger)
    assert readiness(database) == Readiness.PROVEN
    # Nor does it hide what does.
    make_restore_test(replica, status="failed", target_at=NOW, trigger="schedule")
    make_restore_test(replica, status="failed", target_at=NOW, trigger=trigger)
    make_restore_test(replica, status="passed", target_at=NOW, trigger=trigger)
    assert readiness(database) == Readiness.FAILING
    make_restore_test(replica, status="passed")
    assert readiness(database) == Readiness.PROVEN


@pytest.mark.parametrize(("ending", "expected"), [("failed", Readiness.FAILING), ("inconclusive", Readiness.DOUBTFUL)])
def test_a_point_in_time_that_comes_back_takes_no_failure_of_the_latest_state_away(
    ending: str, expected: Readiness
) -> None:
    database = shown("shop", "passed", ending)
    failed = RestoreTest.objects.get(status=ending)
    make_restore_test(database.replicas.get(), status="passed", target_at=NOW)
    found = find_readiness(database, now=NOW)
    assert found.readiness == expected
    assert found.trouble
    assert found.trouble.unpassed
    assert found.trouble.unpassed.number == failed.number


def test_one_replica_that_fails_is_told_beside_the_proof_of_another() -> None:
    database = shown("shop", "passed")
    far = make_replica(database, name="far")
    failed = make_restore_test(far, status="failed", finished_at=NOW)
    found = find_readiness(database, now=NOW)
    assert found.readiness == Readiness.FAILING
    assert found.trouble
    assert found.trouble.name == "far"
    assert found.trouble.unpassed
    assert found.trouble.unpassed.number == failed.number
    assert found.proven_by
    assert found.proven_by.name == "local"


def test_a_failure_that_was_accepted_is_no_trouble() -> None:
    database = shown("shop", "passed", "failed")
    Replica.objects.update(accepted_test=RestoreTest.objects.get(status="failed"))
    assert readiness(database) == Readiness.PROVEN


def test_the_proof_is_the_newest_of_all_replicas() -> None:
    database = shown("shop", "passed", days=2)
    newest = make_restore_test(make_replica(database, name="far"), finished_at=NOW - timedelta(hours=1))
    proof = find_readiness(database, now=NOW).proof
    assert proof
    assert proof.number == newest.number


def test_without_an_objective_nothing_lapses() -> None:
    database = shown("shop", "passed", days=400)
    Database.objects.update(proof_objective_days=None)
    assert readiness(database) == Readiness.PROVEN


def test_those_that_need_somebody_come_first() -> None:
    shown("a-proven", "passed")
    shown("b-doubtful", "passed", "inconclusive")
    shown("c-untested")
    shown("d-lapsed", "passed", days=30)
    shown("e-failing", "failed")
    names = [one.name for one in list_readiness(now=NOW)]
    assert names == ["e-failing", "d-lapsed", "c-untested", "b-doubtful", "a-proven"]


@pytest.mark.parametrize(
    ("proven_at", "days", "expected"),
    [
        (NOW - timedelta(days=8), 8, False),
        (NOW - timedelta(days=8, seconds=1), 8, True),
        (None, 8, True),
        (NOW - timedelta(days=99), None, False),
    ],
)
def test_a_proof_lapses_after_its_objective(proven_at: datetime | None, days: int | None, *, expected: bool) -> None:
    assert is_lapsed(proven_at, since=NOW - timedelta(days=9), objective_days=days, now=NOW) == expected


def test_the_lag_shown_is_that_of_the_replica_furthest_behind() -> None:
    database = make_database()
    for name, lag in (("near", 0.2), ("far", 90.0)):
        make_replica(database, name=name, lag_seconds=lag, checked_at=NOW)
    make_replica(database, name="unwatched")
    slowest = find_readiness(database, now=NOW).slowest
    assert slowest
    assert slowest.name == "far"
    make_replica(database, name="silent", lag_seconds=None, checked_at=NOW)
    slowest = find_readiness(database, now=NOW).slowest
    assert slowest
    assert slowest.name == "silent"


@pytest.mark.parametrize("visibility", ["open", "restricted"])
def test_the_drill_of_a_restricted_incident_is_no_newest_test(visibility: str) -> None:
    database = shown("shop", "passed")
    known = RestoreTest.objects.get()
    incident = make_incident(visibility=visibility)
    drill = make_restore_test(database.replicas.get(), incident=incident, target_at=NOW, trigger="incident")
    newest = find_readiness(database, now=NOW).newest_test
    assert newest
    assert newest.number == (drill.number if visibility == "open" else known.number)
