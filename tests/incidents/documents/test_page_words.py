"""What the margins of printed pages say: in the document's language, and nothing but words whatever its title is."""

import re
from dataclasses import replace
from typing import Any

import pytest
from django.utils import translation
from django.utils.translation import trans_real

from accounts.models import User
from incidents.documents.build import build_document
from incidents.documents.html import render_print_source, render_self_contained
from incidents.documents.tree import Document
from incidents.services.example import load_example_incident
from lib.pdf.engine import render_pdf
from tests.incidents.documents.pdf_text import text_of

THAI = {"Page {page} of {pages}": "หน้า {page} จาก {pages}", "Contents": "สารบัญ"}
TITLE = 'A "b" \\ </style><script>alert(1)</script> }} @import url(//x) \\a\n; สำคัญ'


@pytest.fixture
def document(responder: User) -> Document:
    return build_document(load_example_incident(actor=responder).postmortem)


@pytest.fixture
def thai(monkeypatch: pytest.MonkeyPatch) -> None:
    """A catalogue with these words, while Thai is active."""
    catalogue = trans_real.translation("th")._catalog._catalogs[0]  # type: ignore[attr-defined]
    for english, words in THAI.items():
        monkeypatch.setitem(catalogue, english, words)


def pages_of(document: Document, settings: Any) -> list[str]:
    source = render_print_source(document)
    return text_of(render_pdf(source, fonts=settings.FONTS_DIR, cache=settings.FONT_CACHE_DIR)).split("\f")[:-1]


def test_pages_are_counted_in_the_documents_language(document: Document, thai: None, settings: Any) -> None:
    with translation.override("th"):
        in_english = pages_of(document, settings)
    in_thai = pages_of(replace(document, language="th"), settings)
    assert f"Page 2 of {len(in_english)}" in in_english[1]
    assert "Contents" in in_english[0]
    assert f"หน้า 2 จาก {len(in_thai)}" in in_thai[1]
    assert "Page" not in in_thai[1]
    assert "สารบัญ" in in_thai[0]


def test_a_title_is_words_in_the_style(document: Document, settings: Any) -> None:
    hostile = replace(document, title=TITLE)
    for html in (render_print_source(hostile), render_self_contained(hostile)):
        style = html.partition("<style>")[2].partition("</style>")[0]
        (running,) = re.findall(r"@top-left \{ content: (\"(?:\\[0-9a-f]+ |[\w ])*\") \} @bottom-right", style)
        assert "script" in running
        assert "@import" not in style
        assert html.count("</style>") == 1
    running = " ".join(pages_of(hostile, settings)[1].splitlines()[0].split())
    assert running.startswith('INC-1 · A "b" \\ </style><script>alert(1)</script> }} @import url(//x) \\a ; สำคัญ')


def test_the_first_page_has_no_running_title(document: Document, settings: Any) -> None:
    first, second, *_others = pages_of(document, settings)
    assert "INC-1 · SQLite" not in first
    assert second.lstrip().startswith("INC-1 · SQLite")


def test_a_page_names_the_section_that_it_begins_in(document: Document, settings: Any) -> None:
    for page in pages_of(document, settings)[1:]:
        *_above, last = [line for line in page.splitlines() if line.strip()]
        named = re.sub(r"\s+Page \d+ of \d+$", "", last).strip()
        titles = [line.strip() for line in page.splitlines()[:-1] if line.strip() in TITLES]
        begun = titles[0] if titles and page.splitlines().index(titles[0]) < 5 else None
        assert named in TITLES
        assert begun is None or named == begun


TITLES = {
    *("Summary", "Impact", "Timeline", "Detection", "Response", "Root causes", "Recovery and evidence"),
    *("What went well", "What went poorly", "Where we got lucky", "Action items", "Improvements", "Lessons"),
}
