from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from recovery.api.schemas import ReportIn
from recovery.errors import NotRegistered, RecoveryError, ReportTaken
from recovery.models import Check, Replica, RestoreTest, TestRecord
from recovery.services.agent_report import Report
from recovery.services.reports import report_restore_test
from tests.factories import make_database, make_replica, make_restore_test
from tests.recovery.reported import report_of

BROKEN = [{"name": "restore", "passed": False, "message": "The replica holds no backup that can be restored."}]


@pytest.fixture
def known(db: None) -> Replica:
    return make_replica(make_database("shop", host="db1", rpo_objective_seconds=60, rto_objective_seconds=30))


def report(**facts: Any) -> tuple[RestoreTest, bool]:
    sent = ReportIn.model_validate(report_of(**facts))
    return report_restore_test(Report(**sent.model_dump()), now=timezone.now())


def reported(**facts: Any) -> RestoreTest:
    test, is_new = report(**facts)
    assert is_new
    return test


def ago(seconds: float) -> str:
    return (timezone.now() - timedelta(seconds=seconds)).isoformat()


def test_a_report_is_a_finished_test_that_says_where_it_comes_from(known: Replica) -> None:
    test = reported()
    assert (test.status, test.origin, test.trigger, test.reporter) == ("passed", "reported", "api", "db1.example.org")
    assert (test.rpo_seconds, test.rto_seconds, test.is_rpo_met, test.is_rto_met) == (0.5, 8.5, True, True)
    assert (test.rpo_objective_seconds, test.rto_objective_seconds) == (60, 30)
    assert test.tables == {"users": 150_000, "sessions": 50_000}
    assert test.configuration["checks"]


def test_objectives_are_those_of_that_day(known: Replica) -> None:
    test = reported()
    known.database.rto_objective_seconds = 1
    known.database.save()
    test.refresh_from_db()
    assert test.is_rto_met is True


def test_the_result_is_recorded_like_any_other(known: Replica) -> None:
    test = reported()
    assert TestRecord.objects.get().restore_test == test


def test_the_same_report_twice_is_one_test(known: Replica) -> None:
    first, _is_new = report()
    second, is_new = report(status="failed", checks=BROKEN)
    assert (first, is_new) == (second, False)
    assert second.status == "passed"
    assert RestoreTest.objects.count() == TestRecord.objects.count() == 1


def test_a_report_sent_twice_at_once_is_one_test(known: Replica, monkeypatch: pytest.MonkeyPatch) -> None:
    from recovery.services import reports

    first = reported()
    find, calls = reports._find_reported, []

    def find_late(*args: Any) -> RestoreTest | None:
        calls.append(args)
        return None if len(calls) == 1 else find(*args)

    monkeypatch.setattr(reports, "_find_reported", find_late)
    assert report() == (first, False)


def test_the_key_of_another_report_is_refused(known: Replica) -> None:
    reported()
    with pytest.raises(ReportTaken):
        report(reporter="another host")


@pytest.mark.parametrize("facts", [{"database": "blog"}, {"replica": "s3"}])
def test_what_nobody_registered_is_refused(known: Replica, facts: dict[str, str]) -> None:
    with pytest.raises(NotRegistered, match="Register"):
        report(**facts)


def test_demonstration_data_takes_no_report(known: Replica) -> None:
    known.database.is_demonstration = True
    known.database.save()
    with pytest.raises(RecoveryError, match="demonstration"):
        report()


@pytest.mark.parametrize(
    "facts",
    [
        {"checks": [*BROKEN]},
        {"integrity": ""},
        {"integrity": "row 1 missing from index"},
        {"tables": {}},
        {"tables": {"users": 0}},
        {"sha256": None},
        {"schema_fingerprint": None},
        {"size_bytes": None},
        {"size_bytes": 0},
        {"rto_seconds": None},
    ],
)
def test_nobody_claims_that_it_passed_without_what_proves_it(known: Replica, facts: dict[str, Any]) -> None:
    with pytest.raises(RecoveryError):
        report(**facts)
    assert not RestoreTest.objects.exists()


@pytest.mark.parametrize("status", ["failed", "timed_out", "inconclusive"])
def test_a_test_that_did_not_pass_says_why(known: Replica, status: str) -> None:
    with pytest.raises(RecoveryError, match="says why"):
        report(status=status)
    nothing = {"sha256": None, "integrity": "", "tables": {}, "rto_seconds": None, "restored_to": None}
    test = reported(status=status, checks=BROKEN, **nothing)
    assert (test.status, test.reasons) == (status, [BROKEN[0]["message"]])
    assert (test.rpo_seconds, test.rpo_reason) == (None, "Nothing was restored.")


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        (lambda: {"finished_at": ago(-600)}, "finished_at"),
        (lambda: {"finished_at": ago(60)}, "finished_at"),
        (lambda: {"restored_to": ago(-600)}, "restored_to"),
        (lambda: {"source_written_at": ago(-600)}, "source_written_at"),
        (lambda: {"started_at": ago(8 * 86_400)}, "started_at"),
        (lambda: {"started_at": "1999-12-31T23:00:00Z", "finished_at": "1999-12-31T23:01:00Z"}, "started_at"),
        (lambda: {"rto_seconds": 5000.0}, "rto_seconds"),
    ],
)
def test_times_that_cannot_be_are_refused(known: Replica, facts: Callable[[], dict[str, Any]], field: str) -> None:
    # Counted from the moment of the test, not from when all tests were collected, which may be long before.
    with pytest.raises(RecoveryError) as caught:
        report(**facts())
    assert caught.value.field == field


def test_clocks_may_differ_by_minutes(known: Replica) -> None:
    assert reported(finished_at=ago(-200)).status == "passed"


def test_old_data_does_not_pass_whatever_the_agent_says(known: Replica) -> None:
    test = reported(restored_to=ago(4000), source_written_at=ago(20))
    assert test.status == "failed"
    assert "RPO objective" in test.reasons[0]


def test_an_objective_without_a_time_of_the_source_is_unknown(known: Replica) -> None:
    test = reported(source_written_at=None)
    assert (test.status, test.rpo_seconds) == ("inconclusive", None)
    assert "--source" in test.reasons[0]


def test_a_slow_restore_misses_its_objective(known: Replica) -> None:
    assert reported(rto_seconds=31.0).is_rto_met is False


def test_rows_that_are_gone_are_noticed_here(known: Replica) -> None:
    before = make_restore_test(known, tables={"users": 400_000, "sessions": 50_000})
    test = reported()
    assert test.status == "failed"
    assert before.reference in test.reasons[0]


def test_a_table_that_is_gone_is_noticed_here(known: Replica) -> None:
    reported()
    test = reported(report_key="another-key-1", tables={"users": 150_000})
    assert test.status == "failed"
    assert any("sessions" in reason for reason in test.reasons)


def test_another_database_is_noticed_here(known: Replica) -> None:
    reported()
    test = reported(report_key="another-key-1", identity={"application_id": "17"})
    assert test.status == "failed"
    assert any("another database" in reason for reason in test.reasons)


def test_a_check_that_only_a_query_answers_is_named_as_left_out(known: Replica) -> None:
    parameters = {"sql": "SELECT 1", "operator": "=", "expected": "1"}
    Check.objects.create(database=known.database, kind="sql_assertion", parameters=parameters)
    test = reported()
    (left_out,) = [
        check for check in test.checks if check["outcome"] == "skipped" and "--assert-sql" in check["message"]
    ]
    assert left_out["passed"]
    assert test.status == "passed"


def test_times_are_kept_in_utc(known: Replica) -> None:
    moment = datetime.fromisoformat(ago(30)).astimezone(timezone.get_fixed_timezone(420))
    test = reported(started_at=moment.isoformat())
    test.refresh_from_db()
    assert test.started_at == moment
    assert test.started_at.utcoffset() == timedelta(0)


def test_what_was_accepted_is_what_the_next_report_is_compared_with(known: Replica) -> None:
    reported()
    fewer = {"users": 10_000, "sessions": 50_000}
    shrunk = reported(report_key="another-key-1", tables=fewer)
    assert reported(report_key="another-key-2", tables=fewer).status == "failed"
    known.accepted_test = shrunk
    known.save()
    assert reported(report_key="another-key-3", tables=fewer).status == "passed"


def test_what_an_agent_notes_is_kept_as_a_note_and_fails_nothing(known: Replica) -> None:
    checks = [{"name": "note", "passed": True, "outcome": "noted", "message": "The log was cut off."}]
    test = reported(checks=checks)
    assert (test.status, test.notes) == ("passed", ["The log was cut off."])
    assert test.checks[0] == checks[0]


def test_a_note_that_fails_and_an_outcome_nobody_knows_are_refused() -> None:
    for wrong in ({"passed": False, "outcome": "noted"}, {"passed": True, "outcome": "skipped"}):
        with pytest.raises(ValueError, match=r"outcome|noted"):
            ReportIn.model_validate(report_of(checks=[{"name": "note", "message": "So.", **wrong}]))
