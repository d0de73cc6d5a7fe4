"""Whole restore tests of a real replica, with the real Litestream."""

import hashlib
import subprocess
import sysconfig
from datetime import timedelta
from pathlib import Path

from django.utils import timezone

from recovery.models import Replica, RestoreTest
from recovery.services.restore_runs import run_restore_test
from recovery.services.restore_tests import create_restore_test
from tests.faults.backup import Backup
from tests.recovery.runs import age_of_source, header_of, run, watched

PASSED, FAILED = RestoreTest.Status.PASSED, RestoreTest.Status.FAILED


def restore_by_hand(replica: Path, output: Path) -> bytes:
    tool = Path(sysconfig.get_path("scripts")) / "litestream"
    subprocess.run([tool, "restore", "-o", output, f"file://{replica}"], check=True, capture_output=True)
    return output.read_bytes()


def test_a_healthy_backup_passes_with_everything_measured(replica: Replica, backup: Backup, tmp_path: Path) -> None:
    age_of_source(backup, after_newest=timedelta(seconds=42))
    before = backup.digest()
    test = run(replica)
    by_hand = restore_by_hand(backup.replica.path, tmp_path / "by-hand.db")
    assert test.status == PASSED
    assert test.reasons == []
    assert [check["name"] for check in test.checks] == [
        "size",
        "integrity_check",
        "foreign_keys",
        "row_counts",
        "no_shrinkage",
        "freshness",
    ]
    assert test.tables == {"users": 600}
    assert test.integrity == "ok"
    assert test.sha256 == hashlib.sha256(by_hand).hexdigest()
    assert test.size_bytes == test.bytes_done == test.bytes_expected == len(by_hand)
    assert test.restored_to == header_of(backup.files()[-1]).at
    assert test.restored_txid == backup.files()[-1].stem.split("-")[1]
    assert (test.rpo_seconds, test.rpo_reason) == (42.0, "")
    assert test.tool.startswith("litestream 0.5.")
    assert test.exit_code == 0
    assert backup.digest() == before


def test_the_recovery_time_holds_all_that_must_happen(replica: Replica) -> None:
    test = run(replica)
    assert set(test.phases) == {"plan", "restore", "integrity", "foreign_keys", "counts", "hash"}
    assert test.rto_seconds is not None
    assert test.finished_at is not None
    assert test.started_at is not None
    one_after_another = test.phases["plan"] + test.phases["restore"] + test.phases["integrity"]
    assert one_after_another <= test.rto_seconds + 0.01
    assert test.rto_seconds <= (test.finished_at - test.started_at).total_seconds() + 0.01


def test_everything_replicated_is_a_recovery_point_of_nothing(replica: Replica, backup: Backup) -> None:
    age_of_source(backup, after_newest=timedelta(seconds=-3))
    assert run(replica).rpo_seconds == 0.0


def test_a_source_out_of_sight_leaves_the_recovery_point_unknown(replica: Replica, backup: Backup) -> None:
    replica.database.path = "/gone/" + "x" * 900
    replica.database.save()
    test = run(replica)
    assert test.status == PASSED
    assert test.rpo_seconds is None
    assert test.rpo_reason.startswith("The source /gone/xxx")
    assert len(test.rpo_reason) <= 300


def test_objectives_are_those_of_the_moment_it_was_asked_for(replica: Replica, backup: Backup) -> None:
    age_of_source(backup, after_newest=timedelta(seconds=42))
    replica.database.rpo_objective_seconds, replica.database.rto_objective_seconds = 41, 3600
    replica.database.save()
    test = run(replica)
    replica.database.rpo_objective_seconds = 9999
    replica.database.save()
    test.refresh_from_db()
    assert (test.rpo_objective_seconds, test.is_rpo_met, test.is_rto_met) == (41, False, True)


def test_a_point_in_time_gives_what_was_there_just_before(replica: Replica, backup: Backup) -> None:
    age_of_source(backup, after_newest=timedelta(seconds=42))
    second, third = (header_of(path).at for path in backup.files()[1:])
    test = run(replica, at=third)
    assert test.status == PASSED
    assert test.tables == {"users": 300}
    assert test.restored_to == second
    assert test.rpo_seconds == 0.0
    assert test.checks[-1]["name"] == "point_in_time"


def test_a_point_in_time_within_several_transactions_misses_some(replica: Replica, backup: Backup) -> None:
    age_of_source(backup, after_newest=timedelta(seconds=42))
    first, second, third = backup.files()
    at = header_of(third).at
    level = backup.replica.path / "ltx" / "1"
    level.mkdir()
    # As Litestream compacts them: the time is that of the last.
    third.rename(level / f"{second.stem.split('-')[0]}-{third.name.split('-')[1]}")
    second.unlink()
    test = run(replica, at=at)
    assert test.rpo_seconds == round((at - header_of(first).at).total_seconds(), 3)


def test_a_point_in_time_later_than_all_writes_misses_nothing(replica: Replica, backup: Backup) -> None:
    age_of_source(backup, after_newest=timedelta(0))
    test = run(replica, at=timezone.now())
    assert (test.status, test.tables, test.rpo_seconds) == (PASSED, {"users": 600}, 0.0)


def test_a_point_in_time_within_a_gap_fails(replica: Replica, backup: Backup) -> None:
    at = header_of(backup.files()[-1]).at
    backup.files()[1].unlink()
    test = run(replica, at=at)
    assert test.status == FAILED
    assert test.tables == {"users": 100}
    assert "because the replica lost what came next" in test.reasons[0]


def test_a_claimed_test_is_run_by_nobody_else(replica: Replica) -> None:
    waiting = create_restore_test(replica, actor=None, now=timezone.now())
    others: list[RestoreTest | None] = []
    with watched(lambda _sql: others.append(run_restore_test(waiting.number, now=timezone.now()))):
        first = run_restore_test(waiting.number, now=timezone.now())
    assert first is not None
    assert set(others) == {None}
    assert run_restore_test(waiting.number, now=timezone.now()) is None
    waiting.refresh_from_db()
    assert waiting.finished_at == first.finished_at


def test_a_number_nobody_has_runs_nothing(db: None) -> None:
    assert run_restore_test(99, now=timezone.now()) is None
