"""Whole restore tests of a real standby: checks that hold, and then do not."""

import pytest
from pytest_django import Settings

from recovery.models import Database, Replica, RestoreTest
from recovery.services.heartbeats import set_heartbeat
from tests.factories import make_check, make_replica
from tests.faults.postgresql import PASSWORD, ROWS, Pair
from tests.recovery.runs import reason_of, run

pytestmark = pytest.mark.xdist_group("postgresql_streaming")
Status = RestoreTest.Status


@pytest.fixture
def standby(db: None, pair: Pair, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Replica:
    """The healthy standby, registered."""
    settings.SCRATCH_DIR = pair.scratch
    monkeypatch.setenv("PASSWORD_OF_THE_TESTS", PASSWORD)
    secrets = {"password": "env:PASSWORD_OF_THE_TESTS"}
    database = Database.objects.create(name="shop", kind="postgresql", dsn=pair.primary.dsn, secrets=secrets)
    return make_replica(database, pair.standby.dsn, method="postgresql_streaming", secrets=secrets)


def test_a_query_that_gives_another_answer(standby: Replica, pair: Pair) -> None:
    sql = "SELECT count(*) FROM users WHERE name <> 'nobody'"
    make_check(standby.database, "sql_assertion", parameters={"sql": sql, "operator": ">=", "expected": str(ROWS)})
    test = run(standby)
    assert (test.status, test.tables["users"]) == (Status.PASSED, ROWS)
    pair.primary.execute("UPDATE users SET name = 'nobody' WHERE id = 1")
    try:
        pair.catch_up()
        test = run(standby)
    finally:
        pair.primary.execute("UPDATE users SET name = 'user 1' WHERE id = 1")
    assert test.status == Status.FAILED
    assert reason_of(test) == f"“{sql}” gives {ROWS - 1}; expected was >= {ROWS}."


def test_a_table_that_is_not_there_fails(standby: Replica) -> None:
    asked = {"sql": "SELECT count(*) FROM orders", "operator": ">=", "expected": "0"}
    make_check(standby.database, "sql_assertion", parameters=asked)
    make_check(standby.database, "newest_value", parameters={"table": "orders", "column": "at", "seconds": 60})
    make_check(standby.database, "minimum_rows", parameters={"table": "orders", "rows": 1})
    test = run(standby)
    assert (test.status, test.reasons) == (Status.FAILED, ["The table orders is missing."] * 3)


def test_rows_that_went_missing_since_the_last_passing_test(standby: Replica, pair: Pair) -> None:
    pair.primary.execute("CREATE TABLE jobs AS SELECT n FROM generate_series(1, 100) n")
    try:
        pair.catch_up()
        before = run(standby)
        assert before.status == Status.PASSED
        pair.primary.execute("DELETE FROM jobs WHERE n > 40")
        pair.catch_up()
        test = run(standby)
    finally:
        pair.primary.execute("DROP TABLE jobs")
    assert test.status == Status.FAILED
    assert f"Rows are gone since {before.reference}: jobs has 40 rows (100 before)." in reason_of(test)


def test_the_standby_of_another_cluster(standby: Replica, pair: Pair, copied: Pair) -> None:
    assert run(standby).status == Status.PASSED
    copied.standby.set_up_still()
    standby.destination = copied.standby.dsn
    standby.save()
    test = run(standby)
    assert test.status == Status.FAILED
    assert reason_of(test).startswith("The standby belongs to another system")


def test_a_heartbeat_that_is_too_old(standby: Replica, pair: Pair) -> None:
    standby.database.rpo_objective_seconds = 60
    standby.database.save()
    set_heartbeat(standby.database, table="heartbeat", column="at")
    pair.primary.execute("UPDATE heartbeat SET at = now()")
    pair.catch_up()
    assert run(standby).status == Status.PASSED
    pair.primary.execute("UPDATE heartbeat SET at = now() - interval '10 minutes'")
    pair.catch_up()
    test = run(standby)
    assert (test.status, test.is_rpo_met) == (Status.FAILED, False)
    assert "are missing; the RPO objective is 1 min. Check the replication." in reason_of(test)
