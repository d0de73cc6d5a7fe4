"""What was measured over time."""

from datetime import timedelta

import pytest

from recovery.models import Alarm, DiskUsage, Measurement
from recovery.queries import (
    list_disk_usage,
    list_lags,
    list_measured_tests,
    list_newest_disk_usage,
    list_open_alarms,
    list_recent_endings,
)
from recovery.queries.measurements import SPARKLINE_TESTS
from tests.factories import NOW, make_database, make_replica, make_restore_test

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def use(path: str, hours_ago: float, used: int, total: int = 100) -> DiskUsage:
    return DiskUsage.objects.create(path=path, at=NOW - hours_ago * HOUR, total_bytes=total, used_bytes=used)


def test_charts_are_of_finished_tests_of_the_latest_state_in_the_last_90_days() -> None:
    replica = make_replica()
    make_restore_test(replica, finished_at=NOW - timedelta(days=91))
    make_restore_test(replica, target_at=NOW)
    make_restore_test(replica, status="running")
    make_restore_test(replica, status="failed", rto_seconds=None)
    assert list_measured_tests(replica.database, now=NOW) == [("local", NOW, None, 0.4, "failed")]
    assert list_measured_tests(replica.database, now=NOW, replica="other") == []


def test_lags_are_those_of_the_database_since_then() -> None:
    replica, other = make_replica(), make_replica(make_database("other"))
    for of, hours in ((replica, 30), (replica, 2), (replica, 1), (other, 1)):
        Measurement.objects.create(replica=of, at=NOW - hours * HOUR, lag_seconds=hours)
    found = list_lags(replica.database, since=NOW - 24 * HOUR)
    assert [lag for _name, _at, lag in found] == [2, 1]


def test_the_newest_look_at_a_disk_counts_unless_it_is_old_or_found_nothing() -> None:
    use("/data", 1, 50)
    newest = use("/data", 0.5, 60)
    use("/old", 30, 50)
    use("/gone", 0.1, 0, total=0)
    assert list_newest_disk_usage(["/data", "/old", "/gone", "/never"], now=NOW) == {"/data": newest}
    assert list_newest_disk_usage([], now=NOW) == {}
    assert len(list_disk_usage(["/data", "/gone"], since=NOW - HOUR)) == 2


def test_a_sparkline_is_of_the_last_tests_of_each_database() -> None:
    first, second = make_replica(), make_replica(make_database("other"))
    for number in range(SPARKLINE_TESTS + 3):
        make_restore_test(first, rto_seconds=number)
    make_restore_test(second, rto_seconds=99)
    found = list_recent_endings([first.database_id, second.database_id])
    rtos = [rto for database, *_facts, rto, _status in found if database == first.database_id]
    assert rtos == [*range(3, SPARKLINE_TESTS + 3)]
    assert len(found) == SPARKLINE_TESTS + 1


def test_open_alarms_of_real_databases_come_first() -> None:
    shown, real = make_database("demo", is_demonstration=True), make_database("real")
    alarms = [
        Alarm.objects.create(kind="failed", database=of, subject=str(n), reason="Gone", opened_at=NOW - n * HOUR)
        for n, of in enumerate((shown, real))
    ]
    Alarm.objects.create(kind="disk", database=real, subject="x", reason="Full", opened_at=NOW, closed_at=NOW)
    assert list_open_alarms() == alarms[::-1]
    assert list_open_alarms(shown) == alarms[:1]
