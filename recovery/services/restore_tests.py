"""Asking for restore tests, and what becomes of those nobody runs."""

from datetime import UTC, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from accounts.models import User
from incidents.models import Incident
from lib.queue import send_after_commit
from recovery.errors import RecoveryError
from recovery.methods.scratch import remove_abandoned, remove_forgotten
from recovery.models import Replica, RestoreTest
from recovery.services import example
from recovery.services.backups import describe_unreached
from recovery.services.claims import TASK, scratch_name, send_waiting
from recovery.services.drill_reports import report_drill
from recovery.services.records import record_result, write_missing_records
from recovery.services.replica_holding import hold_replica
from recovery.services.restore_results import ended_early

Trigger = RestoreTest.Trigger
# A running test is heard of twice a second; a minute of silence means its worker is gone.
SILENCE = timedelta(seconds=60)
UNHEARD = timedelta(seconds=30)
# What a schedule asks a replica before it makes tests, and how long after that its folder is nobody's.
SCHEDULE_PREFIX, FORGOTTEN_SECONDS = "schedule-", 600.0
# Litestream and the databases reckon from here.
EARLIEST = datetime(1970, 1, 1, tzinfo=UTC)


@transaction.atomic
def create_restore_test(
    replica: Replica,
    *,
    actor: User | None,
    now: datetime,
    at: datetime | None = None,
    trigger: str = "person",
    incident: Incident | None = None,
) -> RestoreTest:
    """A test that waits to be run; `at` is the point in time to restore to, None the latest state.

    What a schedule has planned for the replica stands in nobody's way: this one goes first.
    """
    replica = hold_replica(replica.pk)
    _check_testable(replica)
    _check_moment(replica, at, now)
    _end_silent(replica.restore_tests.all(), now)
    under_way = replica.restore_tests.filter(status__in=("pending", "running")).exclude(trigger=Trigger.SCHEDULE)
    if first := under_way.first():
        raise RecoveryError(
            _("%(test)s of this replica has not finished yet. Wait for its result.") % {"test": first.reference}
        )
    return plan_restore_test(replica, actor=actor, now=now, at=at, trigger=trigger, incident=incident)


def plan_restore_test(replica: Replica, *, now: datetime, **facts: Any) -> RestoreTest:
    """A row that waits to be run, with the objectives of its database at this moment; `facts` are its further fields.

    `at` is the point in time to restore to, `actor` who asked.
    """
    return RestoreTest.objects.create(
        replica=replica,
        requested_by=facts.pop("actor", None),
        requested_at=now,
        target_at=facts.pop("at", None),
        rto_objective_seconds=replica.database.rto_objective_seconds,
        rpo_objective_seconds=replica.database.rpo_objective_seconds,
        **facts,
    )


def _check_testable(replica: Replica) -> None:
    if not replica.is_reached:
        raise RecoveryError(describe_unreached(replica))
    if replica.status == Replica.Status.BROKEN:
        raise RecoveryError(_("This replica could not be made, so there is nothing to test. Its page says why."))
    if replica.status != Replica.Status.READY:
        raise RecoveryError(_("This replica is not ready yet. Wait until it is, then run the test again."))


def _check_moment(replica: Replica, at: datetime | None, now: datetime) -> None:
    if at is None:
        return
    if replica.method == Replica.Method.POSTGRESQL_STREAMING:
        raise RecoveryError(_("A standby has only its latest state. Leave the point in time empty."), field="at")
    if at < EARLIEST:
        raise RecoveryError(_("No backup is that old. Choose a later time, or the latest state."), field="at")
    if at > now:
        raise RecoveryError(
            _("This time lies in the future. Choose one that has passed, or the latest state."), field="at"
        )


@transaction.atomic
def queue_restore_test(replica: Replica, *, actor: User, now: datetime, at: datetime | None = None) -> RestoreTest:
    """A test that waits, and a worker that hears of it after the commit."""
    test = create_restore_test(replica, actor=actor, now=now, at=at)
    send_after_commit(TASK, test.number)
    return test


def sweep_restore_tests(*, now: datetime) -> None:
    """Tells a worker again of tests that wait; ends those whose worker died, and removes what they left behind.

    An example that waits to be made is told of again, too.
    """
    _end_silent(RestoreTest.objects.all(), now)
    write_missing_records(now=now)
    send_waiting(now=now, unheard=UNHEARD)
    unmade = Replica.objects.filter(status=Replica.Status.PREPARING, updated_at__lt=now - UNHEARD)
    for pk in unmade.values_list("pk", flat=True):
        send_after_commit(example.TASK, pk)
    remove_abandoned(settings.SCRATCH_DIR, _list_running)
    remove_forgotten(settings.SCRATCH_DIR, SCHEDULE_PREFIX, seconds=FORGOTTEN_SECONDS)


def _list_running() -> set[str]:
    running = RestoreTest.objects.filter(status=RestoreTest.Status.RUNNING)
    return {scratch_name(number) for number in running.values_list("number", flat=True)}


def _end_silent(tests: QuerySet[RestoreTest], now: datetime) -> None:
    for test in tests.filter(status=RestoreTest.Status.RUNNING):
        if test.is_silent(now, SILENCE.total_seconds()):
            _end_abandoned(test, now)


@transaction.atomic
def _end_abandoned(test: RestoreTest, now: datetime) -> None:
    fields = ended_early(
        RestoreTest.Status.INCONCLUSIVE, _("The worker stopped midway, so nothing can be said. Run the test again.")
    )
    abandoned = RestoreTest.objects.filter(
        pk=test.pk, status=RestoreTest.Status.RUNNING, heartbeat_at=test.heartbeat_at
    )
    if abandoned.update(finished_at=now, **fields):
        test.refresh_from_db()
        record_result(test, now=now)
        report_drill(test, now=now)
