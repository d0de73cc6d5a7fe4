"""The watch: once a minute, how far every replica is behind, and how full the disks are."""

import logging
import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path

from django.conf import settings
from django.core.cache import cache
from django.utils.translation import gettext as _

from recovery.errors import RecoveryError, RestoreStopped, RestoreTimedOut
from recovery.methods.backup import Description, Lag
from recovery.methods.deadline import Deadline
from recovery.methods.lookouts import Lookouts
from recovery.methods.process import Bounds
from recovery.models import Alarm, Measurement, Replica
from recovery.services.alarms import close_alarm, list_open_subjects, open_alarm, replica_subject
from recovery.services.backups import open_backup
from recovery.services.disks import watch_disks
from recovery.services.lag import LOOK_BACK, Seen, Verdict, judge_lag, judge_silence, lag_limit
from recovery.services.sources import describe_elsewhere

logger = logging.getLogger(__name__)
AT_ONCE = 8
# For one replica, for all of them, and for the disks after them: together less than the minute until the next watch.
SECONDS_EACH, SECONDS_ALL, SECONDS_DISKS = 20.0, 40.0, 5.0
# A tool that is out of time is ended first; only what cannot be ended is left behind.
SECONDS_ENDING = 3.0
# It goes by itself where the watch that holds it was killed. Two watches at the same time would only work for nothing.
LOCK, LOCK_SECONDS = "recovery.watch", 55
FOLDER_PREFIX = "watch-"
REASON_LENGTH = 500

_lookouts: Lookouts[int, "Sight"] = Lookouts(AT_ONCE)


@dataclass(frozen=True)
class Sight:
    """What one look at a replica found; without a description, `lag.reason` says why."""

    lag: Lag
    description: Description | None = None


def watch_replicas(*, now: datetime) -> None:
    """What is known of every replica within reach and of every disk is a minute old at most, and alarms follow it.

    Takes less than a minute, however many of them do not answer, and does nothing while another watch is under way.
    """
    if not cache.add(LOCK, now.isoformat(), LOCK_SECONDS):
        return
    try:
        replicas = list(list_watched())
        sights = _look_at_all(replicas)
        _write_down(replicas, sights, now)
        _raise_lag_alarms(replicas, now)
        watch_disks(now=now, seconds=SECONDS_DISKS)
    finally:
        cache.delete(LOCK)


def list_watched() -> Sequence[Replica]:
    """The replicas that Debrief reaches, those first that it has not looked at for longest."""
    ready = Replica.objects.reached().filter(status=Replica.Status.READY).select_related("database")
    return sorted(ready, key=lambda replica: (replica.checked_at is not None, replica.checked_at or 0, replica.pk))


def _look_at_all(replicas: Sequence[Replica]) -> dict[int, Sight]:
    settings.SCRATCH_DIR.mkdir(mode=0o700, parents=True, exist_ok=True)
    for left_behind in settings.SCRATCH_DIR.glob(f"{FOLDER_PREFIX}*"):
        shutil.rmtree(left_behind, ignore_errors=True)
    folder = Path(tempfile.mkdtemp(prefix=FOLDER_PREFIX, dir=settings.SCRATCH_DIR))
    try:
        looks = {replica.pk: partial(_look_at, replica, folder / str(replica.pk)) for replica in replicas}
        found = _lookouts.gather(looks, seconds=SECONDS_ALL, each=SECONDS_EACH + SECONDS_ENDING)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    silent = Sight(Lag(None, _("It did not answer within %(seconds)d seconds.") % {"seconds": SECONDS_EACH}))
    return {replica.pk: found.get(replica.pk, silent) for replica in replicas}


def _look_at(replica: Replica, folder: Path) -> Sight:
    """Runs in a thread of its own, for following a path can hang. The row is loaded, so nothing is asked of it."""
    try:
        folder.mkdir(mode=0o700)
        bounds = Bounds(folder=folder, deadline=Deadline(SECONDS_EACH))
        backup = open_backup(replica)
        if replica.database.is_file_elsewhere:
            return Sight(Lag(None, describe_elsewhere(replica.database)), backup.describe(bounds))
        return Sight(lag=backup.lag(bounds), description=backup.describe(bounds))
    except RestoreTimedOut:
        return Sight(Lag(None, _("It did not answer within %(seconds)d seconds.") % {"seconds": SECONDS_EACH}))
    except (RestoreStopped, RecoveryError) as error:
        return Sight(Lag(None, str(error)))
    except OSError as error:
        return Sight(Lag(None, _("It could not be read (%(reason)s).") % {"reason": error.strerror or error}))


def _write_down(replicas: Sequence[Replica], sights: dict[int, Sight], now: datetime) -> None:
    measured = []
    for replica in replicas:
        sight = sights[replica.pk]
        replica.checked_at = now
        replica.lag_seconds, replica.lag_reason = sight.lag.seconds, sight.lag.reason[:REASON_LENGTH]
        if sight.description:
            # Otherwise what was known last is still the best there is; checked_at and the reason say so.
            replica.newest_at, replica.size_bytes = sight.description.newest_at, sight.description.size_bytes
        measured.append(
            Measurement(
                replica=replica,
                at=now,
                lag_seconds=replica.lag_seconds,
                newest_at=sight.description.newest_at if sight.description else None,
                size_bytes=sight.description.size_bytes if sight.description else None,
                reason=replica.lag_reason,
            )
        )
    # These fields are nobody else's, so what a person changes in the row meanwhile stays.
    Replica.objects.bulk_update(
        replicas, ["checked_at", "newest_at", "lag_seconds", "lag_reason", "size_bytes"], batch_size=100
    )
    Measurement.objects.bulk_create(measured, ignore_conflicts=True, batch_size=100)


def _raise_lag_alarms(replicas: Sequence[Replica], now: datetime) -> None:
    history: dict[int, list[Seen]] = {replica.pk: [] for replica in replicas}
    recent = Measurement.objects.filter(replica__in=replicas, at__gt=now - LOOK_BACK, at__lte=now).order_by("at")
    for pk, at, seconds, reason, size in recent.values_list("replica", "at", "lag_seconds", "reason", "size_bytes"):
        history[pk].append(Seen(at, seconds, reason, is_read=size is not None))
    lagging = list_open_subjects(Alarm.Kind.LAGGING)
    for replica in replicas:
        subject = replica_subject(replica)
        verdict, reason = _judge(replica, history[replica.pk])
        if verdict == Verdict.OPEN:
            open_alarm(
                Alarm.Kind.LAGGING,
                database=replica.database,
                replica=replica,
                subject=subject,
                reason=reason,
                now=now,
            )
        elif verdict == Verdict.CLOSE and subject in lagging:
            close_alarm(Alarm.Kind.LAGGING, subject=subject, reason=reason, now=now)
    for subject in lagging - {replica_subject(replica) for replica in replicas}:
        close_alarm(Alarm.Kind.LAGGING, subject=subject, reason=_("It is not watched any more."), now=now)


def _judge(replica: Replica, history: Sequence[Seen]) -> tuple[Verdict, str]:
    if replica.database.is_file_elsewhere:
        # One that was never read may be an agent's alone, which has the keys to it; its tests and its proof tell.
        return judge_silence(history) if replica.size_bytes is not None else (Verdict.KEEP, "")
    return judge_lag(history, limit=lag_limit(replica.database, replica.method))
