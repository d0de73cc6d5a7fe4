"""Accepting what a failed test found as how it should be, such as after rows were deleted on purpose."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from recovery.checks import identity, no_shrinkage, required_tables, schema
from recovery.errors import RecoveryError
from recovery.models import Alarm, Replica, RestoreTest
from recovery.services.alarms import close_alarm, replica_subject
from recovery.services.checks import learn
from recovery.services.replica_holding import hold_replica
from recovery.services.results import report_result

# What is judged by comparing with an earlier test; nothing else can be accepted away.
COMPARISONS = {identity.NAME, no_shrinkage.NAME, required_tables.NAME, schema.NAME}


def is_acceptable(test: RestoreTest) -> bool:
    """Whether it failed only by comparison with an earlier test of the latest state."""
    failed = {check["name"] for check in test.checks if not check["passed"]}
    return (
        test.status == RestoreTest.Status.FAILED and test.target_at is None and bool(failed) and failed <= COMPARISONS
    )


@transaction.atomic
def accept_result(test: RestoreTest, *, actor: User, now: datetime) -> Replica:
    """What the test found is how it should be: later tests of its replica are compared with it. The test stays failed.

    Raises RecoveryError for a test that is not the newest of its replica's latest state, or failed for another reason.
    """
    replica = hold_replica(test.replica_id)
    if not is_acceptable(test):
        raise RecoveryError(
            _("%(test)s cannot be accepted: it did not fail by comparison with an earlier test alone.")
            % {"test": test.reference}
        )
    newest = replica.restore_tests.filter(target_at=None, finished_at__isnull=False).first()
    if newest != test:
        raise RecoveryError(
            _("%(test)s is not the newest test of this replica any more. Look at the newest one.")
            % {"test": test.reference}
        )
    learn(
        replica.database, schema_fingerprint=test.schema_fingerprint, tables=list(test.tables), identity=test.identity
    )
    reason = _("%(test)s was accepted by %(name)s as how it should be.") % {"test": test.reference, "name": actor}
    close_alarm(Alarm.Kind.FAILED, subject=replica_subject(replica), reason=reason, now=now)
    return _mark(replica, test, actor, now)


@transaction.atomic
def take_back_acceptance(test: RestoreTest, *, actor: User, now: datetime) -> Replica:
    """Later tests are compared with the last one that passed, as before; what is expected is learnt from that again."""
    replica = hold_replica(test.replica_id)
    if replica.accepted_test_id == test.pk:
        passed = replica.restore_tests.filter(status=RestoreTest.Status.PASSED, target_at=None).first()
        if passed:
            learn(
                replica.database,
                schema_fingerprint=passed.schema_fingerprint,
                tables=list(passed.tables),
                identity=passed.identity,
            )
        _mark(replica, None, actor, now)
        report_result(test, now=now)
    return replica


def _mark(replica: Replica, test: RestoreTest | None, actor: User, now: datetime) -> Replica:
    replica.accepted_test, replica.accepted_by, replica.accepted_at = test, actor, now
    replica.save(update_fields=["accepted_test", "accepted_by", "accepted_at", "updated_at"])
    return replica
