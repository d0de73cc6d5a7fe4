"""Verifying a file that left the installation, by keys alone: nothing here asks the database."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pypdf import PdfReader
from pypdf.errors import PyPdfError

from recovery.attestation import canonical, envelope
from recovery.attestation.attachments import ENVELOPE_SUFFIX
from recovery.attestation.findings import Verification
from recovery.attestation.keys import KeyUnusableError, PublicKey, parse_public_key

# What pypdf raises for a file that is none, or a damaged one.
UNREADABLE_PDF = (PyPdfError, ValueError, KeyError, TypeError, AttributeError, RecursionError)


@dataclass(frozen=True)
class Verified:
    """An envelope that holds: the file it was in, its digest, and the statement."""

    name: str
    sha256: str
    statement: dict[str, Any]

    def __str__(self) -> str:
        signed = self.statement["predicate"]["debrief"]
        test, record = signed["test"], signed["record"]
        durations = {"RTO": test["rto_seconds"], "RPO": test["rpo_seconds"]}
        facts = [
            f"RT-{test['number']} of {signed['database']['name']}/{signed['replica']['name']}: {test['status']}",
            *(f"{label} {seconds} s" for label, seconds in durations.items() if seconds is not None),
            f"finished {test['finished_at']}",
            f"restored SHA-256 {test['sha256'] or 'none'}",
            f"record {record['sequence']} with digest {self.sha256}",
        ]
        return f"{self.name}: {', '.join(facts)}"


class FileUnreadableError(Exception):
    """A file that cannot be looked into; the text says why."""


def verify_envelope(path: Path, keys: Sequence[PublicKey]) -> tuple[Verification, list[Verified]]:
    """What does not hold of the envelope in this file, and what a holding one says. Raises OSError."""
    found = Verification()
    content = path.read_bytes()
    return found, _verify(path.name, content, keys, found)


def verify_pdf(path: Path, keys: Sequence[PublicKey]) -> tuple[Verification, list[Verified]]:
    """What does not hold of the envelopes in this PDF, and what those that hold say.

    The key inside is only compared: who writes a false PDF would put a key of his own in it. Raises OSError and
    FileUnreadableError.
    """
    found, told = Verification(), []
    files = _attachments(path)
    for name, content in files:
        if name.endswith(ENVELOPE_SUFFIX):
            told += _verify(name, content, keys, found)
        elif name.endswith(".pem"):
            _compare_key(name, content, keys, found)
    if not any(name.endswith(ENVELOPE_SUFFIX) for name, _content in files):
        found.add(f"{path.name} carries no signed record.")
    return found, told


def _attachments(path: Path) -> list[tuple[str, bytes]]:
    # It warns of every untidiness of a file by the log, which is for the administrator of a server.
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    try:
        attached = PdfReader(path).attachments
        return [(name, content) for name, contents in attached.items() for content in contents]
    except UNREADABLE_PDF as error:
        raise FileUnreadableError(f"{path} cannot be read as a PDF: {error}.") from error


def _verify(name: str, content: bytes, keys: Sequence[PublicKey], found: Verification) -> list[Verified]:
    """What was signed; nothing where it does not hold."""
    found.records += 1
    try:
        text = content.decode()
        statement = envelope.verify(text, keys)
    except UnicodeDecodeError:
        found.add(f"{name} does not hold: it is not a DSSE envelope.")
        return []
    except envelope.EnvelopeRefusedError as error:
        found.add(f"{name} does not hold: {error}.")
        return []
    return [Verified(name, canonical.digest_of_text(text), statement)]


def _compare_key(name: str, content: bytes, keys: Sequence[PublicKey], found: Verification) -> None:
    try:
        key = parse_public_key(content, name)
    except KeyUnusableError:
        found.add(f"{name} is not an Ed25519 public key.")
        return
    if key.key_id not in {known.key_id for known in keys}:
        found.add(f"{name} is not a key that is known here: {key.key_id}.")
