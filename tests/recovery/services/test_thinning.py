"""How long the history of the watch is kept, and which of its rows."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from recovery.models import DiskUsage, Measurement, Replica
from recovery.services.thinning import BATCH, thin_history
from tests.factories import make_database, make_replica

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 22, 12, 30, tzinfo=UTC)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def measure(replica: Replica, start: datetime, lags: list[float | None]) -> None:
    Measurement.objects.bulk_create(
        Measurement(replica=replica, at=start + place * MINUTE, lag_seconds=lag) for place, lag in enumerate(lags)
    )


def kept(replica: Replica) -> list[tuple[datetime, float | None]]:
    return list(Measurement.objects.filter(replica=replica).values_list("at", "lag_seconds"))


def test_every_minute_of_a_day_stays_and_one_of_each_hour_before_it() -> None:
    replica = make_replica()
    minutes = int(3 * DAY / MINUTE)
    measure(replica, NOW - 3 * DAY, [float(place % 60) for place in range(minutes)])
    thin_history(now=NOW)
    rows = kept(replica)
    border = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
    assert [at for at, _lag in rows if at >= border] == [border + place * MINUTE for place in range(24 * 60 + 30)]
    older = [at for at, _lag in rows if at < border]
    assert len(older) == 2 * 24
    assert len({(at.date(), at.hour) for at in older}) == 48
    thin_history(now=NOW)
    assert kept(replica) == rows


def test_the_worst_of_an_hour_stays() -> None:
    replica, start = make_replica(), datetime(2026, 11, 20, 8, 0, tzinfo=UTC)
    measure(replica, start, [1.0, 7.0, None, 7.0, 2.0])
    measure(replica, start + HOUR, [None, None])
    measure(replica, start + 2 * HOUR, [None, 0.0])
    thin_history(now=NOW)
    expected = [(start + MINUTE, 7.0), (start + HOUR, None), (start + 2 * HOUR + MINUTE, 0.0)]
    assert kept(replica) == expected


def test_each_replica_keeps_its_own() -> None:
    one = make_replica()
    other = make_replica(one.database, name="other")
    start = NOW - 2 * DAY
    for replica, lag in ((one, 5.0), (other, 1.0)):
        measure(replica, start, [lag, lag + 1])
    thin_history(now=NOW)
    assert [lag for _at, lag in kept(one)] == [6.0]
    assert [lag for _at, lag in kept(other)] == [2.0]


def test_an_hour_that_is_not_a_day_old_altogether_stays_whole() -> None:
    replica = make_replica()
    measure(replica, datetime(2026, 11, 21, 12, 0, tzinfo=UTC), [1.0] * 60)
    thin_history(now=NOW)
    assert len(kept(replica)) == 60


def test_after_90_days_nothing_stays() -> None:
    replica = make_replica()
    for days in (89.9, 90.1, 400):
        measure(replica, NOW - timedelta(days=days), [1.0])
        DiskUsage.objects.create(path="/data", at=NOW - timedelta(days=days), total_bytes=10, used_bytes=5)
    thin_history(now=NOW)
    assert [NOW - at < 90 * DAY for at, _lag in kept(replica)] == [True]
    assert DiskUsage.objects.count() == 1


def test_the_fullest_of_an_hour_stays_for_each_path() -> None:
    start = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)
    for place, used in enumerate((5, 9, 7)):
        for path in ("/data", "/backups"):
            DiskUsage.objects.create(path=path, at=start + place * MINUTE, total_bytes=10, used_bytes=used)
    thin_history(now=NOW)
    assert sorted(DiskUsage.objects.values_list("path", "used_bytes")) == [("/backups", 9), ("/data", 9)]


def test_rows_go_in_small_batches() -> None:
    replicas = [make_replica(make_database(f"shop-{number}")) for number in range(3)]
    for replica in replicas:
        measure(replica, NOW - 3 * DAY, [1.0] * 1440)
    with CaptureQueriesContext(connection) as captured:
        thin_history(now=NOW)
    deletions = [query["sql"] for query in captured if query["sql"].startswith("DELETE")]
    assert len(deletions) >= 3 * 1416 / BATCH
    assert max(sql.count(",") for sql in deletions) < BATCH
    assert Measurement.objects.count() == 3 * 25
