"""What was measured over time: by restore tests, and by the watch."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import cast

from django.db.models import F, Max, Window
from django.db.models.functions import RowNumber

from recovery.models import Alarm, Database, DiskUsage, Measurement, RestoreTest
from recovery.queries.history import HistoryFilter

# As long as the watch keeps what it saw.
TESTS_SHOWN = timedelta(days=90)
SPARKLINE_TESTS = 24
# What the watch has not looked at for so long is not how it is now.
DISK_KNOWN_FOR = timedelta(hours=2)
ALARMS = 30
Row = tuple[str, datetime, float | None, float | None, str]
Ending = tuple[int, str, datetime, float | None, str]


def list_measured_tests(database: Database, *, now: datetime, replica: str = "") -> list[Row]:
    """Replica, end, RTO, RPO and status of the finished tests of the latest state in the last 90 days, oldest first."""
    wanted = HistoryFilter(database=database.name, replica=replica, target="latest")
    tests = RestoreTest.objects.filter(**wanted.conditions(), finished_at__gte=now - TESTS_SHOWN)
    rows = tests.order_by("replica__name", "finished_at")
    names = ("replica__name", "finished_at", "rto_seconds", "rpo_seconds", "status")
    # Finished: so there is an end.
    return cast("list[Row]", list(rows.values_list(*names)))


def list_lags(database: Database, *, since: datetime, replica: str = "") -> list[tuple[str, datetime, float | None]]:
    """Replica, moment and lag of what the watch saw since then, oldest first."""
    seen = Measurement.objects.filter(replica__database=database, at__gte=since)
    seen = seen.filter(replica__name=replica) if replica else seen
    return list(seen.order_by("replica__name", "at").values_list("replica__name", "at", "lag_seconds"))


def list_disk_usage(paths: Iterable[str], *, since: datetime) -> list[DiskUsage]:
    """How full the disks under these paths were since then, oldest first."""
    return list(DiskUsage.objects.filter(path__in=set(paths), at__gte=since, total_bytes__gt=0).order_by("path", "at"))


def list_newest_disk_usage(paths: Iterable[str], *, now: datetime) -> dict[str, DiskUsage]:
    """How full each disk is, by its path; left out where the watch has not looked of late."""
    seen = DiskUsage.objects.filter(path__in=set(paths), at__gte=now - DISK_KNOWN_FOR, total_bytes__gt=0)
    newest = seen.values("path").annotate(newest=Max("at")).values_list("path", "newest")
    moments = dict(newest)
    rows = DiskUsage.objects.filter(path__in=moments, at__in=set(moments.values())) if moments else ()
    return {row.path: row for row in rows if moments[row.path] == row.at}


def list_recent_endings(databases: Iterable[int]) -> list[Ending]:
    """Database, replica, end, RTO and status of the last tests of the latest state, oldest first."""
    tests = RestoreTest.objects.filter(
        replica__database__in=list(databases), finished_at__isnull=False, target_at=None
    ).annotate(
        place=Window(RowNumber(), partition_by=F("replica__database"), order_by=F("number").desc()),
    )
    rows = tests.filter(place__lte=SPARKLINE_TESTS).order_by("number")
    names = ("replica__database", "replica__name", "finished_at", "rto_seconds", "status")
    return cast("list[Ending]", list(rows.values_list(*names)))


def list_open_alarms(database: Database | None = None) -> list[Alarm]:
    """What is wrong now, the newest first; those of real databases before those of the demonstration."""
    alarms = Alarm.objects.filter(closed_at=None).select_related("database", "replica")
    if database:
        alarms = alarms.filter(database=database)
    return list(alarms.order_by("database__is_demonstration", "-opened_at", "-pk")[:ALARMS])
