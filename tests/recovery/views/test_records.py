"""A test's page shows its record, and gives it away with the key to verify it."""

import subprocess
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from recovery.attestation.envelope import verify
from recovery.attestation.keys import known_keys
from recovery.models import TestRecord
from tests.factories import make_replica, make_restore_test
from tests.recovery.records import make_records

pytestmark = pytest.mark.django_db
KEY = "/recovery/evidence-key.pem"


@pytest.fixture(autouse=True)
def _folders(settings: Settings, tmp_path: Path) -> None:
    settings.RECORDS_DIR = tmp_path / "records"


@pytest.fixture
def records() -> list[TestRecord]:
    return make_records(2, make_replica())


def address(record: TestRecord) -> str:
    return reverse("recovery:test_envelope", args=[record.restore_test_id])


def test_the_page_shows_the_record_and_the_one_it_is_linked_to(as_viewer: Client, records: list[TestRecord]) -> None:
    first, second = records
    page = as_viewer.get(second.restore_test.get_absolute_url()).content.decode()
    assert second.sha256 in page
    assert f'href="{address(second)}"' in page
    assert f'href="{KEY}"' in page
    assert f"record 1, {first.restore_test.reference}" in page
    assert f'href="{first.restore_test.get_absolute_url()}"' in page
    page = as_viewer.get(first.restore_test.get_absolute_url()).content.decode()
    assert first.sha256 in page
    assert "Linked to" not in page


def test_a_test_without_a_record_shows_none(as_viewer: Client, records: list[TestRecord]) -> None:
    test = make_restore_test(records[0].restore_test.replica)
    page = as_viewer.get(test.get_absolute_url())
    assert page.status_code == 200
    assert "Signed record" not in page.content.decode()
    assert as_viewer.get(reverse("recovery:test_envelope", args=[test.pk])).status_code == 404


def test_the_envelope_is_the_file_that_was_signed(as_viewer: Client, records: list[TestRecord]) -> None:
    response = as_viewer.get(address(records[0]))
    name = f"RT-{records[0].restore_test_id}.dsse.json"
    assert response.content.decode() == records[0].envelope
    assert response["Content-Type"] == "application/json"
    assert response["Content-Disposition"] == f'attachment; filename="{name}"'
    assert verify(response.content.decode(), known_keys())


def test_the_key_is_one_that_openssl_reads(as_viewer: Client, records: list[TestRecord]) -> None:
    response = as_viewer.get(KEY)
    assert response["Content-Disposition"] == 'attachment; filename="evidence-key.pem"'
    read = ["openssl", "pkey", "-pubin", "-noout", "-text"]
    shown = subprocess.run(read, input=response.content, capture_output=True, check=True).stdout
    assert b"ED25519 Public-Key" in shown
    assert b"PRIVATE" not in response.content


def test_asking_for_the_key_makes_none(as_viewer: Client, settings: Settings, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path
    settings.EVIDENCE_KEY_FILE = tmp_path / "keys" / "evidence-key"
    assert as_viewer.get(KEY).status_code == 404
    assert not settings.EVIDENCE_KEY_FILE.exists()
    settings.EVIDENCE_KEY_FILE.parent.mkdir()
    settings.EVIDENCE_KEY_FILE.write_text("nothing")
    assert as_viewer.get(KEY).status_code == 404


@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_neither_can_be_written_to(as_administrator: Client, records: list[TestRecord], method: str) -> None:
    for path in (KEY, address(records[0])):
        assert getattr(as_administrator, method)(path).status_code == 405


def test_neither_is_for_strangers(client: Client, records: list[TestRecord]) -> None:
    for path in (KEY, address(records[0])):
        response: Any = client.get(path)
        assert response.status_code == 302
        assert "login" in response["Location"]
