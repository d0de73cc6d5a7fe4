"""What pages read."""

import pytest

from recovery.queries import HISTORY, list_databases, list_restore_tests, previous_passed
from tests.factories import NOW, make_database, make_replica, make_restore_test

pytestmark = pytest.mark.django_db


def test_a_database_shows_the_newest_test_that_finished() -> None:
    replica = make_replica()
    make_restore_test(replica)
    newest = make_restore_test(replica, status="failed")
    for status in ("running", "pending"):
        make_restore_test(replica, status=status)
    ((found,),) = [known.latest_tests for known in list_databases().get().replicas.all()]
    assert found == newest


def test_each_replica_has_its_own_newest_test() -> None:
    first = make_replica()
    second, untested = make_replica(first.database, name="second"), make_replica(first.database, name="untested")
    tests = {replica: [make_restore_test(replica)] for replica in (first, second)} | {untested: []}
    assert {replica: replica.latest_tests for replica in list_databases().get().replicas.all()} == tests


def test_the_history_of_a_database_is_the_newest_of_its_own() -> None:
    replica, other = make_replica(), make_replica(make_database("other"))
    make_restore_test(other)
    tests = [make_restore_test(replica) for _ in range(HISTORY + 1)]
    assert [*list_restore_tests(replica.database)] == tests[:0:-1]


def test_the_test_before_is_the_last_of_the_same_replica_that_passed() -> None:
    replica = make_replica()
    passed = make_restore_test(replica)
    make_restore_test(replica, status="failed")
    make_restore_test(make_replica(replica.database, name="other"))
    make_restore_test(replica, target_at=NOW)
    test = make_restore_test(replica)
    make_restore_test(replica)
    assert previous_passed(test) == passed
    assert previous_passed(passed) is None
