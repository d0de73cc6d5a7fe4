"""Restore tests of backups whose data is stale or shrunken, with the real Litestream."""

import os
import shutil
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone

from recovery.models import Replica, RestoreTest
from recovery.services.acceptance import accept_result
from tests.factories import make_restore_test, make_user
from tests.faults.backup import Backup
from tests.recovery.runs import age_of_source, header_of, reason_of, run

Status = RestoreTest.Status


def names_of(test: RestoreTest) -> list[str]:
    return [check["name"] for check in test.checks]


def outcomes_of(test: RestoreTest) -> dict[str, str]:
    return {check["name"]: check["outcome"] for check in test.checks}


def with_rpo_objective(replica: Replica, seconds: int) -> Replica:
    replica.database.rpo_objective_seconds = seconds
    replica.database.save()
    return replica


def delete_most(backup: Backup) -> None:
    backup.execute("DELETE FROM users WHERE id > 299;")


def drop_the_table(backup: Backup) -> None:
    backup.execute("CREATE TABLE people (id); INSERT INTO people SELECT id FROM users; DROP TABLE users;")


@pytest.mark.parametrize(
    ("damage", "loss"),
    [
        (delete_most, "users has 299 rows (600 before)"),
        (drop_the_table, "users is missing (600 rows before)"),
    ],
)
def test_data_that_went_missing_since_the_last_passing_test_fails(
    replica: Replica, backup: Backup, damage: Callable[[Backup], None], loss: str
) -> None:
    before = run(replica)
    assert before.status == Status.PASSED
    damage(backup)
    backup.replicate()
    for _ in range(2):
        # What failed is no measure for the next one.
        test = run(replica)
        assert test.status == Status.FAILED
        assert f"Rows are gone since {before.reference}: {loss}. If that was meant, accept" in " ".join(test.reasons)
    # The way out that the sentence names.
    accept_result(test, actor=make_user(), now=timezone.now())
    assert run(replica).status == Status.PASSED


def test_a_lost_tail_fails_also_where_the_source_is_not_seen(replica: Replica, backup: Backup) -> None:
    before = run(replica)
    for path in backup.files()[1:]:
        path.unlink()
    test = run(replica)
    assert (test.status, test.tables) == (Status.FAILED, {"users": 100})
    assert before.reference in reason_of(test)
    assert run(replica, at=timezone.now()).status == Status.FAILED


def test_an_older_state_may_hold_less_and_lowers_no_bar(replica: Replica, backup: Backup) -> None:
    run(replica)
    older = run(replica, at=header_of(backup.files()[1]).at)
    assert (older.status, older.tables) == (Status.PASSED, {"users": 100})
    assert outcomes_of(older)["no_shrinkage"] == "skipped"
    for path in backup.files()[1:]:
        path.unlink()
    assert run(replica).status == Status.FAILED


def test_half_of_the_rows_and_more_than_before_hold(replica: Replica, backup: Backup) -> None:
    first = run(replica)
    backup.write(10)
    backup.replicate()
    assert run(replica).status == Status.PASSED
    backup.execute("DELETE FROM users WHERE id > 305;")
    backup.replicate()
    test = run(replica)
    assert (test.status, outcomes_of(test)["no_shrinkage"]) == (Status.PASSED, "passed")
    assert outcomes_of(first)["no_shrinkage"] == "skipped"


def test_another_replicas_rows_are_no_measure(replica: Replica) -> None:
    make_restore_test(Replica.objects.create(database=replica.database, name="far"))
    assert run(replica).status == Status.PASSED


def test_a_backup_that_misses_its_rpo_objective_fails(replica: Replica, backup: Backup) -> None:
    age_of_source(backup, after_newest=timedelta(seconds=42))
    assert run(with_rpo_objective(replica, 42)).status == Status.PASSED
    test = run(with_rpo_objective(replica, 41))
    assert (test.status, names_of(test)[-1]) == (Status.FAILED, "freshness")
    assert "42 s are missing; the RPO objective is 41 s" in reason_of(test)


def test_freshness_that_cannot_be_known_is_inconclusive(replica: Replica, backup: Backup) -> None:
    shutil.move(backup.source, backup.source.with_name("elsewhere.db"))
    test = run(with_rpo_objective(replica, 0))
    assert (test.status, test.rpo_seconds, test.tables) == (Status.INCONCLUSIVE, None, {"users": 600})
    assert f"The source {backup.source} cannot be read from here" in reason_of(test)
    assert "Set a heartbeat" in reason_of(test)
    make_restore_test(replica, tables={"orders": 50})
    assert run(replica).status == Status.FAILED


def test_without_the_source_an_objective_is_met_by_what_can_be_missing_at_most(
    replica: Replica, backup: Backup
) -> None:
    shutil.move(backup.source, backup.source.with_name("elsewhere.db"))
    test = run(with_rpo_objective(replica, 100_000_000))
    assert (test.status, test.rpo_seconds, test.is_rpo_met) == (Status.PASSED, None, None)
    assert "within the RPO objective" in str(test.checks[-1]["message"])
    assert "At most " in test.rpo_reason


def test_a_heartbeat_that_cannot_be_read_is_not_made_up_for(replica: Replica, backup: Backup) -> None:
    replica.database.heartbeat_table, replica.database.heartbeat_column = "users", "beat"
    test = run(with_rpo_objective(replica, 100_000_000))
    assert (test.status, test.rpo_seconds) == (Status.INCONCLUSIVE, None)
    assert "The heartbeat could not be read" in reason_of(test)
    assert "At most" not in test.rpo_reason


def test_a_point_in_time_has_no_freshness_and_a_missed_rto_fails_nothing(replica: Replica, backup: Backup) -> None:
    age_of_source(backup, after_newest=timedelta(seconds=42))
    replica.database.rto_objective_seconds = 0
    test = run(with_rpo_objective(replica, 1), at=header_of(backup.files()[-1]).at)
    assert (test.status, test.is_rto_met) == (Status.PASSED, False)
    assert "freshness" not in names_of(test)


def test_a_database_that_is_only_read_stays_fresh(replica: Replica, backup: Backup) -> None:
    age_of_source(backup, after_newest=timedelta(0))
    # As SQLite makes it for whoever opens the database.
    log = backup.source.with_name("source.db-wal")
    log.write_bytes(b"")
    os.utime(log, (timezone.now().timestamp() + 3600,) * 2)
    assert run(with_rpo_objective(replica, 1)).status == Status.PASSED
