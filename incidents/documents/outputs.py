"""The forms that a document is taken away in, and what their files are called."""

import json
import unicodedata

from django.conf import settings
from django.utils.translation import gettext as _

from incidents.documents.html import render_self_contained
from incidents.documents.markdown import render_markdown_file
from incidents.documents.tree import Document
from incidents.documents.tree_json import to_json
from incidents.documents.tree_schema import ADDRESS
from lib.pdf.attachments import Attachment

# By what the name of their files ends in.
FORMATS = {"pdf": "PDF", "html": "HTML", "md": "Markdown", "json": "JSON"}
MEDIA_TYPES = {"pdf": "application/pdf", "html": "text/html", "md": "text/markdown", "json": "application/json"}
LONGEST_TITLE = 80


def render_json(document: Document) -> str:
    """The document as JSON for people and programs, with the address of its schema."""
    data = {"$schema": f"{settings.BASE_URL}{ADDRESS}", **to_json(document)}
    return json.dumps(data, ensure_ascii=False, indent=2) + "\n"


def render_text(document: Document, wanted: str) -> str:
    """The document as "html", "md" or "json"."""
    return {"html": render_self_contained, "md": render_markdown_file, "json": render_json}[wanted](document)


def json_attachment(document: Document) -> Attachment:
    """The document as a file inside its own PDF."""
    description = _("The post-mortem as JSON, for programs")
    content, name = render_json(document).encode(), f"{document.reference}{_version(document)}{_variant(document)}.json"
    return Attachment(name, description, content, document.modified_at)


def file_name(document: Document, suffix: str) -> str:
    """`INC-42 Checkout is slow v2.pdf`: the title in letters, marks and digits of any language, and not too long."""
    return name_file(document.reference, document.title, f"{_version(document)}{_variant(document)}.{suffix}")


def name_file(reference: str, title: str, ending: str) -> str:
    """The same of a title."""
    title = unicodedata.normalize("NFC", title)
    kept = "".join(each if unicodedata.category(each)[0] in "LMN" or each in "-_" else " " for each in title)
    cut = " ".join(kept.split())[:LONGEST_TITLE]
    return f"{reference} {cut}".strip() + ending


def _version(document: Document) -> str:
    return f" v{document.publication.version}" if document.publication else ""


def _variant(document: Document) -> str:
    return " external" if document.is_external else ""
