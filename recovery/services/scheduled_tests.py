"""What happens when a database's schedule comes round: restore tests that wait, or runs that were skipped."""

import random
import shutil
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _
from django_celery_beat.tzcrontab import TzAwareCrontab

from recovery.errors import RecoveryError, RestoreStopped, RestoreTimedOut
from recovery.methods.backup import Description
from recovery.methods.deadline import Deadline
from recovery.methods.lookouts import Lookouts
from recovery.methods.process import Bounds
from recovery.models import Database, Replica, RestoreTest, SkippedRun
from recovery.queries import is_tested_here
from recovery.services.backups import open_backup
from recovery.services.replica_holding import hold_replica
from recovery.services.restore_tests import SCHEDULE_PREFIX, plan_restore_test
from recovery.services.sampling import sample_points
from recovery.services.timetable import list_times

Status, Trigger = RestoreTest.Status, RestoreTest.Trigger
DESCRIBE_SECONDS = 60.0
# A tool that is out of time is ended first; only what cannot be ended is left behind.
ENDING_SECONDS = 5.0
# The clocks of the machines that send and receive the message may differ by so much.
CLOCK_SKEW = timedelta(seconds=30)
# Of a long silence, the newest missed runs are enough to see it.
MISSED_AT_MOST = 20
REASON_LENGTH = 500

_lookouts: Lookouts[int, Description | str | None] = Lookouts(at_once=1)


def start_scheduled_tests(pk: int, *, since: datetime, now: datetime) -> None:
    """Each replica of the database has its tests waiting, or a skipped run that says why not, but for an agent's.

    Of one time that the schedule came round, a second call makes nothing. Times before it that nothing was made of,
    though the schedule has held since then, are skipped runs too. Asks replicas what they hold, outside a transaction.
    """
    database = Database.objects.select_related("schedule__crontab").filter(pk=pk).first()
    if database is None or database.schedule is None or not database.schedule.enabled or not is_tested_here(database):
        return
    schedule = database.schedule.crontab.schedule
    replicas = list(database.replicas.reached().order_by("pk"))
    for replica in replicas:
        replica.database = database
        began = max(since, replica.created_at)
        if due_at := _take_due(database, replica, schedule=schedule, since=began, now=now):
            _start(replica, due_at=due_at, now=now)
    if not replicas and (due_at := _take_due(database, None, schedule=schedule, since=since, now=now)):
        skip_run(database, None, due_at, _("No replica is registered, so there is nothing to test."))


def skip_run(database: Database, replica: Replica | None, due_at: datetime, reason: str) -> SkippedRun:
    """A run that was due is on record as skipped."""
    return SkippedRun.objects.create(database=database, replica=replica, due_at=due_at, reason=reason[:REASON_LENGTH])


def _take_due(
    database: Database, replica: Replica | None, *, schedule: TzAwareCrontab, since: datetime, now: datetime
) -> datetime | None:
    """The time that is to be acted on now, None where that was done; those missed before it are on record."""
    last = _find_last(database, replica)
    after = max(since, last + CLOCK_SKEW) if last else since
    times = list_times(schedule, after=after, until=now + CLOCK_SKEW, most=MISSED_AT_MOST + 1)
    missed = _("Debrief was not running at this time, or too busy, so no test was made.")
    for due_at in times[:-1]:
        skip_run(database, replica, due_at, missed)
    return times[-1] if times else None


def _find_last(database: Database, replica: Replica | None) -> datetime | None:
    """When the schedule was last acted on."""
    skipped = SkippedRun.objects.filter(database=database, replica=replica)
    tests = RestoreTest.objects.filter(replica=replica, trigger=Trigger.SCHEDULE)
    known = [skipped.aggregate(Max("due_at"))["due_at__max"], tests.aggregate(Max("requested_at"))["requested_at__max"]]
    return max((moment for moment in known if moment), default=None)


def _start(replica: Replica, *, due_at: datetime, now: datetime) -> None:
    if reason := _why_not(replica):
        skip_run(replica.database, replica, due_at, reason)
        return
    points, problem = _choose_points(replica)
    with transaction.atomic():
        locked = hold_replica(replica.pk)
        if reason := _why_not(locked):
            skip_run(locked.database, locked, due_at, reason)
            return
        _queue(locked, [None, *points], now)
        if problem:
            skipped = _("No points in time were sampled, only the latest state is tested. %(problem)s")
            skip_run(locked.database, locked, due_at, skipped % {"problem": problem})


def _why_not(replica: Replica) -> str:
    if replica.status == Replica.Status.BROKEN:
        return _("The replica could not be made, so there is nothing to test. Its panel says why.")
    if replica.status != Replica.Status.READY:
        return _("The replica was still being prepared.")
    under_way = replica.restore_tests.filter(trigger=Trigger.SCHEDULE, status__in=(Status.PENDING, Status.RUNNING))
    if test := under_way.order_by("number").first():
        return _("%(test)s of the run before had not finished.") % {"test": test.reference}
    return ""


def _queue(replica: Replica, targets: list[datetime | None], now: datetime) -> None:
    """Tests that wait, the latest state first; a second apart, so that they come in that order."""
    first = now + timedelta(seconds=random.uniform(0, settings.SCHEDULE_JITTER))  # noqa: S311  # no secret
    for place, target in enumerate(targets):
        due_at = first + timedelta(seconds=place)
        plan_restore_test(replica, now=now, at=target, trigger=Trigger.SCHEDULE, due_at=due_at)


def _choose_points(replica: Replica) -> tuple[list[datetime], str]:
    """Points in time to restore to, and why there are none where there should be."""
    count = replica.database.sampled_points
    if not count:
        return [], ""
    # A thread, for a disk that does not answer would hold this one for ever.
    look = {replica.pk: partial(_describe, replica)}
    found = _lookouts.gather(look, seconds=DESCRIBE_SECONDS + ENDING_SECONDS).get(replica.pk, _say_silent())
    if found is None:
        return [], ""
    if isinstance(found, str):
        return [], found
    if found.oldest_at is None or found.newest_at is None:
        return [], _("The replica does not say how far back it goes.")
    return sample_points(found.oldest_at, found.newest_at, count=count, chance=random.SystemRandom()), ""


def _describe(replica: Replica) -> Description | str | None:
    """What the replica holds, or why that is unknown; None where it cannot be restored to a moment."""
    try:
        backup = open_backup(replica)
        if not backup.can_restore_to_a_moment:
            return None
        folder: Path = settings.SCRATCH_DIR / f"{SCHEDULE_PREFIX}{replica.pk}"
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        try:
            return backup.describe(Bounds(folder=folder, deadline=Deadline(DESCRIBE_SECONDS)))
        finally:
            shutil.rmtree(folder, ignore_errors=True)
    except RestoreTimedOut:
        return _say_silent()
    except (RestoreStopped, RecoveryError) as error:
        return str(error)
    except OSError as error:
        return _("It could not be read (%(reason)s).") % {"reason": error.strerror or error}


def _say_silent() -> str:
    return _("The replica did not answer within %(seconds)d seconds.") % {"seconds": DESCRIBE_SECONDS}
