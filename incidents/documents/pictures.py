"""Pictures in a document: those of its own incident go into the file, whatever the text refers to.

They go without what cameras write beside them, which may be where somebody lives.
"""

import base64
import html as entities
import re
from collections.abc import Callable
from dataclasses import replace

from django.conf import settings
from django.utils.html import format_html
from django.utils.translation import gettext as _

from incidents.documents.tree import Document, Picture
from incidents.models import Attachment, Incident
from incidents.models.attachment import PICTURE_TYPES, attachment_store
from lib.file_store import FileLostError
from lib.pdf.kept_pictures import KEPT
from lib.picture_metadata import without_metadata

# All pictures of one HTML file together; what is beyond stays behind its link.
MAX_INLINED_BYTES = 25_000_000
# As the cleaner of Markdown writes it, and as this project's own templates do: every value in quotes, no quote inside.
IMAGE = re.compile(r'<img((?:\s+[a-z]+="[^"]*")*)\s*>')
ATTRIBUTE = re.compile(r'([a-z]+)="([^"]*)"')
OWN_LINK = re.compile(r'(?<=href=")(?=/(?!/))')
OWN_LINK_IN_MARKDOWN = re.compile(r"(?<=\]\()(?=/incidents/\d+/attachments/\d+/\))")


def pictures_of(incident: Incident) -> tuple[Picture, ...]:
    """The pictures attached to the incident, by the addresses that text refers to them with."""
    found = Attachment.objects.filter(incident=incident, removed_at=None, media_type__in=PICTURE_TYPES)
    folder = attachment_store().folder
    return tuple(
        Picture(f"/incidents/{incident.pk}/attachments/{pk}/", digest, media_type, size, folder)
        for pk, digest, media_type, size in found.values_list("pk", "sha256", "media_type", "size_bytes")
    )


def carry_pictures(html: str, document: Document) -> str:
    """The document's HTML with its pictures named for the PDF engine, which reads them itself."""
    return _place(html, document, lambda picture: f"{KEPT}{picture.sha256}")


def inline_pictures(html: str, document: Document) -> str:
    """The document's HTML with its pictures inside; one that is lost or too much stays behind its link."""
    room = MAX_INLINED_BYTES
    inlined: dict[str, str | None] = {}

    def address_of(picture: Picture) -> str | None:
        nonlocal room
        if picture.address not in inlined:
            inlined[picture.address] = _inline(picture) if picture.size <= room else None
            room -= picture.size if inlined[picture.address] else 0
        return inlined[picture.address]

    return _place(html, document, address_of)


def link_from_outside(markdown: str) -> str:
    """The Markdown with addresses of attached files that also lead here from outside of Debrief."""
    return OWN_LINK_IN_MARKDOWN.sub(lambda _match: settings.BASE_URL, markdown)


def _place(html: str, document: Document, address_of: Callable[[Picture], str | None]) -> str:
    pictures = {picture.address: picture for picture in document.pictures}

    def place(match: re.Match[str]) -> str:
        values = dict(ATTRIBUTE.findall(match[1]))
        alternative = entities.unescape(values.get("alt", ""))
        picture = pictures.get(values.get("src", ""))
        address = address_of(picture) if picture else None
        if address is None:
            missing = _("picture not included: %(name)s") % {"name": alternative or _("without a name")}
            return format_html('<span class="gap">[{}]</span>', missing)
        return format_html('<img src="{}" alt="{}">', address, alternative)

    return OWN_LINK.sub(lambda _match: settings.BASE_URL, IMAGE.sub(place, html))


def _inline(picture: Picture) -> str | None:
    try:
        with replace(attachment_store(), folder=picture.folder).open(picture.sha256) as file:
            content = base64.b64encode(without_metadata(file.read())).decode()
    except FileLostError:
        return None
    return f"data:{picture.media_type};base64,{content}"
