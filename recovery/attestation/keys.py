"""The Ed25519 key that an installation signs with, and those whose signatures it knows."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from securesystemslib.signer import CryptoSigner, SSlibKey

from lib.secrets import read_or_make_secret


class KeyUnusableError(Exception):
    """A file that was named as a key holds none; the text says which and what it must be."""


@dataclass(frozen=True)
class PublicKey:
    """A key that verifies. `key_id` is the SHA-256 of its DER form (SubjectPublicKeyInfo)."""

    key_id: str
    pem: str
    key: SSlibKey


def signer() -> CryptoSigner:
    """Signs with the installation's key, which is made on first use, with mode 0600.

    Raises KeyUnusableError where the file holds no such key; OSError or ImproperlyConfigured where it cannot be read
    or made.
    """
    path = Path(settings.EVIDENCE_KEY_FILE)
    # A file that somebody else looks after is read and never made: a mistyped path would begin another identity.
    text = read_or_make_secret(path, make=_make_key) if _is_own(path) else path.read_text()
    private = _load_private(text, path)
    return CryptoSigner(private, _describe(private.public_key()).key)


def public_key() -> PublicKey | None:
    """The public half of the installation's key; None where nothing has been signed yet. Makes nothing."""
    path = Path(settings.EVIDENCE_KEY_FILE)
    try:
        text = path.read_text()
    except FileNotFoundError:
        return None
    return _describe(_load_private(text, path).public_key())


def known_keys() -> list[PublicKey]:
    """The installation's own public key and those it signed with before (`keys/evidence-old/*.pem`)."""
    own = public_key()
    old = [read_public_key(path) for path in sorted(Path(settings.EVIDENCE_OLD_KEYS_DIR).glob("*.pem"))]
    return ([own] if own else []) + old


def read_public_key(path: Path) -> PublicKey:
    """The Ed25519 public key in a PEM file. Raises KeyUnusableError, or OSError where it cannot be read."""
    return parse_public_key(path.read_bytes(), str(path))


def parse_public_key(pem: bytes, name: str) -> PublicKey:
    """The Ed25519 public key in PEM; `name` says in an error where it comes from."""
    try:
        key = serialization.load_pem_public_key(pem)
    except ValueError:
        key = None
    if not isinstance(key, Ed25519PublicKey):
        raise KeyUnusableError(
            f"{name} is not an Ed25519 public key in PEM. Use the file that the page of a test offers for download."
        )
    return _describe(key)


def _is_own(path: Path) -> bool:
    return path == Path(settings.DATA_DIR) / "keys" / "evidence-key"


def _make_key() -> str:
    return (
        Ed25519PrivateKey.generate()
        .private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        .decode()
    )


def _load_private(text: str, path: Path) -> Ed25519PrivateKey:
    try:
        key = serialization.load_pem_private_key(text.encode(), password=None)
    except (ValueError, TypeError):
        key = None
    if not isinstance(key, Ed25519PrivateKey):
        raise KeyUnusableError(
            f"{path} is not an unencrypted Ed25519 private key in PEM. Put the right file there, "
            "or make one by “openssl genpkey -algorithm ed25519”."
        )
    return key


def _describe(key: Ed25519PublicKey) -> PublicKey:
    form = serialization.PublicFormat.SubjectPublicKeyInfo
    key_id = hashlib.sha256(key.public_bytes(serialization.Encoding.DER, form)).hexdigest()
    pem = key.public_bytes(serialization.Encoding.PEM, form).decode()
    return PublicKey(key_id, pem, SSlibKey.from_crypto(key, keyid=key_id))


UNREADABLE = (KeyUnusableError, ImproperlyConfigured, OSError)
