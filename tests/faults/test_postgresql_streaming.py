"""A real standby: what comes back from a healthy one, and what it says of its freshness."""

import shutil
from datetime import UTC, datetime, timedelta

import psycopg
import pytest

from recovery.errors import RestoreInconclusive
from recovery.methods.backup import Secrets
from recovery.methods.inspection import Question
from tests.faults.postgresql import (
    ALL_ROWS,
    PASSWORD,
    ROWS,
    Pair,
    bounds,
    lag_of,
    wait_until,
)

pytestmark = pytest.mark.xdist_group("postgresql_streaming")


def test_everything_comes_back_from_a_healthy_standby(pair: Pair) -> None:
    outcome = pair.restore_test()
    found = outcome.found
    assert found.row_counts == ALL_ROWS
    assert found.schema.uncounted == ("cache",)
    assert (found.integrity.is_ok, found.integrity.problems, found.uncountable) == (True, (), {})
    assert (found.foreign_keys.violations, found.foreign_keys.unchecked) == (0, {})
    system = pair.primary.execute("SELECT system_identifier::text FROM pg_control_system()")
    assert found.identity == {"system_identifier": system[0][0]}
    assert len(found.sha256) == len(found.schema.fingerprint) == 64
    assert set(found.seconds) == {"integrity", "foreign_keys", "counts", "checks", "hash"}
    assert set(outcome.restored.seconds) == {"fetch", "restore"}
    assert outcome.progress[-1] > 20_000_000
    assert outcome.planned.expected_bytes is not None
    assert not outcome.planned.is_size_exact
    assert found.size_bytes < outcome.planned.expected_bytes


def test_the_fingerprint_is_the_same_again_and_another_after_a_change(pair: Pair) -> None:
    first = pair.restore_test().found.schema.fingerprint
    assert pair.restore_test().found.schema.fingerprint == first
    pair.primary.execute("ALTER TABLE empty ADD COLUMN more text DEFAULT 'x'")
    try:
        pair.catch_up()
        assert pair.restore_test().found.schema.fingerprint != first
    finally:
        pair.primary.execute("ALTER TABLE empty DROP COLUMN more")


def test_questions_are_answered_by_a_role_without_rights(pair: Pair) -> None:
    table = 'sales.or"der ไทย'
    questions = (
        Question("scalar", "scalar", sql="SELECT count(*) FROM users"),
        Question("numeric", "scalar", sql="SELECT 2.5"),
        Question("null", "scalar", sql="SELECT NULL"),
        Question("newest", "newest", table="users", column="seen_at"),
        Question("quoted", "newest", table=table, column="user_id"),
        Question("all", "content", table="users"),
        Question("some", "content", table="users", column="id", up_to=10),
        Question("same", "content", table="users", column="seen_at", up_to="2024-03-10T12:00:10+00:00"),
        Question("two rows", "scalar", sql="SELECT id FROM users"),
        Question("two statements", "scalar", sql="SELECT 1; SELECT 2"),
        Question("slow", "scalar", sql="SELECT pg_sleep(30)", seconds=0.2),
        Question("program", "scalar", sql="COPY users TO PROGRAM 'touch /tmp/run'"),
        Question("file", "scalar", sql="SELECT pg_read_file('/etc/passwd')"),
        Question("write", "scalar", sql="DELETE FROM users RETURNING 1"),
        Question("escape", "scalar", sql="SELECT set_config('role', 'boss', false)"),
        Question("gone", "newest", table="nothing", column="id"),
    )
    answers = pair.restore_test(questions=questions).found.answers
    values = {key: found.value for key, found in answers.items() if not found.problem}
    assert values.pop("all") != values.pop("some") == values.pop("same")
    assert values == {
        "scalar": ROWS,
        "numeric": 2.5,
        "null": None,
        "quoted": 1,
        "newest": (datetime(2024, 3, 10, 12, tzinfo=UTC) + timedelta(seconds=ROWS)).isoformat(),
    }
    assert "longer than 0.2" in answers["slow"].problem
    assert "permission denied" in answers["file"].problem
    assert "read-only" in answers["write"].problem
    assert "permission denied" in answers["escape"].problem
    assert "nothing" in answers["gone"].problem


def test_what_is_missing_is_measured_against_the_primary(pair: Pair) -> None:
    backup = pair.backup()
    source = backup.read_source(bounds(pair))
    restored = pair.restore_test(backup).restored
    assert source.last_write is not None
    assert restored.newest_at is not None
    assert restored.newest_at >= source.last_write
    description = backup.describe(bounds(pair))
    assert description.version.startswith("PostgreSQL ")
    assert description.size_bytes
    assert backup.tool_version().startswith("pg_basebackup ")
    shutil.rmtree(pair.scratch)
    pair.scratch.mkdir(mode=0o700)


def test_a_heartbeat_says_how_fresh_the_standby_is(pair: Pair) -> None:
    pair.primary.execute("UPDATE heartbeat SET at = '2024-03-10 12:00:07+00'")
    pair.catch_up()
    planned = pair.restore_test(pair.backup(heartbeat=("heartbeat", "at"))).planned
    assert planned.newest_at == datetime(2024, 3, 10, 12, 0, 7, tzinfo=UTC)


def test_a_point_in_time_is_refused(pair: Pair) -> None:
    with pytest.raises(RestoreInconclusive, match="only its latest state"):
        pair.backup().plan(bounds(pair), at=datetime(2024, 3, 10, tzinfo=UTC))


def test_the_lag_of_a_healthy_standby_is_small(pair: Pair) -> None:
    found = lag_of(pair)
    assert found.seconds is not None
    assert found.seconds < 2
    alone = lag_of(pair, primary_dsn=None)
    assert alone.seconds is not None
    assert "last spoke" in alone.reason


def test_paused_replay_is_never_a_small_lag(pair: Pair) -> None:
    backup = pair.backup()
    pair.standby.execute("SELECT pg_wal_replay_pause()")
    try:
        assert lag_of(pair) == lag_of(pair, heartbeat=("heartbeat", "at"))
        pair.primary.execute("INSERT INTO empty VALUES (1)")
        for changes in ({}, {"primary_dsn": None}, {"heartbeat": ("heartbeat", "at")}):
            found = lag_of(pair, **changes)
            assert found.seconds is None
            assert "paused" in found.reason
        source = backup.read_source(bounds(pair))
        restored = pair.restore_test(backup).restored
        # The copy may hold what the standby has received and not replayed, and then it is as new.
        assert source.last_write is not None
        assert restored.newest_at is not None
    finally:
        pair.standby.execute("SELECT pg_wal_replay_resume()")
        pair.primary.execute("DELETE FROM empty")
        for path in pair.scratch.iterdir():
            path.unlink()


def test_a_disconnected_standby_is_never_a_small_lag(pair: Pair) -> None:
    before = pair.standby.execute("SHOW primary_conninfo")[0][0]
    pair.standby.execute("ALTER SYSTEM SET primary_conninfo = ''", "SELECT pg_reload_conf()")
    try:
        wait_until(lambda: pair.standby.execute("SELECT count(*) FROM pg_stat_wal_receiver") == [(0,)])
        for changes in ({}, {"primary_dsn": None}, {"heartbeat": ("heartbeat", "at")}):
            found = lag_of(pair, **changes)
            assert found.seconds is None
            assert "receives nothing" in found.reason
        pair.primary.execute("INSERT INTO empty VALUES (1)")
        source = pair.backup().read_source(bounds(pair))
        outcome = pair.restore_test()
        assert outcome.found.row_counts["empty"] == 0
        assert source.last_write is not None
        assert outcome.restored.newest_at is not None
        assert outcome.restored.newest_at < source.last_write
    finally:
        pair.primary.execute("DELETE FROM empty")
        for path in pair.scratch.iterdir():
            path.unlink()
        literal = psycopg.sql.quote(before)
        pair.standby.execute(f"ALTER SYSTEM SET primary_conninfo = {literal}", "SELECT pg_reload_conf()")
        wait_until(lambda: pair.standby.execute("SELECT status FROM pg_stat_wal_receiver") == [("streaming",)])


def test_a_wrong_password_says_nothing_about_the_backup(pair: Pair) -> None:
    wrong = pair.backup(secrets=Secrets({"standby_password": "not-it", "primary_password": PASSWORD}))
    with pytest.raises(RestoreInconclusive, match="refused the password") as caught:
        pair.restore_test(wrong)
    assert "not-it" not in caught.value.message + caught.value.log_tail
    unknown = pair.backup(secrets=Secrets({"standby_password": PASSWORD, "primary_password": "not-it"}))
    source = unknown.read_source(bounds(pair))
    assert source.last_write is None
    assert "primary refused the password" in source.reason
    for path in pair.scratch.iterdir():
        path.unlink()


def test_a_role_without_rights_says_what_to_grant(pair: Pair) -> None:
    pair.primary.execute("REVOKE pg_monitor FROM debrief", "ALTER ROLE debrief NOREPLICATION")
    pair.catch_up()
    try:
        with pytest.raises(RestoreInconclusive, match="Grant it pg_monitor"):
            pair.restore_test()
        pair.primary.execute("GRANT pg_monitor TO debrief")
        pair.catch_up()
        with pytest.raises(RestoreInconclusive, match="attribute REPLICATION"):
            pair.restore_test()
    finally:
        pair.primary.execute("GRANT pg_monitor TO debrief", "ALTER ROLE debrief REPLICATION")
