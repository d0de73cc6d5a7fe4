"""HTML to PDF with WeasyPrint.

WeasyPrint is imported on first use: it takes about a second, its libraries may be missing, and Fontconfig must be told
about the private configuration before it loads.
"""

import os
from collections.abc import Sequence
from functools import lru_cache
from importlib import import_module
from pathlib import Path
from threading import Lock
from typing import Any

from lib.pdf.attachments import Attachment, detach
from lib.pdf.fonts import prepare_fonts

# Reserved by RFC 6761, so a relative address in a document can never lead anywhere.
BASE = "https://document.invalid/"
VARIANT = "pdf/ua-1"
# Dots an inch that a picture keeps at most: enough for paper, and a photo does not make a file of ten megabytes.
PICTURE_DPI = 200

# Pango's font map, shared by all renders of a process, is not safe to use from two threads.
_one_at_a_time = Lock()


def render_pdf(html: str, *, fonts: Path, cache: Path, pictures: Sequence[Path] = ()) -> bytes:
    """The document as a tagged PDF/UA-1 file with bookmarks from its headings and its fonts inside.

    `html` is one complete document with its style in a <style> element; it may name the families "IBM Plex Sans Thai"
    (400, 500, 600) and "IBM Plex Mono" (400, 600), and all other text falls back to the first. Files put behind it by
    `lib.pdf.attachments.attach` are embedded. Equal input gives equal
    bytes; the dates are those of <meta name=dcterms.created> and dcterms.modified, or none. Nothing is fetched: an
    address is refused and logged, and the rest of the document is rendered. Links should be absolute. Pictures whose
    address is `kept-picture:` with their SHA-256 are read from the folders of files in `pictures`.

    `fonts` is the folder of vendored woff2 files, `cache` a folder that may be written to and emptied. Time and size
    are not limited here: hostile input belongs in a process with a time limit. Sets FONTCONFIG_FILE for the process.
    Raises FontsMissingError; OSError where a system library is missing.
    """
    html, files = detach(html)
    with _one_at_a_time:
        document = _lay_out(html, fonts, cache, tuple(pictures))
        attachments = [_embedded(file) for file in files]
        return bytes(document.write_pdf(pdf_variant=VARIANT, attachments=attachments, dpi=PICTURE_DPI))


def count_pages(html: str, *, fonts: Path, cache: Path) -> int:
    """How many pages `render_pdf` would make of the same document."""
    with _one_at_a_time:
        return len(_lay_out(html, fonts, cache).pages)


def _lay_out(html: str, fonts: Path, cache: Path, pictures: tuple[Path, ...] = ()) -> Any:
    configuration = prepare_fonts(fonts, cache)
    os.environ["FONTCONFIG_FILE"] = str(configuration)
    weasyprint = import_module("weasyprint")
    import_module("lib.pdf.thai").install()
    import_module("lib.pdf.tagging").install()
    document = weasyprint.HTML(string=html, base_url=BASE, url_fetcher=_closed_network(pictures))
    fonts_used = _font_configuration(configuration)
    return document.render(font_config=fonts_used, pdf_variant=VARIANT, dpi=PICTURE_DPI)


def _embedded(file: Attachment) -> Any:
    return import_module("weasyprint").Attachment(
        string=file.content,
        name=file.name,
        description=file.description,
        relationship="Data",
        created=file.modified_at,
        modified=file.modified_at,
    )


@lru_cache(maxsize=4)
def _closed_network(pictures: tuple[Path, ...]) -> Any:
    return import_module("lib.pdf.network").ClosedNetwork(pictures)


@lru_cache(maxsize=1)
def _font_configuration(configuration: Path) -> Any:  # noqa: ARG001  (read through FONTCONFIG_FILE, named as the key)
    return import_module("weasyprint.text.fonts").FontConfiguration()
