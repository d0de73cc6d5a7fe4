"""The demonstration: the same each time, marked, harmless, and gone without a trace."""

import itertools
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db.models import Model

from notifications.models import Notification
from recovery.errors import RecoveryError
from recovery.models import Alarm, Check, Database, DiskUsage, Measurement, Replica, RestoreTest, SkippedRun
from recovery.services.demonstration.history import load_demonstration, remove_demonstration
from recovery.services.demonstration.story import ROOT
from recovery.services.disks import list_paths
from recovery.services.lapses import check_lapses
from recovery.services.restore_tests import create_restore_test
from tests.factories import NOW, make_check, make_database, make_replica, make_restore_test

pytestmark = pytest.mark.django_db
Status = RestoreTest.Status
MODELS: tuple[type[Model], ...] = (
    Alarm,
    Check,
    Database,
    DiskUsage,
    Measurement,
    Replica,
    RestoreTest,
    SkippedRun,
    Notification,
)


def everything() -> dict[str, list[Any]]:
    return {model.__name__: [*model._default_manager.order_by("pk").values()] for model in MODELS}


def figures() -> list[tuple[Any, ...]]:
    names = ("replica__database__name", "replica__name", "requested_at", "status", "rto_seconds", "rpo_seconds")
    return [*RestoreTest.objects.order_by("number").values_list(*names)]


def test_two_histories_are_the_same() -> None:
    load_demonstration(weeks=3, now=NOW)
    first = figures()
    load_demonstration(weeks=3, now=NOW)
    assert figures() == first
    assert Database.objects.count() == 4


def test_every_ending_every_method_and_every_origin_is_in_it() -> None:
    made = load_demonstration(weeks=8, now=NOW)
    tests = RestoreTest.objects.all()
    assert made.tests == tests.count() > 200
    assert {*tests.values_list("status", flat=True)} == {"passed", "failed", "timed_out", "inconclusive"}
    assert {*tests.values_list("replica__method", flat=True)} == {*Replica.Method.values}
    assert {*tests.values_list("origin", flat=True)} == {*RestoreTest.Origin.values}
    assert tests.filter(target_at__isnull=False).exists()
    assert tests.exclude(loss={}).count() == 1
    assert {*Alarm.objects.filter(closed_at=None).values_list("kind", flat=True)} == {"failed", "lapsed"}
    assert SkippedRun.objects.exists()


def test_the_history_grows_slowly_and_lies_in_the_past() -> None:
    load_demonstration(weeks=8, now=NOW)
    passed = RestoreTest.objects.filter(replica__name="s3", replica__database__name="demo-app", target_at=None)
    passed = passed.filter(status="passed").order_by("number")
    first, last = passed[0], passed[passed.count() - 1]
    assert first.row_count < last.row_count
    assert first.rto_seconds is not None
    assert last.rto_seconds is not None
    assert first.rto_seconds < last.rto_seconds < 2 * first.rto_seconds
    moments = [*RestoreTest.objects.order_by("number").values_list("requested_at", flat=True)]
    assert moments == sorted(moments)
    assert moments[-1] < NOW
    assert RestoreTest.objects.filter(finished_at__gt=NOW).count() == 0


def test_the_watch_is_thinned_as_a_real_one_is() -> None:
    load_demonstration(weeks=3, now=NOW)
    replica = Replica.objects.get(name="s3", database__name="demo-app")
    seen = [*replica.measurements.values_list("at", flat=True)]
    gaps = {later - earlier for earlier, later in itertools.pairwise(seen)}
    assert gaps <= {timedelta(hours=1), timedelta(minutes=1)}
    assert (replica.checked_at, seen[-1]) == (NOW, NOW)
    assert DiskUsage.objects.filter(at__gte=NOW - timedelta(days=1), path__endswith="app.db").count() == 1441


def test_removing_leaves_everything_else_as_it_was() -> None:
    database = make_database("app")
    test = make_restore_test(make_replica(database))
    make_check(database)
    Measurement.objects.create(replica=test.replica, at=NOW, lag_seconds=1)
    DiskUsage.objects.create(path=database.path, at=NOW, total_bytes=2, used_bytes=1)
    Alarm.objects.create(kind="failed", database=database, subject="x", reason="Gone", opened_at=NOW)
    before = everything()
    load_demonstration(weeks=3, now=NOW)
    assert everything() != before
    assert remove_demonstration() == 4
    assert everything() == before
    assert remove_demonstration() == 0


def test_nothing_of_it_can_be_tested_is_watched_or_notifies() -> None:
    load_demonstration(weeks=3, now=NOW)
    for replica in Replica.objects.all():
        with pytest.raises(RecoveryError, match="demonstration"):
            create_restore_test(replica, actor=None, now=NOW)
    check_lapses(now=NOW + timedelta(days=365))
    assert list_paths() == {}
    assert not Notification.objects.exists()
    assert not RestoreTest.objects.filter(status__in=(Status.PENDING, Status.RUNNING)).exists()


def test_no_real_path_is_in_it() -> None:
    load_demonstration(weeks=3, now=NOW)
    places = [*Database.objects.values_list("path", flat=True), *Replica.objects.values_list("destination", flat=True)]
    assert all(place.startswith(f"{ROOT}/") for place in places if place.startswith("/"))
    assert not Path(ROOT).exists()


def test_a_real_database_keeps_its_name() -> None:
    real = make_database("demo-blog")
    with pytest.raises(RecoveryError, match="demo-blog"):
        load_demonstration(weeks=3, now=NOW)
    assert [*Database.objects.all()] == [real]


@pytest.mark.parametrize("weeks", [-1, 0, 2, 105])
def test_a_history_has_weeks(weeks: int) -> None:
    with pytest.raises(RecoveryError, match="weeks"):
        load_demonstration(weeks=weeks, now=NOW)
