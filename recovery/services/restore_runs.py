"""Running one restore test: plan, restore into a scratch folder, inspect, judge, and write down once."""

import logging
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import OperationalError, close_old_connections, transaction
from django.utils.translation import gettext as _

from lib.durations import format_duration
from recovery.errors import RestoreFailed, RestoreInconclusive, RestoreStopped, RestoreTimedOut
from recovery.methods import litestream
from recovery.methods.deadline import Deadline
from recovery.methods.inspection import Inspection
from recovery.methods.process import Bounds
from recovery.methods.scratch import check_room, scratch_folder
from recovery.methods.sqlite_file import inspect
from recovery.models import RestoreTest
from recovery.queries import previous_passed
from recovery.services.confinement import check_still_allowed
from recovery.services.restore_tests import scratch_name
from recovery.services.verdict import (
    CheckOutcome,
    judge,
    judge_freshness,
    judge_moment,
    judge_shrinkage,
    recovery_point,
    stopped_early,
)

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
    started: float
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


def run_restore_test(number: int, *, now: datetime) -> RestoreTest | None:
    """Runs the waiting test with this number and writes its result; None where somebody else has taken it.

    Nothing of the run is left in the scratch folder, whatever happens.
    """
    waiting = RestoreTest.objects.filter(pk=number, status=Status.PENDING)
    if not waiting.update(status=Status.RUNNING, started_at=now, heartbeat_at=now):
        return None
    test = RestoreTest.objects.select_related("replica__database").get(pk=number)
    run = Run(test, Deadline(settings.RESTORE_TIME_LIMIT), time.monotonic())
    result = _ended(Status.INCONCLUSIVE, _("Debrief itself stopped midway; its log says why. Run the test again."))
    try:
        result = _restore_and_inspect(run)
    except RestoreStopped as stopped:
        logger.warning("restore test %s stopped: %s", test.reference, stopped.message)
        result = _ended(OUTCOMES[type(stopped)], stopped.message)
        result |= {"exit_code": stopped.exit_code, "log_tail": stopped.log_tail}
    except OSError as error:
        # Such as a disk that is full, or a scratch folder that a sweep took for abandoned.
        logger.exception("restore test %s stopped", test.reference)
        message = _("The test could not go on (%(reason)s). Run it again.") % {"reason": error.strerror or error}
        result = _ended(Status.INCONCLUSIVE, message)
    finally:
        result["phases"] = {name: round(seconds, 3) for name, seconds in run.phases.items()}
        # Written only while the row still is this run's: a sweep may have ended it, and what is ended never changes.
        RestoreTest.objects.filter(pk=number, status=Status.RUNNING).update(finished_at=datetime.now(UTC), **result)
    test.refresh_from_db()
    return test


def _ended(status: Status, message: str) -> dict[str, Any]:
    """The result of a run that did not get to its checks."""
    return {"status": status, "checks": [stopped_early(message).as_json()]}


def _restore_and_inspect(run: Run) -> dict[str, Any]:
    test = run.test
    source, destination = Path(test.replica.database.path), Path(test.replica.destination)
    check_still_allowed(source)
    check_still_allowed(destination)
    replica = litestream.FileReplica(destination)
    with scratch_folder(settings.SCRATCH_DIR, scratch_name(test.number)) as folder:
        tool = f"litestream {litestream.tool_version()}"
        bounds = Bounds(folder=folder, deadline=run.deadline, quota_bytes=settings.SCRATCH_QUOTA, on_tick=run.tick)
        run.enter(RestoreTest.Phase.PLAN, tool=tool)
        # What is written to the source after this moment is not the backup's to have.
        last_write = litestream.last_write(source)
        started = time.monotonic()
        plan = litestream.plan(replica, bounds, at=test.target_at)
        run.phases["plan"] = time.monotonic() - started
        check_room(settings.SCRATCH_DIR, plan.expected_bytes or plan.bytes_to_fetch, settings.SCRATCH_QUOTA)
        run.enter(RestoreTest.Phase.RESTORE, bytes_done=0, bytes_expected=plan.expected_bytes)
        started = time.monotonic()
        restored = litestream.restore(
            replica, plan, bounds, on_progress=lambda count: run.progress.update(bytes_done=count)
        )
        run.phases["restore"] = time.monotonic() - started
        run.enter(RestoreTest.Phase.INSPECT, bytes_done=restored.path.stat().st_size)
        found = inspect(restored.path, expected_bytes=restored.expected_bytes, deadline=run.deadline, on_tick=run.tick)
        run.phases |= found.seconds
        rto = time.monotonic() - run.started
    return _measured(run, restored, found, last_write=last_write, rto=rto)


def _measured(
    run: Run, restored: litestream.Restored, found: Inspection, *, last_write: datetime | None, rto: float
) -> dict[str, Any]:
    test = run.test
    checks = [*judge(found), *_compare(test, found)]
    replica = litestream.FileReplica(Path(test.replica.destination))
    rpo, rpo_reason = recovery_point(
        restored_to=restored.newest_at,
        following_at=litestream.following_time(replica, restored.txid) if test.target_at else None,
        last_write=last_write,
        target_at=test.target_at,
        path=test.replica.database.path,
    )
    if test.target_at:
        has_gap = litestream.has_gap_after(replica, restored.txid)
        checks.append(judge_moment(target_at=test.target_at, restored_to=restored.newest_at, has_gap=has_gap))
    elif test.rpo_objective_seconds is not None:
        objective = test.rpo_objective_seconds
        checks.append(judge_freshness(rpo_seconds=rpo, rpo_reason=rpo_reason, objective_seconds=objective))
    logger.info("restore test %s took %s", test.reference, format_duration(rto))
    return {
        "status": _conclude(checks),
        "rto_seconds": round(rto, 3),
        "rpo_seconds": rpo,
        # A path alone can be longer than the row takes.
        "rpo_reason": rpo_reason[:300],
        "restored_txid": restored.txid,
        "restored_to": restored.newest_at,
        "integrity": "ok" if found.integrity.is_ok else "; ".join(found.integrity.problems)[:300],
        "tables": found.row_counts,
        "checks": [check.as_json() for check in checks],
        "sha256": found.sha256,
        "schema_fingerprint": found.schema.fingerprint,
        "size_bytes": found.size_bytes,
        "exit_code": 0,
        "log_tail": restored.log_tail,
    }


def _compare(test: RestoreTest, found: Inspection) -> list[CheckOutcome]:
    """The check against the last passing test, where there is one and the moment asked for is not before its data."""
    before = previous_passed(test)
    if before is None or (test.target_at and (before.restored_to is None or test.target_at <= before.restored_to)):
        return []
    return [judge_shrinkage(found, before=before.tables, reference=before.reference)]


def _conclude(checks: list[CheckOutcome]) -> Status:
    """Failed by one check that does not hold; inconclusive where only unknown ones do not."""
    broken = [check for check in checks if not check.is_passed]
    if not broken:
        return Status.PASSED
    return Status.INCONCLUSIVE if all(check.is_unknown for check in broken) else Status.FAILED
