"""`evidence_verify`: exit codes, sentences, and a PDF as it is really exported."""

import json
import subprocess
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from pypdf import PdfReader, PdfWriter
from pytest_django import Settings

from incidents.documents.build import build_document
from incidents.documents.html import render_self_contained
from incidents.documents.markdown import render_markdown_file
from incidents.models import Postmortem
from incidents.services.drafts import start_postmortem
from recovery.attestation.findings import Finding, Verification
from recovery.attestation.keys import public_key
from recovery.management.commands.evidence_verify import _closing as closing_of
from recovery.models import TestRecord
from recovery.services.evidence import attach_evidence
from recovery.services.record_files import path_of
from tests.factories import NOW, make_incident, make_replica, make_restore_test, make_user
from tests.recovery.management.installation import Installation
from tests.recovery.records import make_records, tampering

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _folders(settings: Settings, tmp_path: Path) -> None:
    settings.RECORDS_DIR = tmp_path / "records"


@pytest.fixture
def records() -> list[TestRecord]:
    return make_records(2, make_replica())


@pytest.fixture
def envelope(records: list[TestRecord], tmp_path: Path) -> Path:
    path = tmp_path / "RT-1.dsse.json"
    path.write_text(records[0].envelope)
    return path


@pytest.fixture
def key(records: list[TestRecord], tmp_path: Path) -> Path:
    found = public_key()
    assert found is not None
    path = tmp_path / "evidence-key.pem"
    path.write_text(found.pem)
    return path


def test_a_digest_is_not_looked_for_in_a_file(envelope: Path) -> None:
    with pytest.raises(CommandError, match="leave out the file") as caught:
        call_command("evidence_verify", envelope=envelope, digest=["0" * 64])
    assert caught.value.returncode == 2


@pytest.fixture
def postmortem(records: list[TestRecord]) -> Postmortem:
    """With both tests as evidence, and one that has no record."""
    actor = make_user()
    incident = make_incident(actor)
    replica = records[0].restore_test.replica
    for test in (records[0].restore_test, records[1].restore_test, make_restore_test(replica)):
        attach_evidence(test, incident=incident, caption=f"Back {test}", actor=actor, now=NOW)
    return start_postmortem(incident, actor=actor)


@pytest.fixture
def pdf(postmortem: Postmortem, tmp_path: Path) -> Path:
    path = tmp_path / "INC.pdf"
    call_command("postmortem_export", f"INC-{postmortem.incident_id}", output=path, stdout=StringIO())
    return path


def verify(*arguments: object) -> tuple[int, str]:
    out = StringIO()
    with pytest.raises(SystemExit) as ended:
        call_command("evidence_verify", *map(str, arguments), stdout=out)
    assert isinstance(ended.value.code, int)
    return ended.value.code, out.getvalue()


def refused(*arguments: object) -> str:
    with pytest.raises(CommandError) as caught:
        call_command("evidence_verify", *map(str, arguments), stdout=StringIO())
    assert caught.value.returncode == 2
    return str(caught.value)


def test_an_installation_that_holds_is_0_with_counts_and_newest_digests(records: list[TestRecord]) -> None:
    code, out = verify()
    assert code == 0
    assert out.splitlines() == [
        f"Newest record of shop: 2 {records[1].sha256}",
        "2 records, 2 finished tests, 2 files: all of it holds.",
    ]
    assert verify("--digest", records[0].sha256.upper()) == (0, out)


def test_one_that_does_not_is_1_with_a_line_for_each_finding(records: list[TestRecord]) -> None:
    test = records[1].restore_test
    with tampering() as execute:
        execute("UPDATE recovery_restoretest SET tool = %s WHERE number = %s", "\x1b[2Jclean", test.pk)
        path_of(records[0].database_id, 1).unlink()
        code, out = verify()
        parsed = verify("--json")
    assert code == 1
    missing, altered, _head, closing = out.splitlines()
    assert missing == f"shop record 1 RT-{records[0].restore_test_id}: The record's file is missing."
    assert altered.startswith(f"shop record 2 {test.reference}: The test's tool is ")
    assert closing.endswith(": 2 findings.")
    assert "\x1b" not in out
    answer = json.loads(parsed[1])
    assert (parsed[0], answer["holds"], len(answer["findings"])) == (1, False, 2)
    assert answer["findings"][0]["test"] == f"RT-{records[0].restore_test_id}"
    assert answer["heads"]["shop"]["sha256"] == records[1].sha256


def test_nothing_to_verify_holds() -> None:
    assert verify() == (0, "Nothing to verify: all of it holds.\n")


def test_only_the_key_that_is_named_counts(records: list[TestRecord], key: Path, tmp_path: Path) -> None:
    assert verify("--key", key)[0] == 0
    other = _another_key(tmp_path)
    assert verify("--key", other)[0] == 1
    assert verify("--key", other, "--key", key)[0] == 0


def test_one_envelope_is_told_and_holds(envelope: Path, key: Path, records: list[TestRecord]) -> None:
    code, out = verify("--envelope", envelope, "--key", key)
    assert code == 0
    number = records[0].restore_test_id
    assert out.startswith(
        f"RT-1.dsse.json: RT-{number} of shop/local: passed, RTO 8.5 s, RPO 0.4 s, finished 2026-11-22T"
    )
    assert f"record 1 with digest {records[0].sha256}" in out
    parsed = json.loads(verify("--envelope", envelope, "--key", key, "--json")[1])
    assert parsed["verified"][0]["statement"]["predicate"]["result"] == "PASSED"


def test_an_altered_envelope_is_1(envelope: Path, key: Path) -> None:
    envelope.write_text(envelope.read_text().replace('"payload":"ey', '"payload":"fy'))
    code, out = verify("--envelope", envelope, "--key", key)
    assert (code, "RT-1.dsse.json does not hold" in out) == (1, True)
    envelope.write_bytes(b"\xff\xfe")
    assert verify("--envelope", envelope, "--key", key)[0] == 1


def test_an_envelope_is_verified_where_no_database_is(envelope: Path, key: Path, tmp_path: Path) -> None:
    elsewhere = Installation(tmp_path / "elsewhere")
    done = elsewhere.manage("evidence_verify", "--envelope", str(envelope), "--key", str(key))
    assert (done.code, done.err) == (0, "")
    assert not [*elsewhere.data.glob("*.sqlite3")]
    assert not (elsewhere.data / "keys" / "evidence-key").exists()
    done = elsewhere.manage("evidence_verify", "--envelope", str(envelope))
    assert done.code == 1
    assert "signed by a key that is not known" in done.out
    done = elsewhere.manage("evidence_verify")
    assert (done.code, done.out) == (2, "")
    assert "The evidence could not be verified: no such table" in done.err


def test_an_exported_pdf_carries_every_record_and_the_key(pdf: Path, key: Path, records: list[TestRecord]) -> None:
    names = [f"RT-{record.restore_test_id}.dsse.json" for record in records]
    attached = {name: files for name, files in PdfReader(pdf).attachments.items() if not name.startswith("INC-")}
    assert attached == {
        names[0]: [records[0].envelope.encode()],
        names[1]: [records[1].envelope.encode()],
        "evidence-key.pem": [key.read_bytes()],
    }
    code, out = verify("--pdf", pdf, "--key", key)
    assert code == 0, out
    assert [line.partition(":")[0] for line in out.splitlines()[:2]] == names
    assert out.endswith("2 records: all of it holds.\n")
    assert verify("--pdf", pdf)[0] == 0


def test_a_pdf_signed_by_somebody_else_is_1(pdf: Path, tmp_path: Path) -> None:
    code, out = verify("--pdf", pdf, "--key", _another_key(tmp_path))
    assert code == 1
    assert out.count("signed by a key that is not known") == 2
    assert "evidence-key.pem is not a key that is known here" in out


def test_a_pdf_whose_records_were_altered_or_removed_is_1(pdf: Path, key: Path, tmp_path: Path) -> None:
    attached = PdfReader(pdf).attachments
    writer, bare = PdfWriter(), PdfWriter()
    first = next(name for name in attached if name.startswith("RT-"))
    for name, (content,) in attached.items():
        writer.add_attachment(name, content.replace(b'"payload":"ey', b'"payload":"fy') if name == first else content)
    for made, path in ((writer, tmp_path / "altered.pdf"), (bare, tmp_path / "bare.pdf")):
        made.add_blank_page(100, 100)
        made.write(path)
    code, out = verify("--pdf", tmp_path / "altered.pdf", "--key", key)
    assert (code, out.count("does not hold")) == (1, 1)
    code, out = verify("--pdf", tmp_path / "bare.pdf", "--key", key)
    assert (code, "bare.pdf carries no signed record." in out) == (1, True)


def test_every_form_of_the_document_names_the_digest(
    postmortem: Postmortem, records: list[TestRecord], pdf: Path
) -> None:
    document = build_document(postmortem)
    text = subprocess.run(["pdftotext", "-raw", str(pdf), "-"], capture_output=True, check=True, text=True).stdout
    for record in records:
        assert record.sha256 in render_self_contained(document)
        assert record.sha256 in render_markdown_file(document)
        assert record.sha256 in "".join(text.split())


def test_an_export_made_again_is_the_same(postmortem: Postmortem, pdf: Path, tmp_path: Path) -> None:
    again = tmp_path / "again.pdf"
    call_command("postmortem_export", f"INC-{postmortem.incident_id}", output=again, stdout=StringIO())
    assert again.read_bytes() == pdf.read_bytes()


@pytest.mark.parametrize("content", [b"", b"no PDF", b"%PDF-1.7\nbroken"])
def test_2_for_what_is_no_pdf(key: Path, tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "some.pdf"
    path.write_bytes(content)
    assert "some.pdf cannot be read as a PDF" in refused("--pdf", path, "--key", key)


def test_2_for_files_that_are_not_there_or_are_no_key(envelope: Path, key: Path, tmp_path: Path) -> None:
    assert "No such file" in refused("--envelope", tmp_path / "nothing", "--key", key)
    assert "No such file" in refused("--pdf", tmp_path / "nothing", "--key", key)
    assert "No such file" in refused("--envelope", envelope, "--key", tmp_path / "nothing")
    assert "is not an Ed25519 public key" in refused("--envelope", envelope, "--key", envelope)


def test_2_for_an_unusable_key_of_the_installation(records: Any, settings: Settings, tmp_path: Path) -> None:
    settings.EVIDENCE_KEY_FILE = tmp_path / "key"
    settings.EVIDENCE_KEY_FILE.write_text("nothing")
    assert "is not an unencrypted Ed25519 private key" in refused()


def _another_key(folder: Path) -> Path:
    private, public = folder / "other", folder / "other.pem"
    subprocess.run(["openssl", "genpkey", "-algorithm", "ed25519", "-out", private], check=True, capture_output=True)
    subprocess.run(["openssl", "pkey", "-in", private, "-pubout", "-out", public], check=True, capture_output=True)
    return public


@pytest.mark.parametrize(("count", "words"), [(0, "all of it holds."), (1, "1 finding."), (2, "2 findings.")])
def test_findings_are_counted_in_words_that_fit(count: int, words: str) -> None:
    found = Verification(records=3, findings=[Finding("record", "RT-1", "It is another one.")] * count)
    assert closing_of(found) == [f"3 records: {words}"]
