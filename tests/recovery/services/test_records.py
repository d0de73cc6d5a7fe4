"""A finished test has one record: signed, linked, and a file once it is committed."""

import hashlib
import json
import os
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from pytest_django import Settings

from recovery.attestation.envelope import verify
from recovery.attestation.keys import known_keys
from recovery.models import Replica, RestoreTest, TestRecord
from recovery.services.record_files import path_of
from recovery.services.records import record_result, write_missing_records, write_record
from recovery.services.restore_tests import sweep_restore_tests
from tests.factories import NOW, make_database, make_replica, make_restore_test
from tests.recovery.management.installation import Installation
from tests.recovery.records import LATER, findings, make_records, record_all

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def records(settings: Settings, tmp_path: Path) -> Path:
    settings.RECORDS_DIR = tmp_path / "records"
    return settings.RECORDS_DIR


@pytest.fixture
def shop() -> Replica:
    return make_replica()


def signed(record: TestRecord) -> dict[str, Any]:
    found: dict[str, Any] = verify(record.envelope, known_keys())["predicate"]["debrief"]
    return found


def announcements(records: Path) -> list[str]:
    return sorted(path.name for path in records.glob("*/*.announced"))


def test_the_record_says_what_the_row_says_and_lies_beside_it_as_a_file(shop: Replica, records: Path) -> None:
    (record,) = make_records(1, shop)
    assert (record.sequence, record.previous_sha256, record.written_at) == (1, "", NOW)
    assert record.sha256 == hashlib.sha256(record.envelope.encode()).hexdigest()
    assert signed(record)["test"]["rpo_seconds"] == 0.4
    file = records / str(shop.database_id) / "1.json"
    assert file.read_text() == record.envelope
    assert file.stat().st_mode & 0o777 == 0o600
    assert announcements(records) == []


def test_each_is_linked_to_the_one_before_it_of_the_same_database(shop: Replica) -> None:
    other = make_replica(shop.database, name="s3")
    elsewhere = make_replica(make_database("users"))
    first, second, third = make_records(1, shop) + make_records(1, other) + make_records(1, shop)
    (alone,) = make_records(1, elsewhere)
    assert [record.sequence for record in (first, second, third, alone)] == [1, 2, 3, 1]
    assert (second.previous_sha256, third.previous_sha256) == (first.sha256, second.sha256)
    assert alone.previous_sha256 == ""
    assert signed(third)["record"]["previous_sha256"] == second.sha256


def test_asked_for_twice_it_is_written_once(shop: Replica) -> None:
    (record,) = make_records(1, shop)
    again = write_record(record.restore_test, now=LATER, is_late=True)
    assert again == record
    assert TestRecord.objects.get() == record
    assert TestRecord.objects.get().envelope == record.envelope


def test_it_is_of_the_row_and_not_of_what_somebody_holds_in_memory(shop: Replica) -> None:
    test = make_restore_test(shop)
    test.rpo_seconds = 0
    (record,) = record_all([test])
    assert signed(record)["test"]["rpo_seconds"] == 0.4
    assert findings() == []


def test_a_demonstration_has_none() -> None:
    test = make_restore_test(make_replica(make_database("demo", is_demonstration=True)))
    assert write_record(test, now=NOW) is None
    write_missing_records(now=LATER)
    assert not TestRecord.objects.exists()
    assert findings() == []


def test_a_report_of_an_agent_is_recorded_as_one(shop: Replica) -> None:
    (record,) = make_records(1, shop, origin="reported", reporter="db-7", report_key="run-1")
    told = signed(record)["test"]
    assert (told["origin"], told["reporter"], told["report_key"]) == ("reported", "db-7", "run-1")


@pytest.mark.parametrize("status", ["pending", "running"])
def test_what_has_not_finished_has_none(shop: Replica, status: str) -> None:
    with pytest.raises(ValueError, match="has not finished"):
        write_record(make_restore_test(shop, status), now=NOW)
    write_missing_records(now=LATER)
    assert not TestRecord.objects.exists()


def test_the_database_refuses_to_alter_what_is_recorded(shop: Replica) -> None:
    make_records(1, shop)
    for rows in (RestoreTest.objects, TestRecord.objects):
        with pytest.raises(IntegrityError, match=r"can (be neither|no longer be) altered"), transaction.atomic():
            rows.update(sha256="b" * 64)
        with pytest.raises(IntegrityError), transaction.atomic():
            rows.all()._raw_delete("default")


def test_nothing_is_left_of_a_transaction_that_was_rolled_back(shop: Replica, records: Path) -> None:
    with transaction.atomic():
        write_record(make_restore_test(shop), now=NOW)
        transaction.set_rollback(True)
    assert [path.name for path in records.glob("*/*")] == ["1.announced"]
    write_missing_records(now=NOW)
    assert announcements(records) == ["1.announced"]


def test_old_announcements_of_nothing_are_removed(shop: Replica, records: Path) -> None:
    folder = records / str(shop.database_id)
    folder.mkdir(parents=True)
    for name in ("1.announced", "word.announced"):
        (folder / name).touch()
        os.utime(folder / name, (0, 0))
    write_missing_records(now=NOW)
    assert announcements(records) == ["word.announced"]


def test_a_file_that_a_crash_left_unwritten_is_written_by_the_sweep(shop: Replica, records: Path) -> None:
    record = write_record(make_restore_test(shop), now=NOW)
    assert record is not None
    assert findings() == [f"shop record 1 RT-{record.restore_test_id}: The record's file is missing."]
    sweep_restore_tests(now=LATER)
    assert path_of(shop.database_id, 1).read_text() == record.envelope
    assert announcements(records) == []
    assert findings() == []


def test_a_file_that_was_deleted_is_not_written_again(shop: Replica) -> None:
    make_records(2, shop)
    path_of(shop.database_id, 1).unlink()
    sweep_restore_tests(now=LATER)
    assert not path_of(shop.database_id, 1).exists()
    assert len(findings()) == 1


def test_no_record_takes_the_place_of_one_whose_row_is_gone(shop: Replica) -> None:
    make_records(1, shop)
    gone = path_of(shop.database_id, 2)
    gone.write_text("what remains")
    (record,) = make_records(1, shop)
    assert record.sequence == 3
    assert record.previous_sha256 == hashlib.sha256(b"what remains").hexdigest()
    assert gone.read_text() == "what remains"


def test_the_result_stands_where_the_record_cannot_be_written(
    shop: Replica, settings: Settings, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    settings.EVIDENCE_KEY_FILE = tmp_path / "not" / "there"
    test = make_restore_test(shop)
    record_result(test, now=NOW)
    write_missing_records(now=NOW)
    assert not TestRecord.objects.exists()
    assert f"the record of {test.reference} could not be written" in caplog.text
    assert findings() == [f"shop {test.reference}: The test has finished and has no record."]


def test_a_result_is_recorded_with_it(shop: Replica) -> None:
    test = make_restore_test(shop)
    record_result(test, now=NOW)
    assert signed(test.record)["record"]["is_late"] is False


def test_the_sweep_writes_what_is_missing_in_order_and_says_that_it_was_late(shop: Replica) -> None:
    tests = [make_restore_test(shop, finished_at=NOW + timedelta(minutes=minute)) for minute in (2, 0, 1)]
    silent = make_restore_test(shop, "running", started_at=NOW)
    sweep_restore_tests(now=LATER)
    written = TestRecord.objects.order_by("sequence")
    assert [record.restore_test_id for record in written] == [silent.pk, tests[1].pk, tests[2].pk, tests[0].pk]
    # The one that the sweep itself ended is recorded with its end.
    assert [signed(record)["record"]["is_late"] for record in written] == [False, True, True, True]
    assert signed(written[0])["status"] == "inconclusive"


def test_the_envelope_is_one_line_of_json(shop: Replica) -> None:
    (record,) = make_records(1, shop, tables={"ตาราง\n": 1})
    assert set(json.loads(record.envelope)) == {"payload", "payloadType", "signatures"}
    assert len(record.envelope.splitlines()) == 1


RECORD_ALL = """
import time
from django.utils import timezone
from recovery.services.records import write_missing_records
while time.time() < %s:
    pass
write_missing_records(now=timezone.now())
"""
MANY = """
from tests.factories import *
replica = make_replica()
for _ in range(30):
    make_restore_test(replica)
"""


def test_two_that_write_at_once_make_one_chain(tmp_path: Path) -> None:
    installation = Installation(tmp_path / "data")
    for command in (["migrate"], ["shell", "-v0", "-c", MANY]):
        done = installation.manage(*command)
        assert done.code == 0, done.err
    program = RECORD_ALL % (time.time() + 4)
    with ThreadPoolExecutor() as pool:
        ended = list(pool.map(lambda _: installation.manage("shell", "-v0", "-c", program), range(2)))
    assert [(done.code, done.err) for done in ended] == [(0, "")] * 2
    done = installation.manage("evidence_verify")
    assert done.code == 0, done.out
    assert "30 records, 30 finished tests, 30 files" in done.out
