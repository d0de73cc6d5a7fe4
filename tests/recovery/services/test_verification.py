"""What is around the records is looked at, too, and an installation that nobody touched holds."""

import hashlib
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from pytest_django import Settings

from recovery.attestation.keys import known_keys, public_key
from recovery.models import Evidence, Replica, TestRecord
from recovery.services.evidence import attach_evidence
from recovery.services.record_files import path_of
from recovery.services.verification import verify_installation
from tests.factories import NOW, make_database, make_incident, make_replica, make_restore_test, make_user
from tests.recovery.records import LATER, findings, make_records, record_all, tampering

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


def test_everything_of_a_database_is_missed(records: list[TestRecord], shop: Replica) -> None:
    with tampering() as execute:
        for table in ("testrecord", "restoretest", "replica", "database"):
            execute(f"DELETE FROM recovery_{table}")  # noqa: S608
        found = findings()
    assert [line.partition(": ")[2] for line in found] == ["The record's row is gone; its file remains."] * 3
    assert found[0].startswith(f"database {shop.database_id} record 1 RT-")


def test_rows_and_file_gone_from_the_end_are_missed_by_a_digest_kept_elsewhere(
    records: list[TestRecord], shop: Replica
) -> None:
    path_of(shop.database_id, 3).unlink()
    with tampering() as execute:
        execute("DELETE FROM recovery_testrecord WHERE id = %s", records[2].pk)
        execute("DELETE FROM recovery_restoretest WHERE number = %s", records[2].restore_test_id)
        assert findings() == []
        found = verify_installation(known_keys(), now=LATER, published=[records[1].sha256, records[2].sha256])
    assert [str(one) for one in found.findings] == [
        f"No record here has the digest {records[2].sha256}, which was published."
    ]


def test_a_file_that_is_about_to_be_written_is_not_missed_yet(records: list[TestRecord], shop: Replica) -> None:
    path_of(shop.database_id, 3).unlink()
    found = verify_installation(known_keys(), now=NOW + timedelta(minutes=4))
    assert found.findings == []


def test_a_test_without_a_record_is_named_some_minutes_later(shop: Replica) -> None:
    test = make_restore_test(shop)
    assert verify_installation(known_keys(), now=NOW + timedelta(minutes=4)).holds
    assert findings() == [f"shop {test.reference}: The test has finished and has no record."]
    # Only SQLite's columns take a number or a word for a moment.
    moments = ["'2999-01-01 00:00:00'", *(["7", "'word'"] if connection.vendor == "sqlite" else [])]
    for at in moments:
        with tampering() as execute:
            execute(f"UPDATE recovery_restoretest SET finished_at = {at}")  # noqa: S608
            assert len(findings()) == 1


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("UPDATE recovery_database SET name = 'other'", "The database was called shop when records of it were signed."),
        ("UPDATE recovery_replica SET name = 'other'", "The replica local is not the one of this name"),
        ("UPDATE recovery_replica SET method = 'file_copy'", "The replica local is not the one of this name"),
        ("UPDATE recovery_replica SET database_id = 0", "The replica local is not the one of this name"),
        ("UPDATE recovery_database SET is_demonstration = true", "marked as a demonstration"),
    ],
)
def test_names_under_which_tests_show_are_covered(records: list[TestRecord], statement: str, words: str) -> None:
    with tampering() as execute:
        execute(statement)
        (line,) = findings()
    assert words in line


def test_what_a_replica_is_like_today_may_differ(records: list[TestRecord], shop: Replica) -> None:
    shop.destination, shop.options = "/elsewhere", {"pattern": "*.gz"}
    shop.save()
    assert findings() == []


def test_keys_of_before_a_rotation_still_count(
    records: list[TestRecord], shop: Replica, settings: Settings, tmp_path: Path
) -> None:
    earlier = public_key()
    assert earlier is not None
    settings.DATA_DIR, settings.EVIDENCE_KEY_FILE = tmp_path, tmp_path / "keys" / "evidence-key"
    settings.EVIDENCE_OLD_KEYS_DIR = tmp_path / "old"
    make_records(1, shop)
    assert sum("signed by a key that is not known" in line for line in findings()) == 3
    settings.EVIDENCE_OLD_KEYS_DIR.mkdir()
    (settings.EVIDENCE_OLD_KEYS_DIR / "earlier.pem").write_text(earlier.pem)
    assert findings() == []


def attach_file(content: bytes, folder: Path) -> tuple[Evidence, Path]:
    actor = make_user()
    digest = hashlib.sha256(content).hexdigest()
    path = folder / digest[:2] / digest
    path.parent.mkdir(parents=True)
    path.write_bytes(content)
    facts = {"file_name": "disk.png", "file_sha256": digest, "file_type": "image/png", "file_bytes": len(content)}
    evidence = Evidence.objects.create(
        incident=make_incident(actor), kind="file", caption="It was full", attached_by=actor, attached_at=NOW, **facts
    )
    return evidence, path


def test_a_file_of_evidence_must_be_what_it_was(settings: Settings) -> None:
    evidence, path = attach_file(b"a picture", Path(settings.EVIDENCE_DIR))
    assert findings() == []
    path.write_bytes(b"another picture")
    assert findings()[0].startswith(f"The file of {evidence} (disk.png) has another content: its SHA-256 is ")
    path.unlink()
    assert findings() == [f"The file of {evidence} (disk.png) cannot be read: No such file or directory."]


def test_evidence_whose_test_lost_its_record_or_is_lost_itself_is_named(records: list[TestRecord]) -> None:
    actor = make_user()
    test = records[2].restore_test
    evidence = attach_evidence(test, incident=make_incident(actor), caption="Back", actor=actor, now=NOW)
    assert findings() == []
    with tampering() as execute:
        execute("DELETE FROM recovery_testrecord WHERE id = %s", records[2].pk)
        assert f"{test.reference}: {evidence} rests on a test whose record is not there." in findings()
        execute("DELETE FROM recovery_restoretest WHERE number = %s", test.pk)
        assert f"{test.reference}: {evidence} names a test that is gone." in findings()


def test_an_untouched_installation_with_dozens_of_records_holds(django_assert_max_num_queries: Any) -> None:
    replicas = [make_replica(make_database(name)) for name in ("shop", "users", "mail")]
    for number in range(60):
        status = STATUSES[number % 4]
        unfound = {} if status in ("passed", "failed") else {"sha256": "", "rto_seconds": None, "tables": {}}
        record_all([make_restore_test(replicas[number % 3], status, log_tail="ข้อความ\n" * number, **unfound)])
    make_restore_test(replicas[0], "running")
    with django_assert_max_num_queries(40):
        found = verify_installation(known_keys(), now=LATER)
    assert found.findings == []
    assert (found.records, found.tests, found.files) == (60, 60, 60)
    newest = TestRecord.objects.filter(database__name="mail").latest("sequence")
    assert found.heads["mail"] == {"sequence": 20, "sha256": newest.sha256}


def test_verifying_changes_nothing_and_makes_no_key(settings: Settings, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path / "empty"
    settings.EVIDENCE_KEY_FILE = tmp_path / "empty" / "keys" / "evidence-key"
    settings.RECORDS_DIR = tmp_path / "empty" / "records"
    assert findings() == []
    assert not (tmp_path / "empty").exists()
