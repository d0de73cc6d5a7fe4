"""The commands of docs/evidence.md, as somebody without Debrief runs them."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from recovery.attestation import canonical
from recovery.attestation.envelope import sign
from recovery.attestation.keys import public_key, signer
from recovery.attestation.statement import RESULT, Installation, Place, make_statement
from recovery.models import Database, Replica, RestoreTest
from tests.factories import NOW

DOCUMENT = Path(__file__).resolve().parents[3] / "docs" / "evidence.md"


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", DOCUMENT.read_text(), re.MULTILINE | re.DOTALL)


@pytest.fixture
def folder(key_file: Path, tmp_path: Path) -> Path:
    """What an auditor has: a record and the public key."""
    replica = Replica(pk=1, name="local", database=Database(pk=1, name="ร้าน", path="/data/shop.db"))
    test = RestoreTest(number=12, replica=replica, status="inconclusive", requested_at=NOW, finished_at=NOW)
    statement = make_statement(test, Place(1, "", NOW), Installation("https://debrief.example.org", "Debrief"))
    made = tmp_path / "auditor"
    made.mkdir()
    (made / "RT-12.dsse.json").write_text(sign(statement, signer()))
    key = public_key()
    assert key is not None
    (made / "evidence-key.pem").write_text(key.pem)
    return made


def run(folder: Path, command: list[str]) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


def alter(folder: Path) -> None:
    path = folder / "RT-12.dsse.json"
    path.write_text(path.read_text().replace('"payload":"ey', '"payload":"fy'))


def test_openssl_verifies_a_record_and_refuses_an_altered_one(folder: Path) -> None:
    verification, digest, key_id = blocks("sh")
    done = run(folder, ["sh", "-ec", verification])
    assert (done.returncode, "Signature Verified Successfully" in done.stdout) == (0, True), done.stderr
    statement = json.loads((folder / "statement.json").read_text())
    assert statement["predicateType"] == "https://in-toto.io/attestation/test-result/v0.1"
    text = (folder / "RT-12.dsse.json").read_text()
    assert run(folder, ["sh", "-ec", digest]).stdout.split()[0] == canonical.digest_of_text(text)
    key = public_key()
    assert key is not None
    assert run(folder, ["sh", "-ec", key_id]).stdout.split()[0] == key.key_id
    assert json.loads(text)["signatures"][0]["keyid"] == key.key_id
    alter(folder)
    assert run(folder, ["sh", "-ec", verification]).returncode != 0


def test_python_verifies_a_record_and_refuses_an_altered_one(folder: Path) -> None:
    (program,) = blocks("python")
    done = run(folder, [sys.executable, "-c", program])
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["predicate"]["debrief"]["status"] == "inconclusive"
    alter(folder)
    done = run(folder, [sys.executable, "-c", program])
    assert (done.returncode, "InvalidSignature" in done.stderr) == (1, True)


def test_the_example_has_the_form_of_a_real_statement(folder: Path) -> None:
    (example,) = (json.loads(block) for block in blocks("json"))
    real = json.loads(run(folder, [sys.executable, "-c", blocks("python")[0]]).stdout)
    assert example.keys() == real.keys()
    assert example["predicate"].keys() == real["predicate"].keys()
    told, signed = example["predicate"]["debrief"], real["predicate"]["debrief"]
    assert told.keys() == signed.keys()
    for part in ("record", "installation", "database", "replica", "objectives"):
        assert told[part].keys() == signed[part].keys()
    assert told["test"].keys() - {"…"} <= signed["test"].keys()


def test_the_subject_without_a_file_is_what_the_document_says(folder: Path) -> None:
    real = json.loads(run(folder, [sys.executable, "-c", blocks("python")[0]]).stdout)
    debrief = real["predicate"]["debrief"]
    assert debrief["subject"] == RESULT
    text = json.dumps(debrief["test"], sort_keys=True, separators=(",", ":"))
    assert real["subject"] == [{"name": "RT-12 result", "digest": {"sha256": canonical.digest_of_text(text)}}]
