"""`manage.py restore_test`: its words, its JSON, its exit codes."""

import json
import re
import shutil
from datetime import UTC, timedelta
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError, connection
from django.utils import timezone

from recovery.management.commands.restore_test import _in_words as in_words
from recovery.models import Replica, RestoreTest
from tests.factories import NOW, make_database, make_replica, make_restore_test
from tests.faults.backup import Backup
from tests.recovery.runs import age_of_source, header_of

pytestmark = pytest.mark.django_db
KEYS = [
    "number", "reference", "database", "replica", "method", "trigger", "origin", "reporter", "target_at", "status",
    "reasons", "rto_seconds", "rto_objective_seconds", "is_rto_met", "rpo_seconds", "rpo_reason",
    "rpo_objective_seconds", "is_rpo_met", "restored_txid", "restored_to", "integrity", "tables", "sha256",
    "schema_fingerprint", "size_bytes", "identity", "phases", "checks", "tool", "exit_code", "requested_at",
    "started_at", "finished_at",
]  # fmt: skip


def end_of(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str]:
    """The exit code of the command, and what it printed."""
    with pytest.raises(SystemExit) as ended:
        call_command("restore_test", *arguments)
    assert isinstance(ended.value.code, int)
    return ended.value.code, capsys.readouterr().out


def refusal(*arguments: str) -> str:
    with pytest.raises(CommandError) as caught:
        call_command("restore_test", *arguments)
    assert caught.value.returncode == 2
    return str(caught.value)


def test_a_test_that_passes_is_one_json_object_and_0(
    replica: Replica, backup: Backup, capsys: pytest.CaptureFixture[str]
) -> None:
    age_of_source(backup, after_newest=timedelta(seconds=42))
    code, printed = end_of(capsys, "shop", "--json")
    answer = json.loads(printed)
    assert code == 0
    assert list(answer) == KEYS
    assert printed.count("\n") == 1
    test = RestoreTest.objects.get()
    newest = header_of(backup.files()[-1]).at
    known = {
        "number": test.number,
        "reference": test.reference,
        "database": "shop",
        "replica": "local",
        "status": "passed",
        "reasons": [],
        "method": "litestream",
        "origin": "measured",
        "rpo_seconds": 42.0,
        "is_rpo_met": None,
        "restored_txid": test.restored_txid,
        "restored_to": newest.isoformat().replace("+00:00", "Z"),
        "integrity": "ok",
        "tables": {"users": 600},
        "sha256": test.sha256,
        "size_bytes": test.size_bytes,
        "tool": test.tool,
        "started_at": test.started_at and test.started_at.isoformat().replace("+00:00", "Z"),
        "finished_at": test.finished_at and test.finished_at.isoformat().replace("+00:00", "Z"),
    }
    assert {name: answer[name] for name in known} == known
    assert answer["rto_seconds"] == test.rto_seconds
    assert set(answer["phases"]) == {"plan", "restore", "integrity", "foreign_keys", "counts", "hash"}
    assert {frozenset(check) for check in answer["checks"]} == {frozenset({"name", "passed", "outcome", "message"})}
    assert (test.trigger, test.requested_by) == ("command", None)


def test_a_test_that_fails_is_1_with_nulls_for_what_is_not_known(
    replica: Replica, backup: Backup, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.rmtree(backup.replica.path)
    code, printed = end_of(capsys, "shop", "--json")
    answer = json.loads(printed)
    assert code == 1
    assert list(answer) == KEYS
    assert answer["status"] == "failed"
    assert {name for name, value in answer.items() if value is None} == {
        "rto_seconds", "rpo_seconds", "restored_txid", "restored_to", "integrity", "sha256", "size_bytes", "is_rto_met",
        "is_rpo_met", "reporter", "target_at", "rto_objective_seconds", "rpo_objective_seconds", "rpo_reason",
        "schema_fingerprint",
    }  # fmt: skip
    assert "does not exist" in answer["checks"][0]["message"]


@pytest.mark.parametrize("limit", [{"SCRATCH_QUOTA": 1024}, {"RESTORE_TIME_LIMIT": 0.0}])
def test_a_test_that_says_nothing_is_2(
    replica: Replica, capsys: pytest.CaptureFixture[str], settings: Any, limit: dict[str, float]
) -> None:
    for name, value in limit.items():
        setattr(settings, name, value)
    code, printed = end_of(capsys, "shop")
    assert code == 2
    assert "✗" in printed


def test_words_for_people_name_what_was_measured(
    replica: Replica, backup: Backup, capsys: pytest.CaptureFixture[str]
) -> None:
    age_of_source(backup, after_newest=timedelta(seconds=42))
    _code, printed = end_of(capsys, "shop", "--replica", "local")
    assert re.match(r"RT-\d+ shop/local: Passed\nRTO .+, RPO 42 s\n", printed)
    assert "✓ 600 rows in 1 tables were counted." in printed
    assert printed.endswith("users: 600 rows\n")


def test_a_moment_is_restored_to(replica: Replica, backup: Backup, capsys: pytest.CaptureFixture[str]) -> None:
    third = header_of(backup.files()[-1]).at
    _code, printed = end_of(capsys, "shop", "--json", "--at", third.astimezone(UTC).isoformat())
    answer = json.loads(printed)
    assert answer["tables"] == {"users": 300}
    assert RestoreTest.objects.get().target_at == third


@pytest.mark.parametrize(
    "text", ["yesterday", "2026-03-10", "2026-03-10T14:03:00", "2026-13-10T14:03:00Z", "14:03Z", "", "<script>"]
)
def test_a_time_that_is_none_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(CommandError, match="is not a time such as 2026-03-10T14:03:00Z"):
        call_command("restore_test", "shop", "--at", text)


@pytest.mark.parametrize(
    ("text", "words"),
    [("2999-01-01T00:00:00Z", "lies in the future"), ("0001-01-01T00:00:00+14:00", "No backup is that old")],
)
def test_a_time_that_cannot_be_restored_to_is_2(replica: Replica, text: str, words: str) -> None:
    assert words in refusal("shop", "--at", text)
    assert not RestoreTest.objects.exists()


def test_an_unknown_database_is_2_and_names_those_there_are() -> None:
    assert refusal("shop") == "No database is called 'shop'. Registered: none."
    make_database("other")
    assert refusal("shop") == "No database is called 'shop'. Registered: other."


def test_an_unknown_replica_is_2_and_names_those_there_are() -> None:
    database = make_database("shop")
    assert "There are: none." in refusal("shop")
    make_replica(database, name="near")
    assert "There are: near." in refusal("shop", "--replica", "far")
    make_replica(database, name="far")
    assert refusal("shop") == "Choose a replica of shop with --replica. There are: far, near."


def test_a_test_under_way_or_a_replica_that_is_not_ready_is_2() -> None:
    replica = make_replica(make_database("shop"))
    RestoreTest.objects.create(replica=replica, requested_at=NOW)
    assert "has not finished yet" in refusal("shop")
    Replica.objects.update(status=Replica.Status.PREPARING)
    assert "is not ready yet" in refusal("shop")


def test_a_database_of_debrief_that_takes_no_writes_is_2(replica: Replica) -> None:
    def refuse(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if sql.startswith("INSERT"):
            raise OperationalError("database is locked")
        return execute(sql, params, many, context)

    with connection.execute_wrapper(refuse):
        assert refusal("shop") == "database is locked"


def test_a_table_cannot_give_orders_to_the_terminal(
    replica: Replica, backup: Backup, capsys: pytest.CaptureFixture[str]
) -> None:
    backup.execute('CREATE TABLE "\x1b[2Jgone\u202e" (id); INSERT INTO "\x1b[2Jgone\u202e" VALUES (1);')
    backup.replicate()
    _code, printed = end_of(capsys, "shop")
    assert "\x1b" not in printed
    assert "\u202e" not in printed
    assert "[2Jgone" in printed
    _code, printed = end_of(capsys, "shop", "--json")
    assert "\x1b" not in printed
    assert json.loads(printed)["tables"]["\x1b[2Jgone\u202e"] == 1


def test_help_names_every_option(capsys: pytest.CaptureFixture[str]) -> None:
    code, printed = end_of(capsys, "--help")
    assert code == 0
    for words in ("DATABASE", "--replica NAME", "--at RFC3339", "--json", "0: passed, 1: failed, 2: could not be run"):
        assert words in " ".join(printed.split())


def test_an_instant_now_is_not_yet_the_future(replica: Replica, capsys: pytest.CaptureFixture[str]) -> None:
    code, _printed = end_of(capsys, "shop", "--at", timezone.now().isoformat())
    assert code == 0


def test_a_note_is_called_one() -> None:
    checks = [
        {"name": "size", "passed": True, "outcome": "passed", "message": "It has its size."},
        {"name": "rows", "passed": False, "outcome": "failed", "message": "Rows are gone."},
        {"name": "note", "passed": True, "outcome": "noted", "message": "Replay is paused."},
    ]
    lines = in_words(make_restore_test(checks=checks)).splitlines()
    assert lines[2:5] == ["✓ It has its size.", "✗ Rows are gone.", "! Note: Replay is paused."]
