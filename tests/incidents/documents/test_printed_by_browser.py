"""The HTML file, printed by a real browser, has the pages of the PDF."""

from pathlib import Path
from typing import Any

from accounts.models import User
from incidents.documents.build import build_document
from incidents.documents.html import render_print_source, render_self_contained
from incidents.services.example import load_example_incident
from lib.pdf.engine import render_pdf
from tests.incidents.documents.pdf_text import printed, text_of


def test_a_browser_prints_the_pages_of_the_pdf(responder: User, tmp_path: Path, settings: Any) -> None:
    document = build_document(load_example_incident(actor=responder).postmortem)
    html, source = render_self_contained(document), render_print_source(document)
    by_browser = printed(html, tmp_path).split("\f")[:-1]
    by_engine = text_of(render_pdf(source, fonts=settings.FONTS_DIR, cache=settings.FONT_CACHE_DIR)).split("\f")[:-1]
    assert len(by_browser) == len(by_engine)
    for number, (one, other) in enumerate(zip(by_browser, by_engine, strict=True), start=1):
        assert f"Page {number} of {len(by_engine)}" in one
        assert (f"{document.reference} · {document.title}" in one) is (number > 1)
        headings = [section.title for section in document.sections if f"\n{section.title}\n" in other]
        assert [title for title in headings if f"\n{title}\n" not in one] == []
