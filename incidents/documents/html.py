"""The document as one HTML file: what the PDF is made from, and what a person can keep."""

import base64
import re
from functools import cache
from pathlib import Path

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from incidents.documents.pictures import carry_pictures, inline_pictures
from incidents.documents.tree import Document

# As CSS names them; the first is where nobody has said.
PAPERS = ("A4", "letter")
STYLE_MARK = "/* style */"
# family, weight, file
FACES = (
    ("IBM Plex Sans Thai", 400, "IBMPlexSansThai-Regular.woff2"),
    ("IBM Plex Sans Thai", 600, "IBMPlexSansThai-SemiBold.woff2"),
    ("IBM Plex Mono", 400, "IBMPlexMono-Regular.woff2"),
)


def render_print_source(document: Document, paper: str = PAPERS[0]) -> str:
    """The document as HTML for the PDF engine, which brings its own fonts; equal documents give equal text."""
    return carry_pictures(_render(document, _stylesheet(paper)), document)


def render_self_contained(document: Document, paper: str = PAPERS[0]) -> str:
    """The document as one HTML file with style, fonts and pictures inside, without scripts; it prints like the PDF."""
    return inline_pictures(_render(document, _font_faces() + _stylesheet(paper)), document)


def _render(document: Document, style: str) -> str:
    # The reader's own timezone or language would make another file of the same document.
    with timezone.override(timezone.get_default_timezone()), translation.override(document.language):
        html = render_to_string("incidents/documents/document.html", {"document": document, "style_mark": STYLE_MARK})
        style += _margin_words(document)
    # Put in after rendering, so that the stylesheet's quotes are not escaped. It is a file of this project.
    # Looked for with its tag, which no title can contain.
    return html.replace(f"<style>{STYLE_MARK}", f"<style>{style}", 1)


def _margin_words(document: Document) -> str:
    """What the margins of each page say; browsers that print know no running strings, so it stands there as it is."""
    words = _("Page {page} of {pages}")
    numbers = {"{page}": "counter(page)", "{pages}": "counter(pages)"}
    counted = " ".join(numbers.get(part) or _css_string(part) for part in re.split(r"(\{pages?\})", words) if part)
    running = _css_string(f"{document.reference} · {document.title}")
    return (
        f"@page {{ @top-left {{ content: {running} }} @bottom-right {{ content: {counted} }} }}\n"
        "@page :first { @top-left { content: none } }\n"
    )


def _css_string(text: str) -> str:
    """The text in quotes, in which nothing can end them, or the style element around them."""
    kept = (each if each.isalnum() or each == " " else f"\\{ord(each):x} " for each in re.sub(r"\s", " ", text))
    return f'"{"".join(kept)}"'


@cache
def _stylesheet(paper: str) -> str:
    style = (Path(settings.BASE_DIR) / "static" / "css" / "document.css").read_text()
    return style.replace(f"size: {PAPERS[0]};", f"size: {PAPERS[PAPERS.index(paper)]};", 1)


@cache
def _font_faces() -> str:
    return "\n".join(
        f'@font-face {{ font-family: "{family}"; font-weight: {weight}; src: url(data:font/woff2;base64,'
        f'{base64.b64encode((Path(settings.FONTS_DIR) / file).read_bytes()).decode()}) format("woff2") }}'
        for family, weight, file in FACES
    )
