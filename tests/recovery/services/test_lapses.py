"""A database that nobody has proven restorable for too long."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from notifications.models import Notification
from recovery.models import Alarm, Database, Replica
from recovery.services.lapses import check_lapses
from tests.factories import NOW, make_database, make_replica, make_restore_test

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def registered(days_ago: float, name: str = "shop", **facts: object) -> Replica:
    database = make_database(name, **facts)
    Database.objects.filter(pk=database.pk).update(created_at=NOW - days_ago * DAY)
    return make_replica(Database.objects.get(pk=database.pk))


def levels() -> list[str]:
    check_lapses(now=NOW)
    return list(Notification.objects.order_by("pk").values_list("level", flat=True))


def test_it_lapses_once_and_is_over_when_proven() -> None:
    replica = registered(9)
    assert [levels(), levels()] == [["critical"]] * 2
    assert Notification.objects.get().text == (
        "It is to be proven restorable at least every 8 days. No restore test of it has ever passed."
    )
    make_restore_test(replica, finished_at=NOW)
    assert [levels(), levels()] == [["critical", "recovered"]] * 2


@pytest.mark.parametrize(("days", "is_lapsed"), [(7.9, False), (8, False), (8.01, True)])
def test_the_days_count_from_the_last_proof(days: float, is_lapsed: bool) -> None:
    replica = registered(100)
    make_restore_test(replica, finished_at=NOW - timedelta(days=30))
    make_restore_test(replica, finished_at=NOW - timedelta(days=days))
    assert bool(levels()) == is_lapsed
    if is_lapsed:
        assert Notification.objects.get().text.endswith("The last restore test that passed ended on 2026-11-14.")


@pytest.mark.parametrize(("days", "is_lapsed"), [(7.9, False), (8.01, True)])
def test_without_a_proof_they_count_from_the_registration(days: float, is_lapsed: bool) -> None:
    registered(days)
    assert bool(levels()) == is_lapsed


@pytest.mark.parametrize(
    "facts",
    [
        {"status": "inconclusive"},
        {"status": "failed"},
        {"status": "timed_out"},
        {"status": "running"},
        {"status": "passed", "target_at": NOW},
    ],
)
def test_only_a_passed_test_of_the_latest_state_proves_anything(facts: dict[str, object]) -> None:
    make_restore_test(registered(9), **facts)
    assert levels() == ["critical"]


def test_a_report_from_elsewhere_proves_and_silence_there_is_a_failure() -> None:
    replica = registered(9, host="db1.example.org")
    make_restore_test(replica, origin="reported", trigger="api")
    assert levels() == []
    registered(9, "silent", host="db2.example.org")
    assert levels() == ["critical"]


def test_one_replica_that_is_proven_is_enough_and_none_at_all_is_not() -> None:
    make_restore_test(registered(9))
    make_replica(Database.objects.get(), name="other")
    assert levels() == []
    registered(9, "bare").delete()
    assert levels() == ["critical"]


def test_without_an_objective_nothing_lapses_and_taking_it_back_ends_the_alarm() -> None:
    registered(1000, proof_objective_days=None)
    assert levels() == []
    Database.objects.update(proof_objective_days=1)
    assert levels() == ["critical"]
    assert "at least every day" in Alarm.objects.get().reason
    Database.objects.update(proof_objective_days=None)
    assert levels() == ["critical", "recovered"]


def test_demonstration_data_does_not_lapse() -> None:
    registered(1000, is_demonstration=True)
    assert levels() == []


def test_many_databases_take_no_more_queries() -> None:
    counts = []
    for number in range(1, 6):
        make_restore_test(registered(1, f"shop-{number}"))
        with CaptureQueriesContext(connection) as captured:
            check_lapses(now=NOW)
        counts.append(len(captured))
    assert len(set(counts)) == 1
