"""The DSSE envelope around a statement: signed once, verified by anybody who has the public key."""

import json
from collections.abc import Sequence
from typing import Any

from securesystemslib.dsse import Envelope
from securesystemslib.exceptions import Error as SecureSystemsError
from securesystemslib.signer import Signature, Signer

from recovery.attestation import canonical
from recovery.attestation.keys import PublicKey
from recovery.attestation.statement import PREDICATE_TYPE, STATEMENT_TYPE, VERSION

PAYLOAD_TYPE = "application/vnd.in-toto+json"
# A restored database of ten thousand tables makes one of two megabytes.
MAX_BYTES = 16 * 1024 * 1024


class EnvelopeRefusedError(Exception):
    """An envelope that does not hold; the text is the sentence that says why."""


def sign(statement: dict[str, Any], signer: Signer) -> str:
    """The envelope as text, in the one form that `verify` takes."""
    envelope = Envelope(canonical.as_text(statement).encode(), PAYLOAD_TYPE, {})
    envelope.sign(signer)
    return _text(envelope)


def verify(text: str, keys: Sequence[PublicKey]) -> dict[str, Any]:
    """The statement inside, once a known key is found to have signed it. Raises EnvelopeRefusedError."""
    envelope = _parse(text)
    if envelope.payload_type != PAYLOAD_TYPE:
        raise EnvelopeRefusedError(f"its payload is {envelope.payload_type!r}, not an in-toto statement")
    _check_signature(envelope, keys)
    if _text(_bare(envelope)) != text.strip():
        raise EnvelopeRefusedError("it is not in the form in which it was signed: something was added or rewritten")
    return _statement(envelope.payload)


def peek(text: str) -> dict[str, Any] | None:
    """The statement inside, whoever signed it, to name it by in a sentence; None where there is none."""
    try:
        return _statement(_parse(text).payload)
    except EnvelopeRefusedError:
        return None


def signers(text: str) -> list[str]:
    """The ids of the keys that the envelope says it is signed with; none where it is no envelope."""
    try:
        return sorted(str(key_id) for key_id in _parse(text).signatures)
    except EnvelopeRefusedError:
        return []


def _parse(text: str) -> Envelope:
    if len(text) > MAX_BYTES:
        raise EnvelopeRefusedError("it is too large to be one")
    try:
        envelope = Envelope.from_dict(json.loads(text))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError, SecureSystemsError):
        raise EnvelopeRefusedError("it is not a DSSE envelope") from None
    if not isinstance(envelope.payload_type, str):
        raise EnvelopeRefusedError("it is not a DSSE envelope")
    return envelope


def _check_signature(envelope: Envelope, keys: Sequence[PublicKey]) -> None:
    known = {key.key_id: key.key for key in keys}
    signers = sorted(str(key_id) for key_id in envelope.signatures)
    if not any(key_id in known for key_id in signers):
        raise EnvelopeRefusedError(f"it is signed by a key that is not known ({', '.join(signers) or 'none'})")
    try:
        envelope.verify(list(known.values()), 1)
    except (SecureSystemsError, ValueError, TypeError):
        raise EnvelopeRefusedError("its signature does not fit its content") from None


def _statement(payload: bytes) -> dict[str, Any]:
    try:
        statement = json.loads(payload)
        debrief = statement["predicate"]["debrief"]
        kinds = (statement["_type"], statement["predicateType"], debrief["version"])
        is_whole = isinstance(debrief["test"], dict) and isinstance(debrief["record"], dict)
    except (ValueError, KeyError, TypeError, RecursionError):
        raise EnvelopeRefusedError("its payload is not the statement of a restore test") from None
    if kinds != (STATEMENT_TYPE, PREDICATE_TYPE, VERSION) or not is_whole:
        raise EnvelopeRefusedError("its payload is not a statement of a restore test that this version knows")
    return dict(statement)


def _bare(envelope: Envelope) -> Envelope:
    """With the one signature and nothing beside it, as `sign` leaves it: what else is there, nobody has signed."""
    signatures = {key_id: Signature(key_id, one.signature) for key_id, one in list(envelope.signatures.items())[:1]}
    return Envelope(envelope.payload, envelope.payload_type, signatures)


def _text(envelope: Envelope) -> str:
    return canonical.as_text(envelope.to_dict())
