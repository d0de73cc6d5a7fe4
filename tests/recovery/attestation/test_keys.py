"""The installation's key: made once, whoever asks first; only read where somebody else looks after it."""

import hashlib
import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.core.exceptions import ImproperlyConfigured
from pytest_django import Settings

from recovery.attestation.keys import KeyUnusableError, known_keys, public_key, read_public_key, signer
from tests.recovery.management.installation import Installation


def test_it_is_made_on_first_use_for_its_owner_alone_and_stays(key_file: Path) -> None:
    assert public_key() is None
    assert known_keys() == []
    assert not key_file.exists()
    key_id = signer().public_key.keyid
    assert key_file.stat().st_mode & 0o777 == 0o600
    assert key_file.read_text().startswith("-----BEGIN PRIVATE KEY-----")
    assert signer().public_key.keyid == key_id
    found = public_key()
    assert found is not None
    assert found.key_id == key_id


def test_processes_that_start_at_once_have_one_key(tmp_path: Path) -> None:
    ask = "from recovery.attestation.keys import signer; print(signer().public_key.keyid)"
    installation = Installation(tmp_path / "data")
    with ThreadPoolExecutor() as pool:
        ended = list(pool.map(lambda _: installation.manage("shell", "-v0", "-c", ask), range(3)))
    assert [done.code for done in ended] == [0, 0, 0], ended
    assert len({done.out for done in ended}) == 1
    assert [path.name for path in (tmp_path / "data" / "keys").iterdir() if path.name.startswith(".")] == []


def test_its_id_is_what_openssl_says_of_the_public_key(key_file: Path, tmp_path: Path) -> None:
    signer()
    found = public_key()
    assert found is not None
    pem = tmp_path / "public.pem"
    pem.write_text(found.pem)
    openssl = ["openssl", "pkey", "-pubin", "-in", str(pem), "-outform", "DER"]
    der = subprocess.run(openssl, capture_output=True, check=True).stdout
    assert hashlib.sha256(der).hexdigest() == found.key_id
    assert read_public_key(pem).key_id == found.key_id


def test_earlier_keys_are_known_too(key_file: Path, settings: Settings) -> None:
    signer()
    earlier = public_key()
    assert earlier is not None
    settings.EVIDENCE_OLD_KEYS_DIR.mkdir()
    (settings.EVIDENCE_OLD_KEYS_DIR / "2026.pem").write_text(earlier.pem)
    key_file.unlink()
    now = signer().public_key.keyid
    assert [key.key_id for key in known_keys()] == [now, earlier.key_id]
    assert now != earlier.key_id


def test_a_file_of_somebody_else_is_read_and_never_made(key_file: Path, settings: Settings, tmp_path: Path) -> None:
    other = tmp_path / "mounted" / "key"
    settings.EVIDENCE_KEY_FILE = other
    with pytest.raises(FileNotFoundError):
        signer()
    assert not other.parent.exists()
    other.parent.mkdir()
    subprocess.run(["openssl", "genpkey", "-algorithm", "ed25519", "-out", str(other)], check=True, capture_output=True)
    found = public_key()
    assert found is not None
    assert signer().public_key.keyid == found.key_id


@pytest.mark.parametrize("content", ["", "nothing", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"])
def test_a_file_that_holds_no_key_is_named(key_file: Path, content: str) -> None:
    key_file.parent.mkdir()
    key_file.write_text(content)
    with pytest.raises(KeyUnusableError, match="evidence-key is not an unencrypted Ed25519 private key"):
        signer()
    with pytest.raises(KeyUnusableError):
        public_key()
    assert key_file.read_text() == content


def test_a_key_of_another_kind_is_refused(tmp_path: Path) -> None:
    key = rsa.generate_private_key(65537, 2048).public_key()
    pem = tmp_path / "rsa.pem"
    pem.write_bytes(key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))
    with pytest.raises(KeyUnusableError, match=r"rsa\.pem is not an Ed25519 public key"):
        read_public_key(pem)


def test_a_folder_that_cannot_be_written_to_is_named(key_file: Path) -> None:
    key_file.parent.write_text("a file in place of the folder")
    with pytest.raises(ImproperlyConfigured, match="cannot write to"):
        signer()
