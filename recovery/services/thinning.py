"""The history of the watch: every minute of a day, then one an hour for 90 days, then nothing."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any

from django.db.models import F, OrderBy, QuerySet, Window
from django.db.models.functions import RowNumber, TruncHour

from recovery.models import DiskUsage, Measurement

EVERY_MINUTE_FOR = timedelta(days=1)
EVERY_HOUR_FOR = timedelta(days=90)
# So few that whoever else wants to write waits for milliseconds.
BATCH = 500


def thin_history(*, now: datetime) -> None:
    """What is older than a day has one row for each hour, the worst: the longest lag, the fullest disk.

    A lag that was unknown counts only where nothing is known of the whole hour. What is older than 90 days is gone.
    """
    by_lag = F("lag_seconds").desc(nulls_last=True)
    _thin(Measurement.objects.all(), subject="replica", worst_first=by_lag, now=now)
    by_use = F("used_bytes").desc()
    _thin(DiskUsage.objects.all(), subject="path", worst_first=by_use, now=now)


def _thin(rows: QuerySet[Any], *, subject: str, worst_first: OrderBy, now: datetime) -> None:
    rows = rows.order_by()
    _delete(rows, rows.filter(at__lt=now - EVERY_HOUR_FOR))
    # Whole hours alone: the worst of one that is not over may be yet to come.
    until = (now - EVERY_MINUTE_FOR).replace(minute=0, second=0, microsecond=0)
    hour = TruncHour("at", tzinfo=UTC)
    rank = Window(RowNumber(), partition_by=[F(subject), hour], order_by=[worst_first, F("at").asc()])
    _delete(rows, rows.filter(at__lt=until).annotate(rank=rank).filter(rank__gt=1))


def _delete(rows: QuerySet[Any], doomed: QuerySet[Any]) -> None:
    # Read before the first is deleted: a reading that goes on would keep the log of the database from being emptied.
    for keys in _batches(list(doomed.values_list("pk", flat=True))):
        rows.filter(pk__in=keys).delete()


def _batches(keys: Iterable[int]) -> Iterator[list[int]]:
    rest = iter(keys)
    while batch := list(islice(rest, BATCH)):
        yield batch
