"""Which waiting test is run next: few at once, one of a replica, the urgent ones first."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Case, IntegerField, Q, QuerySet, Value, When

from lib.queue import send_after_commit
from recovery.models import Replica, RestoreTest
from recovery.services.replica_holding import hold_replica

TASK = "recovery.tasks.run_pending_restore_test"
Status, Trigger = RestoreTest.Status, RestoreTest.Trigger
# Somebody waits for the first two.
URGENCY = Case(
    When(trigger=Trigger.INCIDENT, then=Value(0)),
    When(trigger=Trigger.SCHEDULE, then=Value(2)),
    default=Value(1),
    output_field=IntegerField(),
)


def list_waiting(now: datetime) -> QuerySet[RestoreTest]:
    """The tests that could be run now, the most urgent first; of each replica, only while none of it runs."""
    running = RestoreTest.objects.filter(status=Status.RUNNING).values("replica")
    due = RestoreTest.objects.filter(Q(due_at=None) | Q(due_at__lte=now), status=Status.PENDING)
    return due.exclude(replica__in=running).order_by(URGENCY, "number")


@transaction.atomic
def claim(number: int | None, *, now: datetime, is_limited: bool) -> RestoreTest | None:
    """The test with this number, or the most urgent of all, now running and the caller's own; None where there is none.

    With `is_limited`, at most RESTORES_AT_ONCE run at once. What has to wait is told of again when a test ends, and by
    the sweep.
    """
    # Whoever claims holds this row, so that two workers do not both count one place as free.
    Replica.objects.select_for_update(no_key=True).order_by("pk").first()
    waiting = list_waiting(now).select_related("replica__database")
    test = waiting.first() if number is None else waiting.filter(pk=number).first()
    if test is None:
        return None
    if is_limited and RestoreTest.objects.filter(status=Status.RUNNING).count() >= settings.RESTORES_AT_ONCE:
        return None
    # Nor is a replica moved to another place between the claim and the first look at it.
    test.replica = hold_replica(test.replica_id)
    RestoreTest.objects.filter(pk=test.pk).update(status=Status.RUNNING, started_at=now, heartbeat_at=now)
    test.status, test.started_at, test.heartbeat_at = Status.RUNNING, now, now
    return test


def send_waiting(*, now: datetime, unheard: timedelta = timedelta(0)) -> None:
    """Workers hear, after the commit, of the tests that could be run now and have waited for so long."""
    waiting = list_waiting(now).filter(requested_at__lte=now - unheard)
    for number in waiting.values_list("number", flat=True)[: settings.RESTORES_AT_ONCE]:
        send_after_commit(TASK, number)


def scratch_name(number: int) -> str:
    """What the scratch folder of this test is called."""
    return f"RT-{number}"
