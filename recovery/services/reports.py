"""Restore tests that an agent ran elsewhere: taken over with what can be judged here judged again."""

from datetime import UTC, datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from recovery.errors import NotRegistered, RecoveryError, ReportTaken
from recovery.models import Replica, RestoreTest
from recovery.services.agent_report import Report
from recovery.services.checks import describe_configuration, learn_from, list_checks
from recovery.services.records import record_result
from recovery.services.replica_holding import hold_replica
from recovery.services.report_verdict import judge_report, to_inspection
from recovery.services.results import report_result

Status = RestoreTest.Status
# Clocks of two machines differ; a report from further ahead would count as a proof for longer than it is one.
CLOCK_DIFFERENCE = timedelta(minutes=5)
LONGEST_TEST = timedelta(days=7)


def report_restore_test(report: Report, *, now: datetime) -> tuple[RestoreTest, bool]:
    """The report is a finished test marked as reported; with it, whether it is new.

    The same key a second time gives the test that is there. An agent may say that a test did not pass; that it passed
    stands only where what it found holds up to this installation's own checks and objectives. Raises NotRegistered,
    ReportTaken or RecoveryError.
    """
    replica = _find_replica(report)
    _check_times(report, now)
    _check_claims(report)
    if known := _find_reported(report, replica):
        return known, False
    try:
        return _write(report, replica, now=now), True
    except IntegrityError:
        # The same report, twice at once.
        if known := _find_reported(report, replica):
            return known, False
        raise


@transaction.atomic
def _write(report: Report, replica: Replica, *, now: datetime) -> RestoreTest:
    # Held, so that two reports of one replica are each compared with the one before.
    replica = hold_replica(replica.pk)
    database = replica.database
    checks = list_checks(database, target_at=None)
    verdict = judge_report(report, replica=replica, checks=checks)
    test = RestoreTest.objects.create(
        replica=replica,
        trigger=RestoreTest.Trigger.API,
        origin=RestoreTest.Origin.REPORTED,
        reporter=report.reporter,
        report_key=report.report_key,
        requested_at=report.started_at.astimezone(UTC),
        started_at=report.started_at.astimezone(UTC),
        finished_at=report.finished_at.astimezone(UTC),
        status=verdict.status,
        rto_seconds=report.rto_seconds,
        rpo_seconds=verdict.rpo_seconds,
        rpo_reason=verdict.rpo_reason[:300],
        rto_objective_seconds=database.rto_objective_seconds,
        rpo_objective_seconds=database.rpo_objective_seconds,
        restored_txid=report.restored_txid,
        restored_to=report.restored_to.astimezone(UTC) if report.restored_to else None,
        integrity=report.integrity,
        tables=dict(report.tables),
        checks=verdict.checks,
        configuration=describe_configuration(checks),
        identity=dict(report.identity),
        phases={name: round(seconds, 3) for name, seconds in report.phases.items()},
        sha256=report.sha256 or "",
        schema_fingerprint=report.schema_fingerprint or "",
        size_bytes=report.size_bytes,
        tool=report.tool,
        exit_code=report.exit_code,
        log_tail=report.log_tail,
    )
    if test.status == Status.PASSED:
        learn_from(test, to_inspection(report))
    record_result(test, now=now)
    report_result(test, now=now)
    return test


def _find_replica(report: Report) -> Replica:
    values = {"database": report.database, "replica": report.replica}
    named = Replica.objects.filter(database__name=report.database)
    if not named.exists():
        message = _("No database “%(database)s” with a replica is registered. Register both in Debrief first.")
        raise NotRegistered(message % values, field="database")
    replica = named.select_related("database").filter(name=report.replica).first()
    if replica is None:
        message = _("The database “%(database)s” has no replica “%(replica)s”. Register it in Debrief first.")
        raise NotRegistered(message % values, field="replica")
    if replica.database.is_demonstration:
        raise RecoveryError(_("This is demonstration data; nothing real can be reported of it."), field="database")
    if not replica.database.host:
        message = _(
            "Debrief itself tests “%(database)s”, so nothing is taken from an agent. "
            "Name the agent's host in the database's settings first."
        )
        raise RecoveryError(message % values, field="database")
    return replica


def _find_reported(report: Report, replica: Replica) -> RestoreTest | None:
    tests = RestoreTest.objects.select_related("replica__database")
    known = tests.filter(report_key=report.report_key).first()
    if known and (known.replica_id != replica.pk or known.reporter != report.reporter):
        message = _("Another report has this key. Give each run a key of its own, such as a random UUID.")
        raise ReportTaken(message, field="report_key")
    return known


def _check_times(report: Report, now: datetime) -> None:
    latest = now + CLOCK_DIFFERENCE
    if report.finished_at < report.started_at:
        raise RecoveryError(
            _("It finished before it started. Check the clock of the agent’s host."), field="finished_at"
        )
    if report.finished_at - report.started_at > LONGEST_TEST:
        raise RecoveryError(
            _("It took longer than seven days. Check the clock of the agent’s host."), field="started_at"
        )
    for name in ("finished_at", "restored_to", "source_written_at"):
        moment = getattr(report, name)
        if moment and moment > latest:
            raise RecoveryError(_("This time lies in the future. Check the clock of the agent’s host."), field=name)
    if report.started_at.year < 2000:  # no clock that is set says so
        raise RecoveryError(_("This is too long ago. Check the clock of the agent’s host."), field="started_at")
    took = report.finished_at - report.started_at + CLOCK_DIFFERENCE
    if report.rto_seconds is not None and timedelta(seconds=report.rto_seconds) > took:
        raise RecoveryError(_("The restore took longer than the whole test. Check the report."), field="rto_seconds")


def _check_claims(report: Report) -> None:
    """Nobody may claim that a test passed without what proves it, nor that it did not without saying why."""
    has_failed = any(not check["passed"] for check in report.checks)
    if report.status != Status.PASSED:
        if not has_failed:
            message = _("A test that did not pass says why: send a check that does not hold, with its sentence.")
            raise RecoveryError(message, field="checks")
        return
    if has_failed:
        message = _("A test with a check that does not hold has not passed. Report it as failed.")
        raise RecoveryError(message, field="checks")
    if report.integrity != "ok":
        raise RecoveryError(_("A test that passed has the integrity “ok”."), field="integrity")
    if not sum(report.tables.values()):
        raise RecoveryError(_("A test that passed has counted rows in its tables."), field="tables")
    for name in ("sha256", "schema_fingerprint", "size_bytes", "rto_seconds"):
        if not getattr(report, name):
            raise RecoveryError(_("A test that passed says %(name)s.") % {"name": name}, field=name)
