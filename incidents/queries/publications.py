"""The versions of a post-mortem, and what differs between them."""

import json
from dataclasses import dataclass, replace

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from incidents.documents.build import build_document
from incidents.documents.comparison import SectionChange, compare_documents
from incidents.documents.frozen import build_frozen, content_digest, version_words
from incidents.documents.tree import Document, PublishedAs
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


def read_named(publication: Publication, *, is_external: bool = False) -> Document:
    """The same for taking away: every file made of it says which version it is, and one for inside by which SHA-256."""
    named = PublishedAs(publication.number, publication.published_at, "" if is_external else publication.sha256)
    return replace(read_version(publication, is_external=is_external), publication=named)


def build_current(postmortem: Postmortem) -> Document:
    """What stands now, for taking away; its status says so where it is not what was published last."""
    return with_standing(build_document(postmortem), postmortem)


def with_standing(document: Document, postmortem: Postmortem) -> Document:
    """The document of what stands now, which names the version that it is or was changed since."""
    with translation.override(document.language):
        return replace(document, status=_status(postmortem, read_standing(postmortem, document)))


def _status(postmortem: Postmortem, standing: Standing) -> str:
    last, status = standing.last, Postmortem.Status(postmortem.status)
    is_published = status == Postmortem.Status.PUBLISHED
    if last is None or status == Postmortem.Status.NOT_REQUIRED or not (is_published or standing.is_changed):
        return str(status.label)
    if not standing.is_changed:
        return version_words(last.number, last.published_at)
    words = {"status": (Postmortem.Status.DRAFT if is_published else status).label, "number": last.number}
    return _("%(status)s, changed since version %(number)d") % words


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
