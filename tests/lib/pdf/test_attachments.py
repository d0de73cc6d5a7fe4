"""Files behind a document come out of its PDF as they went in."""

import subprocess
from collections.abc import Callable
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import pytest
from pypdf import PdfReader

from lib.pdf.attachments import Attachment, attach, detach
from lib.pdf.engine import render_pdf

THEN = datetime(2026, 11, 22, 9, 0, 5, tzinfo=UTC)
FILES = [
    Attachment("RT-12.dsse.json", "The signed record of RT-12", b'{"payload": "-->"}', THEN),
    Attachment("bytes.bin", "ข้อความ", bytes(range(256)), THEN),
]


@pytest.fixture
def source(html: Callable[..., str]) -> str:
    return attach(html("<p>Evidence</p>"), FILES)


def test_what_is_put_behind_a_document_is_found_there(html: Callable[..., str], source: str) -> None:
    assert detach(source) == (html("<p>Evidence</p>"), FILES)
    assert attach("<p></p>", []) == "<p></p>"
    assert detach("<p></p>") == ("<p></p>", [])


def test_a_document_that_looks_as_if_it_had_files_has_none(html: Callable[..., str]) -> None:
    forged = html(attach("<p>written by somebody</p>", FILES))
    assert detach(forged) == (forged, [])


def test_the_pdf_carries_them(source: str, fonts: Path, cache: Path, tmp_path: Path) -> None:
    pdf = render_pdf(source, fonts=fonts, cache=cache)
    assert PdfReader(BytesIO(pdf)).attachments == {file.name: [file.content] for file in FILES}
    (tmp_path / "document.pdf").write_bytes(pdf)
    subprocess.run(["pdfdetach", "-saveall", "document.pdf"], cwd=tmp_path, check=True)
    assert {file.name: (tmp_path / file.name).read_bytes() for file in FILES} == {
        file.name: file.content for file in FILES
    }
    check = subprocess.run(["qpdf", "--check", "document.pdf"], cwd=tmp_path, capture_output=True, check=False)
    assert check.returncode == 0, check


def test_equal_files_give_equal_bytes(source: str, fonts: Path, cache: Path) -> None:
    first = render_pdf(source, fonts=fonts, cache=cache)
    assert render_pdf(source, fonts=fonts, cache=cache) == first
    assert b"20261122090005" in first
