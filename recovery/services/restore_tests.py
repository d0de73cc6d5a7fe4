"""Asking for restore tests, and what becomes of those nobody runs."""

from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from accounts.models import User
from lib.queue import send_after_commit
from recovery.errors import RecoveryError
from recovery.methods.scratch import remove_abandoned
from recovery.models import Replica, RestoreTest
from recovery.services import example
from recovery.services.verdict import stopped_early

TASK = "recovery.tasks.run_pending_restore_test"
# A running test is heard of twice a second; a minute of silence means its worker is gone.
SILENCE = timedelta(seconds=60)
UNHEARD = timedelta(seconds=30)
# Litestream and the databases reckon from here.
EARLIEST = datetime(1970, 1, 1, tzinfo=UTC)


@transaction.atomic
def create_restore_test(
    replica: Replica, *, actor: User | None, now: datetime, at: datetime | None = None, trigger: str = "person"
) -> RestoreTest:
    """A test that waits to be run; `at` is the point in time to restore to, None the latest state."""
    replica = Replica.objects.select_for_update().select_related("database").get(pk=replica.pk)
    if replica.status == Replica.Status.BROKEN:
        raise RecoveryError(_("This replica could not be made, so there is nothing to test. Its page says why."))
    if replica.status != Replica.Status.READY:
        raise RecoveryError(_("This replica is not ready yet. Wait until it is, then run the test again."))
    if at and at < EARLIEST:
        raise RecoveryError(_("No backup is that old. Choose a later time, or the latest state."), field="at")
    if at and at > now:
        raise RecoveryError(
            _("This time lies in the future. Choose one that has passed, or the latest state."), field="at"
        )
    _end_silent(replica.restore_tests.all(), now)
    under_way = replica.restore_tests.filter(status__in=("pending", "running")).first()
    if under_way:
        raise RecoveryError(
            _("%(test)s of this replica has not finished yet. Wait for its result.") % {"test": under_way.reference}
        )
    return RestoreTest.objects.create(
        replica=replica,
        trigger=trigger,
        requested_by=actor,
        requested_at=now,
        target_at=at,
        rto_objective_seconds=replica.database.rto_objective_seconds,
        rpo_objective_seconds=replica.database.rpo_objective_seconds,
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
    waiting = RestoreTest.objects.filter(status=RestoreTest.Status.PENDING, requested_at__lt=now - UNHEARD)
    for number in waiting.values_list("number", flat=True)[:50]:
        send_after_commit(TASK, number)
    unmade = Replica.objects.filter(status=Replica.Status.PREPARING, updated_at__lt=now - UNHEARD)
    for pk in unmade.values_list("pk", flat=True):
        send_after_commit(example.TASK, pk)
    remove_abandoned(settings.SCRATCH_DIR, _list_running)


def scratch_name(number: int) -> str:
    """What the scratch folder of this test is called."""
    return f"RT-{number}"


def _list_running() -> set[str]:
    running = RestoreTest.objects.filter(status=RestoreTest.Status.RUNNING)
    return {scratch_name(number) for number in running.values_list("number", flat=True)}


def _end_silent(tests: QuerySet[RestoreTest], now: datetime) -> None:
    for test in tests.filter(status=RestoreTest.Status.RUNNING):
        if test.is_silent(now, SILENCE.total_seconds()):
            _end_abandoned(test, now)


def _end_abandoned(test: RestoreTest, now: datetime) -> None:
    RestoreTest.objects.filter(pk=test.pk, status=RestoreTest.Status.RUNNING, heartbeat_at=test.heartbeat_at).update(
        status=RestoreTest.Status.INCONCLUSIVE,
        finished_at=now,
        checks=[stopped_early(_("The worker stopped midway, so nothing can be said. Run the test again.")).as_json()],
    )
