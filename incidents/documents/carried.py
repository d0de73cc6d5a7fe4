"""What a file carries so that it can be read back: the records, and each section's prose as it was typed."""

import hashlib
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from incidents.documents.records import Records
from incidents.documents.tree import Document, Prose, Section
from incidents.documents.tree_json import UnreadableDocumentError


@dataclass(frozen=True)
class CarriedSection:
    """One section. In a Markdown file: the SHA-256 of its prose and of the blocks below, as that file shows them."""

    key: str
    title: str
    body: str = ""
    prose_sha256: str = ""
    prose_length: int = 0
    blocks_sha256: str = ""
    blocks_length: int = 0


@dataclass(frozen=True)
class Carried:
    """All that a post-mortem is made again from, and whether it has what no file carries."""

    reference: str
    title: str
    author: str
    severity_level: int
    created_at: datetime
    modified_at: datetime
    records: Records
    sections: tuple[CarriedSection, ...]
    has_pictures: bool = False
    has_evidence: bool = False


def carried_by(document: Document) -> Carried:
    """What this document carries. Raises UnreadableDocumentError for an external one, which has no records."""
    if document.records is None:
        raise UnreadableDocumentError(
            _("This is a copy for readers outside: people are roles in it, and the records are left out.")
            + " "
            + _("Import the internal file instead.")
        )
    return Carried(
        reference=document.reference,
        title=document.title,
        author=document.author,
        severity_level=document.severity_level,
        created_at=document.created_at,
        modified_at=document.modified_at,
        records=document.records,
        sections=tuple(
            CarriedSection(section.key, section.title, body_of(document, section)) for section in document.sections
        ),
        has_pictures=bool(document.pictures),
        has_evidence=bool(document.attachments),
    )


def body_of(document: Document, section: Section) -> str:
    """The prose of a section as it was typed; empty where nothing is written."""
    written = {each.key for each in document.records.sections if each.is_written} if document.records else set()
    first = section.blocks[0] if section.blocks else None
    return first.markdown if section.key in written and isinstance(first, Prose) else ""


def sha256(text: str) -> str:
    """The digest of a piece of text."""
    return hashlib.sha256(text.encode()).hexdigest()
