"""What the result of a restore test tells people."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from lib.durations import format_duration
from notifications.models import Level
from notifications.services.outbox import notify
from recovery.models import Alarm, RestoreTest
from recovery.queries.readiness import is_lapsed
from recovery.services.alarms import close_alarm, database_subject, open_alarm, points_subject, replica_subject

TOPIC = "restore_test"
Status, Trigger = RestoreTest.Status, RestoreTest.Trigger
BAD = (Status.FAILED, Status.TIMED_OUT)


@transaction.atomic
def report_result(test: RestoreTest, *, now: datetime) -> None:
    """Whoever must know of this finished test is told, in the transaction that wrote its result.

    One of the latest state that did not pass begins an alarm, the next one of the replica that passes ends it, and one
    that ends nothing is news. An inconclusive one says nothing. Of points in time only a schedule's count: whoever asks
    for one by hand looks at it.
    """
    if test.replica.database.is_demonstration:
        return
    if test.target_at is None:
        _report_latest(test, now)
    elif test.trigger == Trigger.SCHEDULE:
        _report_point(test, now)


def summarize(test: RestoreTest) -> str:
    """Such as “150,000 rows, integrity ok, RTO 8.5 s, RPO 400 ms.”"""
    unknown = _("unknown")
    return _("%(rows)s rows, integrity %(integrity)s, RTO %(rto)s, RPO %(rpo)s.") % {
        "rows": f"{test.row_count:,}",
        "integrity": test.integrity or unknown,
        "rto": unknown if test.rto_seconds is None else format_duration(test.rto_seconds),
        "rpo": unknown if test.rpo_seconds is None else format_duration(test.rpo_seconds),
    }


def _report_latest(test: RestoreTest, now: datetime) -> None:
    replica = test.replica
    if test.status in BAD:
        _open_failed(test, replica_subject(replica), now)
    if test.status != Status.PASSED or _has_failed_since(test):
        return
    passed = _("%(test)s passed: %(summary)s") % {"test": test.reference, "summary": summarize(test)}
    ended = [close_alarm(Alarm.Kind.FAILED, subject=replica_subject(replica), reason=passed, now=now)]
    if _is_recent_proof(test, now):
        subject = database_subject(replica.database)
        ended.append(close_alarm(Alarm.Kind.LAPSED, subject=subject, reason=passed, now=now))
    if not any(ended):
        notify(
            topic=TOPIC,
            level=Level.NEWS,
            dedup_key="",
            title=(_("Recovery test passed: %(replica)s") % {"replica": replica})[:300],
            text=passed,
            path=test.get_absolute_url(),
            now=now,
        )


def _has_failed_since(test: RestoreTest) -> bool:
    """Whether a later test did not pass: an agent may report an earlier one after it."""
    later = RestoreTest.objects.filter(replica=test.replica, target_at=None, status__in=BAD)
    return test.started_at is not None and later.filter(started_at__gt=test.started_at).exists()


def _is_recent_proof(test: RestoreTest, now: datetime) -> bool:
    """An agent that was cut off reports what it found days ago."""
    finished_at, days = test.finished_at or now, test.replica.database.proof_objective_days
    return not is_lapsed(finished_at, since=finished_at, objective_days=days, now=now)


def _report_point(test: RestoreTest, now: datetime) -> None:
    subject = points_subject(test.replica)
    if test.status in BAD:
        _open_failed(test, subject, now)
    elif test.status == Status.PASSED and _has_whole_run_passed(test):
        reason = _("Every point in time that was sampled could be restored.")
        close_alarm(Alarm.Kind.FAILED, subject=subject, reason=reason, now=now)


def _has_whole_run_passed(test: RestoreTest) -> bool:
    """Whether this was the last one of the samples drawn at the same time, and all of them passed.

    A point that can be restored says nothing about the one beside it that could not.
    """
    run = RestoreTest.objects.filter(replica=test.replica, trigger=Trigger.SCHEDULE, target_at__isnull=False)
    return not run.filter(requested_at=test.requested_at).exclude(status=Status.PASSED).exclude(pk=test.pk).exists()


def _open_failed(test: RestoreTest, subject: str, now: datetime) -> None:
    reasons = " ".join(test.reasons) or test.get_status_display()
    reason = _("%(test)s did not pass. %(reasons)s") % {"test": test.reference, "reasons": reasons}
    open_alarm(
        Alarm.Kind.FAILED,
        database=test.replica.database,
        replica=test.replica,
        subject=subject,
        reason=reason,
        now=now,
    )
