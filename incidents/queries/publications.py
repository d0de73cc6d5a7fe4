"""The versions of a post-mortem, and what differs between them."""

import json
from dataclasses import dataclass

from django.conf import settings

from incidents.documents.comparison import SectionChange, compare_documents
from incidents.documents.frozen import build_frozen, content_digest
from incidents.documents.tree import Document
from incidents.documents.tree_json import from_json
from incidents.models import Postmortem, Publication

DRAFT = "draft"


@dataclass(frozen=True)
class Standing:
    """The newest version, and whether the document says something else by now."""

    last: Publication | None
    is_changed: bool


def list_versions(postmortem: Postmortem) -> list[Publication]:
    """All of them without their content, the newest first."""
    kept = postmortem.publications.select_related("published_by").defer("content", "external_content")
    return list(kept.order_by("-number"))


def find_version(postmortem: Postmortem, number: int) -> Publication | None:
    """The version with its content; None where there is none."""
    return postmortem.publications.select_related("published_by").filter(number=number).first()


def read_version(publication: Publication, *, is_external: bool = False) -> Document:
    """The document as it was published, for readers inside or outside."""
    return from_json(json.loads(publication.external_content if is_external else publication.content))


def read_standing(postmortem: Postmortem, document: Document | None = None) -> Standing:
    """Whether what stands now is what was published last; `document` is what stands, where that was built already."""
    last = postmortem.publications.select_related("published_by").order_by("-number").first()
    if last is None:
        return Standing(None, is_changed=False)
    if document is None or document.language != settings.LANGUAGE_CODE:
        # In another language every heading would differ.
        document = build_frozen(postmortem)
    return Standing(last, content_digest(read_version(last)) != content_digest(document))


def compare_versions(postmortem: Postmortem, older: str, newer: str) -> list[SectionChange] | None:
    """What differs, section by section; each is a version's number or “draft”. None where there is no such version."""
    documents = [_read(postmortem, name) for name in (older, newer)]
    if documents[0] is None or documents[1] is None:
        return None
    return compare_documents(documents[0], documents[1])


def _read(postmortem: Postmortem, name: str) -> Document | None:
    if name == DRAFT:
        return build_frozen(postmortem)
    publication = find_version(postmortem, int(name)) if name.isdecimal() and len(name) < 10 else None
    return read_version(publication) if publication else None
