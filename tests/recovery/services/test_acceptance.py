"""Accepting what a failed test found."""

from typing import Any

import pytest

from accounts.models import User
from recovery.errors import RecoveryError
from recovery.models import Check, Replica, RestoreTest
from recovery.queries import previous_passed
from recovery.services.acceptance import accept_result, is_acceptable, take_back_acceptance
from tests.factories import NOW, make_replica, make_restore_test, make_user

SHRUNK = {"name": "no_shrinkage", "passed": False, "outcome": "failed", "message": "Rows are gone."}
DAMAGED = {"name": "integrity_check", "passed": False, "outcome": "failed", "message": "It is damaged."}


@pytest.fixture
def replica(db: None) -> Replica:
    return make_replica()


@pytest.fixture
def actor(db: None) -> User:
    return make_user()


def failed(replica: Replica, *checks: dict[str, Any], **facts: Any) -> RestoreTest:
    return make_restore_test(
        replica, "failed", **{"tables": {"people": 3}, "checks": list(checks or [SHRUNK]), **facts}
    )


def test_later_tests_are_compared_with_what_was_accepted(replica: Replica, actor: User) -> None:
    passed, shrunk = make_restore_test(replica), failed(replica, schema_fingerprint="b" * 64)
    later = make_restore_test(replica, "failed")
    assert previous_passed(later) == passed
    later.delete()
    accept_result(shrunk, actor=actor, now=NOW)
    later = RestoreTest.objects.get(pk=failed(replica).pk)
    assert previous_passed(later) == shrunk
    learnt = Check.objects.get(kind="required_tables", database=replica.database)
    assert learnt.parameters == {"tables": ["people"]}
    shrunk.refresh_from_db()
    assert shrunk.status == "failed"


def test_taken_back_the_last_passing_test_counts_again(replica: Replica, actor: User) -> None:
    passed, shrunk = make_restore_test(replica), failed(replica)
    accept_result(shrunk, actor=actor, now=NOW)
    take_back_acceptance(shrunk, actor=actor, now=NOW)
    later = RestoreTest.objects.get(pk=failed(replica).pk)
    assert previous_passed(later) == passed
    learnt = Check.objects.get(kind="required_tables", database=replica.database)
    assert learnt.parameters == {"tables": ["users"]}


@pytest.mark.parametrize(
    "facts",
    [{"checks": [SHRUNK, DAMAGED]}, {"checks": [DAMAGED]}, {"target_at": NOW}, {"status": "passed", "checks": []}],
)
def test_only_a_comparison_can_be_accepted_away(replica: Replica, actor: User, facts: dict[str, Any]) -> None:
    test = make_restore_test(replica, **({"status": "failed", "checks": [SHRUNK]} | facts))
    assert not is_acceptable(test)
    with pytest.raises(RecoveryError, match="cannot be accepted"):
        accept_result(test, actor=actor, now=NOW)


def test_an_older_result_is_not_how_it_should_be_now(replica: Replica, actor: User) -> None:
    older, _newer = failed(replica), failed(replica)
    with pytest.raises(RecoveryError, match="not the newest test"):
        accept_result(older, actor=actor, now=NOW)
    replica.refresh_from_db()
    assert replica.accepted_test is None
