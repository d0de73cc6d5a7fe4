"""Which waiting test is run next: few at once, one of a replica, the urgent ones first."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Case, IntegerField, Q, QuerySet, Value, When

from lib.queue import send_after_commit
from recovery.models import Replica, RestoreTest

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
def claim(number: int, *, now: datetime, is_limited: bool) -> RestoreTest | None:
    """The test with this number, now running and the caller's own; None where it is not to be run now.

    With `is_limited`, at most RESTORES_AT_ONCE run at once. One that is more urgent goes first: it is told of again
    when a test ends, and by the sweep.
    """
    # Whoever claims holds this row, so that two workers do not both count one place as free.
    Replica.objects.select_for_update().order_by("pk").first()
    test = RestoreTest.objects.select_related("replica__database").filter(pk=number, status=Status.PENDING).first()
    if test is None or not list_waiting(now).filter(pk=number).exists():
        return None
    if is_limited and RestoreTest.objects.filter(status=Status.RUNNING).count() >= settings.RESTORES_AT_ONCE:
        return None
    RestoreTest.objects.filter(pk=number).update(status=Status.RUNNING, started_at=now, heartbeat_at=now)
    test.status, test.started_at, test.heartbeat_at = Status.RUNNING, now, now
    return test


def most_urgent(number: int, *, now: datetime) -> int:
    """The number of the test to run when a worker has been told of this one: another may have become more urgent."""
    first = list_waiting(now).values_list("number", flat=True).first()
    return number if first is None else first


def send_waiting(*, now: datetime, unheard: timedelta = timedelta(0)) -> None:
    """Workers hear, after the commit, of the tests that could be run now and have waited for so long."""
    waiting = list_waiting(now).filter(requested_at__lte=now - unheard)
    for number in waiting.values_list("number", flat=True)[: settings.RESTORES_AT_ONCE]:
        send_after_commit(TASK, number)


def scratch_name(number: int) -> str:
    """What the scratch folder of this test is called."""
    return f"RT-{number}"
