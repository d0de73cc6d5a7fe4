"""A document as it is decided on and kept: in the installation's own language, whoever asks."""

from dataclasses import replace
from datetime import datetime

from django.conf import settings
from django.utils import dateformat, timezone, translation
from django.utils.translation import gettext as _

from incidents.documents.build import build_document
from incidents.documents.tree import Document, Gap, Phases
from incidents.documents.tree_json import digest
from incidents.models import Postmortem


def build_frozen(postmortem: Postmortem) -> Document:
    """The post-mortem as it stands, in the installation's language and timezone."""
    with translation.override(settings.LANGUAGE_CODE):
        return build_document(postmortem)


def freeze_as(document: Document, number: int, at: datetime) -> Document:
    """The document as this version, which its status names from now on."""
    with translation.override(document.language):
        return replace(document, status=version_words(number, at))


def version_words(number: int, at: datetime) -> str:
    """`Version 2, published 23 Nov 2026`, in the installation's timezone."""
    day = dateformat.format(timezone.localtime(at, timezone.get_default_timezone()), "j M Y")
    return _("Version %(number)d, published %(day)s") % {"number": number, "day": day}


def unwritten_sections(document: Document) -> list[str]:
    """The titles of the sections in which neither words nor records stand."""
    return [each.title for each in document.sections if all(isinstance(block, Gap) for block in each.blocks)]


def content_digest(document: Document) -> str:
    """The SHA-256 of what it says: how far it is and when a record was last touched are left out.

    So is the picture of the phases, which says what the milestones do, and up to now while the incident goes on.
    """
    sections = tuple(
        replace(section, blocks=tuple(block for block in section.blocks if not isinstance(block, Phases)))
        for section in document.sections
    )
    told = replace(document, sections=sections, status="", modified_at=document.created_at, records=None)
    told = replace(told, publication=None)
    return digest(told)
