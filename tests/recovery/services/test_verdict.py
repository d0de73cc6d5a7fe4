"""Each check at each of its edges, and the recovery point."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from recovery.checks.outcome import CheckOutcome
from recovery.methods.backup import SourceState
from recovery.methods.inspection import ForeignKeys, Integrity
from recovery.services.restore_results import conclude
from recovery.services.verdict import (
    explain_unknown,
    judge,
    judge_freshness,
    judge_moment,
    most_missing,
    recovery_point,
    stopped_early,
)
from tests.factories import NOW
from tests.recovery.checks.found import inspection

PATH = "/data/shop.db"


def outcome(name: str, **facts: Any) -> CheckOutcome:
    """The named check, which alone may differ from a sound database."""
    checks = {check.name: check for check in judge(inspection(**facts))}
    assert all(check.is_passed for other, check in checks.items() if other != name)
    assert checks[name].message.endswith(".")
    return checks[name]


def test_a_sound_database_holds_up_to_every_check() -> None:
    checks = judge(inspection())
    assert [check.name for check in checks] == ["size", "integrity_check", "foreign_keys", "row_counts"]
    assert all(check.is_passed for check in checks)
    assert checks[3].message == "3 rows in 1 tables were counted."


def test_one_byte_too_few_or_too_many_is_another_size() -> None:
    assert outcome("size", expected_bytes=8192).is_passed
    for expected in (8191, 8193, 0):
        assert not outcome("size", expected_bytes=expected).is_passed
    assert "should have 8.2 MB" in outcome("size", expected_bytes=8_200_000).message


def test_no_announced_size_holds_and_says_so() -> None:
    check = outcome("size", expected_bytes=None)
    assert check.is_passed
    assert "announces no size" in check.message


def test_integrity_is_sound_faulty_or_unknown_and_only_sound_holds() -> None:
    faulty = outcome("integrity_check", integrity=Integrity(is_ok=False, problems=("row 1 missing", "row 2 missing")))
    unknown = outcome("integrity_check", integrity=Integrity(is_ok=None, notes=("An index needs (no such function).",)))
    assert (faulty.is_passed, unknown.is_passed) == (False, False)
    assert "row 1 missing; row 2 missing" in faulty.message
    assert "no such function" in unknown.message


def test_each_note_is_an_outcome_of_its_own_told_once() -> None:
    notes = ("A copy without its -wal.", "Replay is paused.", "A copy without its -wal.")
    checks = judge(inspection(integrity=Integrity(is_ok=True, notes=notes)))
    assert [(one.name, one.outcome, one.message) for one in checks[4:]] == [
        ("note", "noted", "A copy without its -wal."),
        ("note", "noted", "Replay is paused."),
    ]
    assert checks[1].message.endswith("found no fault.")
    assert conclude(checks) == "passed"
    # Where they are the reason why nothing can be said, they are told with that.
    unknown = judge(inspection(integrity=Integrity(is_ok=None, notes=notes)))
    assert [one.message for one in unknown if "-wal" in one.message] == [unknown[1].message]
    assert unknown[1].message.count("-wal") == 1


def test_a_flood_of_faults_is_cut_to_what_a_person_reads() -> None:
    faults = tuple(f"fault {number}" for number in range(100))
    assert len(judge(inspection(integrity=Integrity(is_ok=False, problems=faults)))[1].message) < 400


def test_one_row_without_its_parent_is_too_many() -> None:
    check = outcome("foreign_keys", foreign_keys=ForeignKeys(1, ("orders",), {}))
    assert not check.is_passed
    assert "1 rows point to rows that are not there, in: orders" in check.message


def test_foreign_keys_that_cannot_be_checked_do_not_hold() -> None:
    check = outcome("foreign_keys", foreign_keys=ForeignKeys(0, (), {"orders": "foreign key mismatch"}))
    assert not check.is_passed
    assert "could not be checked in: orders" in check.message


@pytest.mark.parametrize("counts", [{}, {"users": 0}, {"users": 0, "orders": 0}])
def test_no_rows_at_all_do_not_hold(counts: dict[str, int]) -> None:
    assert not outcome("row_counts", row_counts=counts).is_passed


def test_one_row_holds_and_one_table_without_a_count_does_not() -> None:
    assert outcome("row_counts", row_counts={"users": 0, "orders": 1}).is_passed
    check = outcome("row_counts", uncountable={"orders": "malformed"})
    assert not check.is_passed
    assert "could not be counted in: orders" in check.message


def test_percent_signs_of_a_table_change_no_sentence() -> None:
    check = outcome("row_counts", uncountable={"100%s %(x)s": "malformed"})
    assert "100%s %(x)s" in check.message


def test_a_moment_is_reached_missed_by_a_gap_or_unknown() -> None:
    before = NOW - timedelta(seconds=90)
    reached = judge_moment(target_at=NOW, restored_to=before, has_gap=False)
    missed = judge_moment(target_at=NOW, restored_to=before, has_gap=True)
    unknown = judge_moment(target_at=NOW, restored_to=None, has_gap=False)
    assert [check.is_passed for check in (reached, missed, unknown)] == [True, False, False]
    assert "1 min 30 s before the time asked for" in reached.message
    assert "the replica lost what came next" in missed.message
    assert "does not say which moment" in unknown.message


@pytest.mark.parametrize("late", [timedelta(0), timedelta(seconds=90)])
def test_a_moment_that_was_passed_by_is_not_reached(late: timedelta) -> None:
    check = judge_moment(target_at=NOW, restored_to=NOW + late, has_gap=False)
    assert check.outcome == "failed"
    assert "is not before the time asked for" in check.message
    assert "the files of the replica have lost their times" in check.message


def freshness(seconds: float | None, objective: int | None = 60, method: str = "litestream") -> CheckOutcome | None:
    return judge_freshness(rpo_seconds=seconds, rpo_reason="Nobody knows.", objective_seconds=objective, method=method)


def test_freshness_is_met_missed_or_unknown() -> None:
    checks = [freshness(seconds) for seconds in (60.0, 60.001, None)]
    assert [check and check.outcome for check in checks] == ["passed", "failed", "unknown"]
    assert checks[2] is not None
    assert checks[2].message.endswith("Nobody knows.")


@pytest.mark.parametrize(
    ("method", "limit"),
    [("litestream", 300), ("postgresql_streaming", 300), ("sqlite_backup", 93_600), ("file_copy", 93_600)],
)
def test_without_an_objective_a_backup_may_be_as_old_as_its_method_makes_it(method: str, limit: int) -> None:
    fresh, stale = freshness(limit, None, method), freshness(limit + 1, None, method)
    assert fresh is not None
    assert stale is not None
    assert (fresh.outcome, stale.outcome) == ("passed", "failed")
    assert "No RPO objective is set" in stale.message
    unknown = freshness(None, None, method)
    assert unknown is not None
    assert (unknown.outcome, unknown.is_passed) == ("noted", True)
    assert unknown.message.endswith("Nobody knows.")


def test_what_stopped_early_stands_among_the_checks() -> None:
    expected = {"name": "restore", "passed": False, "outcome": "failed", "message": "It hung."}
    assert stopped_early("It hung.").as_json() == expected


def bounded(at_most: float | None, objective: int | None = 60) -> CheckOutcome | None:
    return judge_freshness(
        rpo_seconds=None, rpo_reason="It is on db7.", objective_seconds=objective, method="litestream", at_most=at_most
    )


@pytest.mark.parametrize(
    ("at_most", "outcome", "words"),
    [
        (60.0, "passed", "At most 1 min can be missing, within the RPO objective of 1 min."),
        (0.0, "passed", "At most 0 s can be missing"),
        (60.001, "unknown", "It is on db7. Set a heartbeat"),
        (None, "unknown", "cannot be said. It is on db7."),
    ],
)
def test_an_unknown_loss_is_judged_by_what_it_can_be_at_most(at_most: float | None, outcome: str, words: str) -> None:
    found = bounded(at_most)
    assert found is not None
    assert (found.outcome, words in found.message) == (outcome, True)
    without = bounded(at_most, objective=None)
    assert without is not None
    assert without.outcome == "noted"


def test_no_more_can_be_missing_than_was_written_until_the_test_began() -> None:
    def most(seconds: float | None) -> float | None:
        restored_to = None if seconds is None else NOW + timedelta(seconds=seconds)
        return most_missing(restored_to=restored_to, started_at=NOW, now=NOW + timedelta(seconds=5))

    assert [most(seconds) for seconds in (-90, 0, 4, 7)] == [90.0, 0.0, 0.0, 0.0]
    # Of no known time, or dated by a clock that is wrong.
    assert (most(None), most(7.1)) == (None, None)
    assert explain_unknown("It is on db7.", None) == "It is on db7."
    assert explain_unknown("It is on db7.", 90.0).startswith("It is on db7. At most 1 min 30 s can be missing;")


def point(
    restored: float | None, written: float | None, target: float | None = None, following: float | None = None
) -> tuple[float | None, str]:
    def at(seconds: float | None) -> datetime | None:
        return None if seconds is None else NOW + timedelta(seconds=seconds)

    return recovery_point(
        restored_to=at(restored),
        following_at=at(following),
        source=SourceState(at(written), "" if written is not None else f"{PATH} cannot be read."),
        target_at=at(target),
    )


def test_the_recovery_point_is_the_time_from_the_newest_transaction_to_the_last_write() -> None:
    assert point(0, 42) == (42.0, "")
    assert point(0, 0) == (0.0, "")
    assert point(0, 0.0004) == (0.0, "")
    assert point(0, 0.0006) == (0.001, "")


def test_a_transaction_newer_than_the_last_write_loses_nothing() -> None:
    assert point(5, 0) == (0.0, "")


def test_for_a_point_in_time_the_earlier_of_it_and_the_last_write_counts() -> None:
    assert point(0, 100, target=10) == (10.0, "")
    assert point(0, 10, target=100) == (10.0, "")
    assert point(0, 10, target=10) == (10.0, "")


def test_a_source_that_was_idle_until_the_moment_asked_for_misses_nothing() -> None:
    assert point(0, 100, target=10, following=10) == (0.0, "")
    assert point(0, None, target=10, following=11) == (0.0, "")
    assert point(0, 100, target=10, following=9.999) == (10.0, "")
    assert point(0, 100, following=11) == (100.0, "")


def test_what_is_not_known_has_a_reason() -> None:
    assert point(None, 1)[0] is None
    assert "newest transaction" in point(None, 1)[1]
    assert point(1, None)[0] is None
    assert PATH in point(1, None)[1]
    assert point(1, None, target=5)[0] is None
