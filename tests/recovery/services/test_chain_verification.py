"""Whatever is done to the records of a database, or to their tests, is found and named."""

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest
from django.db import DatabaseError, connection, models, transaction
from pytest_django import Settings

from recovery.attestation.envelope import peek, sign
from recovery.attestation.keys import known_keys, signer
from recovery.models import Replica, RestoreTest, TestRecord
from recovery.services.record_files import path_of
from recovery.services.verification import verify_installation
from tests.factories import make_replica
from tests.recovery.records import LATER, findings, make_records, tampering

pytestmark = pytest.mark.django_db
STATUSES = ["passed", "failed", "timed_out", "inconclusive"]


@pytest.fixture(autouse=True)
def _folders(settings: Settings, tmp_path: Path) -> None:
    settings.RECORDS_DIR = tmp_path / "records"
    settings.EVIDENCE_DIR = tmp_path / "evidence"


@pytest.fixture
def shop() -> Replica:
    return make_replica()


@pytest.fixture
def records(shop: Replica) -> list[TestRecord]:
    """Three records of one database."""
    return make_records(3, shop)


def of(record: TestRecord) -> str:
    return f"{record.database.name} record {record.sequence} RT-{record.restore_test_id}"


def another(field: models.Field, value: Any) -> Any:
    """A value of the column that is not the one it has."""
    if isinstance(field, models.JSONField):
        return '{"users": 1}'
    if isinstance(field, models.DateTimeField):
        return "2020-01-01 00:00:00"
    if isinstance(field, models.CharField | models.TextField):
        return "another"
    return (value or 0) + 1_000


@pytest.mark.parametrize("name", [field.attname for field in RestoreTest._meta.concrete_fields])
def test_an_altered_column_of_a_test_is_named(records: list[TestRecord], name: str) -> None:
    test = records[1].restore_test
    field = RestoreTest._meta.get_field(name)
    with tampering() as execute:
        value = another(field, getattr(test, name))
        execute(f"UPDATE recovery_restoretest SET {field.column} = %s WHERE number = %s", value, test.pk)  # noqa: S608
        found = findings()
    shown = "log_tail_sha256" if name == "log_tail" else name
    expected = "The test is gone." if name == "number" else f"The test's {shown} is "
    assert any(line.startswith(f"{of(records[1])}: {expected}") for line in found), found
    assert not any(line.startswith((of(records[0]), of(records[2]))) for line in found)
    assert findings() == []


@pytest.mark.parametrize("name", [field.attname for field in TestRecord._meta.concrete_fields if field.name != "id"])
def test_an_altered_column_of_a_record_is_found(records: list[TestRecord], name: str) -> None:
    field = TestRecord._meta.get_field(name)
    with tampering() as execute:
        value = another(field, getattr(records[1], name))
        execute(f"UPDATE recovery_testrecord SET {field.column} = %s WHERE id = %s", value, records[1].pk)  # noqa: S608
        assert findings()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE recovery_restoretest SET finished_at = 'yesterday'",
        "UPDATE recovery_testrecord SET written_at = 'yesterday'",
        "UPDATE recovery_testrecord SET envelope = ''",
        'UPDATE recovery_restoretest SET checks = \'[{"name": "size", "passed": 1}]\'',
    ],
)
def test_values_that_nothing_here_writes_are_findings_too(records: list[TestRecord], statement: str) -> None:
    with tampering() as execute:
        execute(statement)
        assert len(findings()) >= 1


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE recovery_restoretest SET checks = 'not json'",
        "UPDATE recovery_restoretest SET finished_at = 7",
        "UPDATE recovery_testrecord SET envelope = CAST('x' AS BLOB)",
        "UPDATE recovery_testrecord SET sequence = 'word' WHERE sequence = 2",
        "UPDATE recovery_testrecord SET restore_test_id = 'word' WHERE sequence = 2",
        "UPDATE recovery_restoretest SET log_tail = CAST('x' AS BLOB), tool = CAST('x' AS BLOB)",
        "UPDATE recovery_restoretest SET tables = CAST('x' AS BLOB)",
    ],
)
def test_values_of_another_type_are_findings_or_refused(records: list[TestRecord], statement: str) -> None:
    with tampering() as execute:
        if connection.vendor == "sqlite":
            execute(statement)
            assert len(findings()) >= 1
        else:
            # Its columns take values of their own type alone.
            with pytest.raises(DatabaseError), transaction.atomic():
                execute(statement)
            assert findings() == []


def test_a_deleted_test_is_missed(records: list[TestRecord]) -> None:
    with tampering() as execute:
        execute("DELETE FROM recovery_restoretest WHERE number = %s", records[1].restore_test_id)
        assert findings() == [f"{of(records[1])}: The test is gone."]


@pytest.mark.parametrize("position", [0, 1, 2])
def test_a_deleted_record_is_missed(records: list[TestRecord], position: int) -> None:
    gone = records[position]
    with tampering() as execute:
        execute("DELETE FROM recovery_testrecord WHERE id = %s", gone.pk)
        found = findings()
    assert f"{of(gone)}: The record's row is gone; its file remains." in found
    assert f"shop RT-{gone.restore_test_id}: The test has finished and has no record." in found
    if position < 2:
        missing = f"Record {position + 1} is missing before this one."
        assert f"{of(records[position + 1])}: {missing}" in found


def test_the_newest_record_and_its_test_together_are_missed(records: list[TestRecord]) -> None:
    with tampering() as execute:
        execute("DELETE FROM recovery_testrecord WHERE id = %s", records[2].pk)
        execute("DELETE FROM recovery_restoretest WHERE number = %s", records[2].restore_test_id)
        assert findings() == [f"{of(records[2])}: The record's row is gone; its file remains."]


def test_rows_and_file_gone_from_the_middle_leave_a_gap(records: list[TestRecord], shop: Replica) -> None:
    path_of(shop.database_id, 2).unlink()
    with tampering() as execute:
        execute("DELETE FROM recovery_testrecord WHERE id = %s", records[1].pk)
        execute("DELETE FROM recovery_restoretest WHERE number = %s", records[1].restore_test_id)
        assert findings() == [f"{of(records[2])}: Record 2 is missing before this one."]


def test_records_in_another_order_are_found(records: list[TestRecord]) -> None:
    first, second = records[0], records[1]
    with tampering() as execute:
        for sequence, record in ((9, first), (1, second), (2, first)):
            execute("UPDATE recovery_testrecord SET sequence = %s WHERE id = %s", sequence, record.pk)
        found = findings()
    assert any("The record's sequence is 1 and was signed as 2." in line for line in found)
    assert any("It is not linked to the record before it." in line for line in found)


def test_two_records_that_change_tests_are_found(records: list[TestRecord]) -> None:
    with tampering() as execute:
        for test, record in ((None, 0), (records[0].restore_test_id, 1), (records[1].restore_test_id, 0)):
            value = test or -1
            execute("UPDATE recovery_testrecord SET restore_test_id = %s WHERE id = %s", value, records[record].pk)
        found = findings()
    assert sum("The record's restore_test_id is" in line for line in found) == 2
    assert sum("The test's number is" in line for line in found) == 2


def forge(record: TestRecord, execute: Any) -> None:
    """The row and its file as somebody makes them who can write to both, and signs with the key there is."""
    statement = json.loads(json.dumps(_statement(record)))
    statement["predicate"]["debrief"]["test"]["rpo_seconds"] = 0.0
    text = sign(statement, signer())
    digest = hashlib.sha256(text.encode()).hexdigest()
    execute("UPDATE recovery_testrecord SET envelope = %s, sha256 = %s WHERE id = %s", text, digest, record.pk)
    execute("UPDATE recovery_restoretest SET rpo_seconds = 0 WHERE number = %s", record.restore_test_id)
    path_of(record.database_id, record.sequence).write_text(text)


def _statement(record: TestRecord) -> dict[str, Any]:
    statement = peek(record.envelope)
    assert statement is not None
    return statement


def test_a_record_signed_by_another_key_is_found(records: list[TestRecord], settings: Settings, tmp_path: Path) -> None:
    ours = known_keys()
    settings.DATA_DIR, settings.EVIDENCE_KEY_FILE = tmp_path, tmp_path / "keys" / "evidence-key"
    with tampering() as execute:
        forge(records[2], execute)
        found = [str(one) for one in verify_installation(ours, now=LATER).findings]
    assert len(found) == 1
    assert found[0].startswith(f"{of(records[2])}: The envelope does not hold: it is signed by a key that is not known")


def test_an_older_record_signed_again_breaks_the_link(records: list[TestRecord]) -> None:
    with tampering() as execute:
        forge(records[0], execute)
        assert findings() == [f"{of(records[1])}: It is not linked to the record before it."]


def test_an_altered_envelope_is_found(records: list[TestRecord]) -> None:
    text = records[1].envelope.replace('"payload":"ey', '"payload":"fy')
    with tampering() as execute:
        execute("UPDATE recovery_testrecord SET envelope = %s WHERE id = %s", text, records[1].pk)
        found = findings()
    assert f"{of(records[1])}: The envelope does not have the digest that its row gives." in found
    assert f"{of(records[1])}: The envelope does not hold: its signature does not fit its content." in found


def test_an_altered_file_is_found(records: list[TestRecord], shop: Replica) -> None:
    path_of(shop.database_id, 2).write_text(records[0].envelope)
    assert findings() == [f"{of(records[1])}: The record's file is not the envelope that the row holds."]


def test_a_removed_file_is_found(records: list[TestRecord], shop: Replica) -> None:
    path_of(shop.database_id, 3).unlink()
    assert findings() == [f"{of(records[2])}: The record's file is missing."]
