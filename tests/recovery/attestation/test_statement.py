"""What is said of a finished test, without a database: every column, and the three words that others know."""

import base64
import json
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from accounts.models import User
from incidents.models import Incident
from recovery.attestation import canonical
from recovery.attestation.statement import Installation, Place, facts, make_statement
from recovery.models import Database, Replica, RestoreTest
from tests.factories import NOW

HERE = Installation("https://debrief.example.org/", "Debrief 1.2")


def finished(status: str = "passed", **values: Any) -> RestoreTest:
    database = Database(pk=3, name="shop", path="/data/shop.db")
    replica = Replica(pk=5, database=database, name="s3", destination="s3://bucket/shop", secrets={"key": "env:KEY"})
    values = {"sha256": "b" * 64, "finished_at": NOW, "requested_at": NOW} | values
    return RestoreTest(number=12, replica=replica, status=status, **values)


def state(test: RestoreTest, **place: Any) -> dict[str, Any]:
    return make_statement(test, Place(**({"sequence": 1, "previous_sha256": "", "written_at": NOW} | place)), HERE)


def test_it_has_the_form_of_an_in_toto_test_result() -> None:
    statement = state(finished())
    assert statement["_type"] == "https://in-toto.io/Statement/v1"
    assert statement["predicateType"] == "https://in-toto.io/attestation/test-result/v0.1"
    assert statement["subject"] == [{"name": "shop", "digest": {"sha256": "b" * 64}}]
    predicate = statement["predicate"]
    assert {"result", "configuration", "url", "passedTests", "warnedTests", "failedTests", "debrief"} == set(predicate)
    assert predicate["url"] == "https://debrief.example.org/recovery/tests/12/"
    assert json.loads(canonical.as_text(statement)) == statement


@pytest.mark.parametrize(
    ("status", "result"),
    [("passed", "PASSED"), ("failed", "FAILED"), ("timed_out", "FAILED"), ("inconclusive", "FAILED")],
)
def test_only_a_pass_is_called_one_and_the_status_tells_the_rest_apart(status: str, result: str) -> None:
    predicate = state(finished(status))["predicate"]
    assert (predicate["result"], predicate["debrief"]["status"]) == (result, status)


def test_a_pass_that_missed_an_objective_is_a_warning() -> None:
    slow = finished(rto_seconds=9.0, rto_objective_seconds=8, rpo_seconds=1.0, rpo_objective_seconds=1)
    predicate = state(slow)["predicate"]
    assert (predicate["result"], predicate["warnedTests"]) == ("WARNED", ["rto_objective"])
    assert predicate["passedTests"] == ["rpo_objective"]
    assert predicate["debrief"]["objectives"] == {"rto_met": False, "rpo_met": True}
    slow.status = "failed"
    predicate = state(slow)["predicate"]
    assert (predicate["warnedTests"], predicate["failedTests"]) == ([], ["rto_objective"])


def test_checks_stand_in_the_list_of_what_became_of_them() -> None:
    outcomes = {"size": "passed", "rows": "failed", "freshness": "unknown", "shrinkage": "skipped", "note": "noted"}
    checks = [
        {"name": name, "passed": outcome not in ("failed", "unknown"), "outcome": outcome, "message": "…"}
        for name, outcome in outcomes.items()
    ]
    predicate = state(finished("failed", checks=checks))["predicate"]
    assert (predicate["passedTests"], predicate["failedTests"]) == (["size"], ["rows", "freshness"])


def test_without_a_restored_file_the_result_is_the_subject() -> None:
    early = finished("inconclusive", sha256="")
    statement = state(early)
    debrief = statement["predicate"]["debrief"]
    assert debrief["subject"] == "result"
    assert statement["subject"] == [{"name": "RT-12 result", "digest": {"sha256": canonical.digest(debrief["test"])}}]
    early.log_tail = "another"
    assert state(early)["subject"] != statement["subject"]


def test_every_column_is_signed_and_the_log_by_its_digest() -> None:
    signed = state(finished(log_tail="restoring…"))["predicate"]["debrief"]["test"]
    columns = {field.attname for field in RestoreTest._meta.concrete_fields}
    assert set(signed) == columns - {"log_tail"} | {"log_tail_sha256"}
    assert signed["log_tail_sha256"] == canonical.digest_of_text("restoring…")
    assert signed["finished_at"] == "2026-11-22T12:00:00.000000Z"


def test_names_and_places_are_those_of_the_time_and_no_secret_is_among_them() -> None:
    asker = User(pk=4, username="nok", name="Nok")
    drill = finished(requested_by=asker, incident=Incident(number=42, title="hidden words"))
    statement = state(drill, sequence=7, previous_sha256="c" * 64, is_late=True)
    debrief = statement["predicate"]["debrief"]
    assert debrief["database"] == {"id": 3, "name": "shop", "kind": "sqlite", "location": "/data/shop.db", "host": ""}
    assert debrief["replica"]["destination"] == "s3://bucket/shop"
    assert (debrief["requested_by"]["username"], debrief["incident"]) == ("nok", "INC-42")
    assert debrief["record"] == {
        "database_id": 3,
        "sequence": 7,
        "previous_sha256": "c" * 64,
        "restore_test_id": 12,
        "written_at": "2026-11-22T12:00:00.000000Z",
        "is_late": True,
    }
    everything = json.dumps(statement)
    assert "env:KEY" not in everything
    assert "hidden words" not in everything


def test_the_configuration_is_named_by_digest_with_its_content() -> None:
    on = {"rows": {"at_least": 10}}
    resources = state(finished(configuration=on, tool="litestream 0.5.17"))["predicate"]["configuration"]
    assert [resource["name"] for resource in resources] == ["checks", "replica", "tool"]
    contents = [json.loads(base64.b64decode(resource["content"])) for resource in resources]
    assert (contents[0], contents[2]) == (on, "litestream 0.5.17")
    assert [resource["digest"]["sha256"] for resource in resources] == [canonical.digest(one) for one in contents]


@pytest.mark.parametrize("pair", [(1, 1.0), (1, True), ("1", 1), (None, ""), ({}, [])])
def test_values_of_different_types_are_different(pair: tuple[Any, Any]) -> None:
    assert canonical.as_text(pair[0]) != canonical.as_text(pair[1])


def test_what_json_has_no_form_for_is_signed_all_the_same() -> None:
    odd = finished(rto_seconds=float("nan"), tables={"\ud800": 1, "ตาราง": 2}, log_tail="\ud800")
    assert facts(odd)["rto_seconds"] == "nan"
    canonical.as_text(state(odd)).encode()


def test_instants_are_in_utc_whatever_zone_they_come_in() -> None:
    bangkok = (NOW + timedelta(microseconds=5)).astimezone(ZoneInfo("Asia/Bangkok"))
    assert canonical.plain(bangkok) == "2026-11-22T12:00:00.000005Z"
