"""What the watch of the demonstration saw: every minute of a day, and every hour before."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from random import Random

from recovery.models import DiskUsage, Measurement, Replica
from recovery.services.demonstration.story import DatabaseStory, ReplicaStory

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
DISK_BYTES = 80_000_000_000
# Three weeks before the end, the logs of the guide's incident fill the disk for two days.
FULL_FROM, FULL_UNTIL = timedelta(days=21), timedelta(days=19)
FULL_DISK, FULL_PERCENT = "demo-app", 93.0


def moments(*, begin: datetime, end: datetime) -> Iterator[datetime]:
    """As the watch keeps them, oldest first."""
    moment = begin.replace(minute=0, second=0, microsecond=0)
    while moment < end - DAY:
        yield moment
        moment += HOUR
    moment = end - DAY
    while moment <= end:
        yield moment
        moment += MINUTE


def tell_lags(
    story: ReplicaStory, replica: Replica, chance: Random, *, begin: datetime, end: datetime
) -> list[Measurement]:
    """How far a replica was behind; one made now and then ages until the next is made by night."""
    if story.lag is None:
        return []
    low, high = story.lag
    is_made_by_night = high > 3600
    rows = []
    for moment in moments(begin=begin, end=end):
        if is_made_by_night:
            seconds = float((moment - timedelta(hours=2)).hour * 3600 + moment.minute * 60)
        else:
            seconds = round(chance.uniform(low, high) * (12 if chance.random() < 0.003 else 1), 3)
        newest = moment - timedelta(seconds=seconds)
        rows.append(Measurement(replica=replica, at=moment, lag_seconds=seconds, newest_at=newest))
    return rows


def tell_disk(story: DatabaseStory, path: str, chance: Random, *, begin: datetime, end: datetime) -> list[DiskUsage]:
    """How full the disk of a database was; that of the first one was nearly full once."""
    if story.disk is None:
        return []
    low, high = story.disk
    rows = []
    for moment in moments(begin=begin, end=end):
        percent = low + (high - low) * ((moment - begin) / (end - begin)) + chance.uniform(-0.4, 0.4)
        if story.name == FULL_DISK and FULL_UNTIL < end - moment <= FULL_FROM:
            percent = FULL_PERCENT - 8 * ((end - moment - FULL_UNTIL) / (FULL_FROM - FULL_UNTIL))
        rows.append(
            DiskUsage(path=path, at=moment, total_bytes=DISK_BYTES, used_bytes=round(DISK_BYTES * percent / 100))
        )
    return rows
