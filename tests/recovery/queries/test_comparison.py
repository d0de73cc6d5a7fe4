"""What each method measured."""

from accounts.models import User
from recovery.models import RestoreTest
from recovery.queries import compare_methods, filter_restore_tests
from tests.factories import NOW, make_database, make_replica, make_restore_test


def test_only_passed_tests_of_the_latest_state_count_each_origin_apart(viewer: User) -> None:
    replica = make_replica(method="file_copy")
    measured = [make_restore_test(replica, rto_seconds=seconds, rpo_seconds=None) for seconds in (1, 5, 9)]
    make_restore_test(replica, status="failed", rto_seconds=100)
    make_restore_test(replica, target_at=NOW, rto_seconds=100)
    make_restore_test(replica, origin="reported", rto_seconds=50)
    figures = compare_methods(with_demonstration=False)
    found = figures["file_copy"]
    assert {origin: one.count for origin, one in found.items()} == {"measured": 3, "reported": 1}
    assert found["measured"].rto
    assert found["measured"].rto.median == 5
    assert found["measured"].rpo is None
    assert figures["litestream"] == {}
    assert {*filter_restore_tests(found["measured"].tests, viewer)} == {*measured}


def test_demonstration_data_counts_only_where_it_is_asked_for(viewer: User) -> None:
    make_restore_test(make_replica(make_database("shown", is_demonstration=True)), rto_seconds=99)
    real = make_restore_test(make_replica(make_database("real")), rto_seconds=1)
    without, with_it = (compare_methods(with_demonstration=asked)["litestream"]["measured"] for asked in (False, True))
    assert [without.count, with_it.count] == [1, 2]
    assert [*filter_restore_tests(without.tests, viewer)] == [real]
    assert filter_restore_tests(with_it.tests, viewer).count() == RestoreTest.objects.count()
