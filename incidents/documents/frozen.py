"""A document as it is decided on and kept: in the installation's own language, whoever asks."""

from dataclasses import replace

from django.conf import settings
from django.utils import translation

from incidents.documents.build import build_document
from incidents.documents.tree import Document, Phases
from incidents.documents.tree_json import digest
from incidents.models import Postmortem


def build_frozen(postmortem: Postmortem) -> Document:
    """The post-mortem as it stands, in the installation's language and timezone."""
    with translation.override(settings.LANGUAGE_CODE):
        return build_document(postmortem)


def content_digest(document: Document) -> str:
    """The SHA-256 of what it says: how far it is and when a record was last touched are left out.

    So is the picture of the phases, which says what the milestones do, and up to now while the incident goes on.
    """
    sections = tuple(
        replace(section, blocks=tuple(block for block in section.blocks if not isinstance(block, Phases)))
        for section in document.sections
    )
    told = replace(document, sections=sections, status="", modified_at=document.created_at, records=None)
    return digest(told)
