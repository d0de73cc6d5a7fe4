"""Running one restore test: plan, restore into a scratch folder, inspect, judge, and write down once."""

import logging
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.db import OperationalError, close_old_connections, transaction
from django.utils.translation import gettext as _

from lib.durations import format_duration
from recovery.errors import RecoveryError, RestoreFailed, RestoreInconclusive, RestoreStopped, RestoreTimedOut
from recovery.methods.backup import Backup, Restored
from recovery.methods.deadline import Deadline
from recovery.methods.process import Bounds
from recovery.methods.scratch import check_room, scratch_folder
from recovery.models import RestoreTest
from recovery.services.backups import open_backup
from recovery.services.checks import ask, describe_configuration, learn_from, list_checks
from recovery.services.claims import claim, scratch_name, send_waiting
from recovery.services.drill_reports import report_drill
from recovery.services.heartbeats import ask_for_heartbeat
from recovery.services.records import record_result
from recovery.services.restore_results import Measurements, as_fields, ended_early
from recovery.services.results import report_result
from recovery.services.sources import ask_source, read_source

logger = logging.getLogger(__name__)
Status = RestoreTest.Status
OUTCOMES: dict[type[RestoreStopped], Status] = {
    RestoreFailed: Status.FAILED,
    RestoreInconclusive: Status.INCONCLUSIVE,
    RestoreTimedOut: Status.TIMED_OUT,
}


@dataclass
class Run:
    """A run under way: its deadline, and what has been measured so far, in seconds by phase."""

    test: RestoreTest
    deadline: Deadline
    phases: dict[str, float] = field(default_factory=dict)
    progress: dict[str, Any] = field(default_factory=dict)

    def tick(self) -> None:
        """The row says that the run is alive and how far it is; ended meanwhile by a sweep, the run stops.

        A tick that cannot be written, while the database is busy or its disk full, is left out: another one follows.
        """
        beat = RestoreTest.objects.filter(pk=self.test.pk, status=Status.RUNNING)
        try:
            # Atomic, so that a write that fails takes no transaction around it along.
            with transaction.atomic():
                is_under_way = beat.update(heartbeat_at=datetime.now(UTC), **self.progress)
        except OperationalError as error:
            logger.warning("progress of %s could not be written: %s", self.test.reference, error)
            close_old_connections()
            return
        if not is_under_way:
            raise RestoreInconclusive(_("The test was ended from outside while it ran. Run it again."))

    def enter(self, phase: RestoreTest.Phase, **progress: Any) -> None:
        """From now on, the row shows this phase."""
        self.progress = {"phase": phase, **progress}
        self.tick()


def run_restore_test(number: int | None, *, now: datetime, is_limited: bool = True) -> RestoreTest | None:
    """Runs the waiting test with this number, or the most urgent, and writes its result; None where none is run now.

    Somebody else may have taken it, it may not be due, or with `is_limited` enough others may be running. Nothing of
    the run is left in the scratch folder, whatever happens. Whoever waits is told of afterwards.
    """
    test = claim(number, now=now, is_limited=is_limited)
    if test is None:
        return None
    run = Run(test, Deadline(settings.RESTORE_TIME_LIMIT))
    message = _("Debrief itself stopped midway; its log says why. Run the test again.")
    result, measured = ended_early(Status.INCONCLUSIVE, message), None
    try:
        measured = _restore_and_inspect(run)
        result = as_fields(test, measured)
    except RestoreStopped as stopped:
        logger.warning("restore test %s stopped: %s", test.reference, stopped.message)
        result = ended_early(OUTCOMES[type(stopped)], stopped.message)
        result |= {"exit_code": stopped.exit_code, "log_tail": stopped.log_tail}
    except RecoveryError as error:
        # The row cannot be what it says, such as a place that Litestream does not know.
        result = ended_early(Status.INCONCLUSIVE, str(error))
    except OSError as error:
        # Such as a disk that is full, or a scratch folder that a sweep took for abandoned.
        logger.exception("restore test %s stopped", test.reference)
        message = _("The test could not go on (%(reason)s). Run it again.") % {"reason": error.strerror or error}
        result = ended_early(Status.INCONCLUSIVE, message)
    finally:
        result["phases"] = {name: round(seconds, 3) for name, seconds in run.phases.items()}
        _write_result(test, result, measured)
    return test


@transaction.atomic
def _write_result(test: RestoreTest, result: dict[str, Any], measured: Measurements | None) -> None:
    """Written only while the row still is this run's: a sweep may have ended it, and what is ended never changes."""
    now = datetime.now(UTC)
    is_written = RestoreTest.objects.filter(pk=test.pk, status=Status.RUNNING).update(finished_at=now, **result)
    test.refresh_from_db()
    if is_written:
        _follow_up(test, measured, now)
    send_waiting(now=now)


def _follow_up(test: RestoreTest, measured: Measurements | None, now: datetime) -> None:
    if measured and test.status == Status.PASSED:
        learn_from(test, measured.found)
    record_result(test, now=now)
    report_result(test, now=now)
    report_drill(test, now=now)


def _restore_and_inspect(run: Run) -> Measurements:
    test = run.test
    backup = open_backup(test.replica)
    checks = list_checks(test.replica.database, target_at=test.target_at)
    with scratch_folder(settings.SCRATCH_DIR, scratch_name(test.number)) as folder:
        bounds = Bounds(folder=folder, deadline=run.deadline, quota_bytes=settings.SCRATCH_QUOTA, on_tick=run.tick)
        tool = backup.tool_version()
        run.enter(RestoreTest.Phase.PLAN, tool=tool, configuration=describe_configuration(checks))
        # What is written to the source after this moment is not the backup's to have. Waiting for what is under way
        # is no part of bringing data back, nor is comparing with the source below.
        source = read_source(test.replica.database, backup, bounds)
        started = time.monotonic()
        restored = _restore(run, backup, bounds, started)
        run.enter(RestoreTest.Phase.INSPECT, bytes_done=run.progress.get("bytes_done", 0))
        questions = (*ask(checks), *ask_for_heartbeat(test.replica.database))
        found = backup.inspect(restored, bounds, questions=questions)
        run.phases |= found.seconds
        rto = time.monotonic() - started
        now = ask_source(test, checks, found, backup=backup, restored_to=restored.newest_at, bounds=bounds)
    logger.info("restore test %s took %s", test.reference, format_duration(rto))
    return Measurements(restored=restored, found=found, source=source, now=now, checks=checks, rto=rto)


def _restore(run: Run, backup: Backup, bounds: Bounds, started: float) -> Restored:
    try:
        plan = backup.plan(bounds, at=run.test.target_at)
    except RestoreFailed:
        _check_still_kept(run.test, backup, bounds)
        raise
    run.phases["plan"] = time.monotonic() - started
    check_room(settings.SCRATCH_DIR, plan.expected_bytes or plan.bytes_to_fetch, settings.SCRATCH_QUOTA)
    run.enter(RestoreTest.Phase.RESTORE, bytes_done=0, bytes_expected=plan.expected_bytes)

    def follow(count: int) -> None:
        run.progress["bytes_done"] = count

    restored = backup.restore(plan, bounds, on_progress=follow)
    run.phases |= restored.seconds
    return restored


def _check_still_kept(test: RestoreTest, backup: Backup, bounds: Bounds) -> None:
    """Return unless the backup has gone past a point that a schedule drew, as retention does while a test waits."""
    if test.trigger != RestoreTest.Trigger.SCHEDULE or test.target_at is None:
        return
    oldest_at = backup.describe(bounds).oldest_at
    if oldest_at and test.target_at <= oldest_at:
        raise RestoreInconclusive(
            _(
                "The backup reached back to this point when it was drawn, and begins later now. "
                "The next run draws another."
            )
        )
