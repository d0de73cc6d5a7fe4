"""The signed records of restore tests as files inside a document."""

import logging
from collections.abc import Iterable

from django.utils.translation import gettext as _

from lib.pdf.attachments import Attachment
from recovery.attestation import envelope, keys
from recovery.models import RestoreTest, TestRecord

logger = logging.getLogger(__name__)
KEY_NAME = "evidence-key.pem"
ENVELOPE_SUFFIX = ".dsse.json"


def envelope_name(test: RestoreTest) -> str:
    """What the file with the test's signed record is called."""
    return f"{test.reference}{ENVELOPE_SUFFIX}"


def attachments_of(tests: Iterable[RestoreTest]) -> tuple[Attachment, ...]:
    """The envelope of each test that has a record, loaded with it, and the public keys that they are signed with."""
    records = [test.record for test in sorted(tests, key=lambda test: test.pk) if hasattr(test, "record")]
    return (*(_envelope(record) for record in dict.fromkeys(records)), *_public_keys(records))


def _envelope(record: TestRecord) -> Attachment:
    test = record.restore_test
    description = _("The signed record of %(test)s") % {"test": test.reference}
    return Attachment(envelope_name(test), description, record.envelope.encode(), record.written_at)


def _public_keys(records: list[TestRecord]) -> list[Attachment]:
    if not records:
        return []
    try:
        own, known = keys.public_key(), keys.known_keys()
    except keys.UNREADABLE as error:
        # The document is worth having without it: whoever verifies should have the key from elsewhere anyway.
        logger.warning("a document is made without its public key: %s", error)
        return []
    used = {key_id for record in records for key_id in envelope.signers(record.envelope)}
    newest = max(record.written_at for record in records)
    return [
        Attachment(_key_name(key, own), _("The public key of these records"), key.pem.encode(), newest)
        for key in known
        if key.key_id in used
    ]


def _key_name(key: keys.PublicKey, own: keys.PublicKey | None) -> str:
    return KEY_NAME if own and key.key_id == own.key_id else f"evidence-key-{key.key_id[:12]}.pem"
