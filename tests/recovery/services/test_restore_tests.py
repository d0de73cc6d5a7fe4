"""Asking for restore tests."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from pytest_django.fixtures import DjangoCaptureOnCommitCallbacks

from recovery.errors import RecoveryError
from recovery.models import RestoreTest
from recovery.services.restore_tests import TASK, create_restore_test, queue_restore_test
from tests.factories import NOW, make_database, make_replica, make_restore_test, make_user
from tests.recovery.messages import drain

pytestmark = pytest.mark.django_db


def test_a_test_waits_with_the_objectives_of_its_database() -> None:
    actor = make_user()
    replica = make_replica(make_database(rpo_objective_seconds=1, rto_objective_seconds=60))
    test = create_restore_test(replica, actor=actor, now=NOW, at=NOW - timedelta(days=1))
    assert (test.status, test.requested_by, test.requested_at) == ("pending", actor, NOW)
    assert (test.rpo_objective_seconds, test.rto_objective_seconds) == (1, 60)
    assert test.target_at == NOW - timedelta(days=1)


@pytest.mark.parametrize(("status", "words"), [("preparing", "Wait until it is"), ("broken", "could not be made")])
def test_a_replica_that_is_not_ready_is_not_tested(status: str, words: str) -> None:
    replica = make_replica(status=status)
    with pytest.raises(RecoveryError, match=words):
        create_restore_test(replica, actor=None, now=NOW)
    assert not RestoreTest.objects.exists()


def test_a_time_to_come_cannot_be_restored_to() -> None:
    replica = make_replica()
    with pytest.raises(RecoveryError, match="lies in the future") as caught:
        create_restore_test(replica, actor=None, now=NOW, at=NOW + timedelta(seconds=1))
    assert caught.value.field == "at"
    assert create_restore_test(replica, actor=None, now=NOW, at=NOW).target_at == NOW


def test_a_time_before_all_backups_cannot_be_restored_to() -> None:
    earliest = datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=14)))
    for at in (earliest, datetime(1969, 12, 31, tzinfo=UTC)):
        with pytest.raises(RecoveryError, match="No backup is that old") as caught:
            create_restore_test(make_replica(make_database(str(at.year))), actor=None, now=NOW, at=at)
        assert caught.value.field == "at"


@pytest.mark.parametrize("status", ["pending", "running"])
def test_one_test_of_a_replica_at_a_time(status: str) -> None:
    first = make_restore_test(status=status, heartbeat_at=NOW if status == "running" else None)
    with pytest.raises(RecoveryError, match=f"{first.reference} of this replica has not finished yet"):
        create_restore_test(first.replica, actor=None, now=NOW)
    create_restore_test(make_replica(first.replica.database, name="other"), actor=None, now=NOW)


def test_a_test_whose_worker_died_stands_in_nobodys_way() -> None:
    dead = make_restore_test(status="running", heartbeat_at=NOW - timedelta(seconds=61))
    create_restore_test(dead.replica, actor=None, now=NOW)
    dead.refresh_from_db()
    assert (dead.status, dead.finished_at) == ("inconclusive", NOW)


def test_a_queued_test_is_told_to_the_workers_of_restores(
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        test = queue_restore_test(make_replica(), actor=make_user(), now=NOW)
        assert drain("restores") == []
    assert drain("restores") == [(TASK, [test.number])]
