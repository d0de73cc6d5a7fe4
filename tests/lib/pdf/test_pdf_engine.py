import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from pathlib import Path

import pytest
from pypdf import PdfReader

from lib.pdf.engine import count_pages, render_pdf
from lib.pdf.fonts import FontsMissingError

ROOT = Path(__file__).parents[3]
BODY = """<h1>Report</h1><p>The database came back in four minutes.</p><h2>สาเหตุ</h2><p>ดิสก์เต็ม <b>สำคัญ</b></p>
<h3>Detail</h3><pre style="font-family: 'IBM Plex Mono'">PRAGMA wal_checkpoint</pre>
<table><tr><th>When</th><td>09:00</td></tr></table>
<svg width="90" height="30"><title>Four minutes</title><text x="5" y="20">สี่นาที</text></svg>"""
PROGRAM = """import sys; from pathlib import Path; from lib.pdf.engine import render_pdf
sys.stdout.buffer.write(render_pdf(sys.stdin.read(), fonts=Path(sys.argv[1]), cache=Path(sys.argv[2])))"""


def in_another_process(document: str, fonts: Path, cache: Path) -> bytes:
    command = [sys.executable, "-c", PROGRAM, str(fonts), str(cache)]
    return subprocess.run(command, input=document.encode(), cwd=ROOT, capture_output=True, check=True).stdout


def test_the_page_can_be_read(pdf: Callable[..., bytes], text: Callable[[bytes], str]):
    assert "The database came back in four minutes." in text(pdf(BODY))


def test_the_file_is_tagged_and_says_it_is_pdf_ua_1(pdf: Callable[..., bytes]):
    catalog = PdfReader(BytesIO(pdf(BODY))).root_object
    assert b'pdfuaid:part="1"' in catalog["/Metadata"].get_object().get_data()
    assert catalog["/MarkInfo"]["/Marked"]
    assert catalog["/Lang"] == "th"
    assert "/StructTreeRoot" in catalog


def test_headings_become_nested_bookmarks(pdf: Callable[..., bytes]):
    report, sections = PdfReader(BytesIO(pdf(BODY))).outline
    assert report["/Title"] == "Report"
    assert [section["/Title"] for section in sections if isinstance(section, dict)] == ["สาเหตุ"]


def test_the_dates_are_those_of_the_document(pdf: Callable[..., bytes]):
    information = PdfReader(BytesIO(pdf(BODY))).metadata
    assert information["/CreationDate"] == "D:20261122090000Z"
    assert "/ModDate" not in information


def test_qpdf_finds_nothing_wrong(pdf: Callable[..., bytes], tmp_path: Path):
    file = tmp_path / "report.pdf"
    file.write_bytes(pdf(BODY))
    check = subprocess.run(["qpdf", "--check", str(file)], capture_output=True, text=True, check=False)
    assert check.returncode == 0, check.stdout + check.stderr


def test_equal_input_gives_equal_bytes_in_every_process(
    html: Callable[..., str], fonts: Path, cache: Path, tmp_path: Path
):
    document = html(BODY)
    here = render_pdf(document, fonts=fonts, cache=cache)
    assert render_pdf(document, fonts=fonts, cache=cache) == here
    # Both start on one empty cache, as the web server and the worker do after an installation.
    with ThreadPoolExecutor() as pool:
        others = list(pool.map(lambda _: in_another_process(document, fonts, tmp_path), range(2)))
    assert others == [here, here]


def test_earlier_documents_leave_no_trace(html: Callable[..., str], fonts: Path, cache: Path):
    first = render_pdf(html(BODY), fonts=fonts, cache=cache)
    render_pdf(html("<p style='letter-spacing: 2px; font-size: 30px'>ก่อนหน้า</p>"), fonts=fonts, cache=cache)
    assert render_pdf(html(BODY), fonts=fonts, cache=cache) == first


@pytest.mark.parametrize("family", ["DejaVu Sans", "sans-serif", "monospace", "no such family", "'IBM Plex Sans Thai'"])
def test_only_the_vendored_fonts_are_ever_used_and_all_are_embedded(pdf: Callable[..., bytes], family: str):
    body = f'<div style="font-family: {family}">Text ข้อความ <b>heavy</b> <i>slanted</i> <code>code</code> 🔥 你好</div>'
    listing = subprocess.run(["pdffonts", "-"], input=pdf(body), capture_output=True, check=True).stdout.decode()
    rows = [line.split() for line in listing.splitlines()[2:]]
    assert rows
    assert {row[0].partition("+")[2][:8] for row in rows} == {"IBM-Plex"}
    assert {row[-5] for row in rows} == {"yes"}


def test_each_weight_is_a_face_of_its_own(pdf: Callable[..., bytes]):
    body = "".join(f'<p style="font-weight: {weight}">{weight} น้ำ</p>' for weight in (400, 500, 600))
    listing = subprocess.run(["pdffonts", "-"], input=pdf(body), capture_output=True, check=True).stdout.decode()
    assert len(listing.splitlines()) == 2 + 3


def test_a_long_thai_paragraph_breaks_into_lines(pdf: Callable[..., bytes], text: Callable[[bytes], str]):
    sentence = "ระบบฐานข้อมูลหลักหยุดทำงานเนื่องจากพื้นที่จัดเก็บเต็มทำให้ผู้ใช้งานไม่สามารถบันทึกข้อมูลได้" * 4
    lines = text(pdf(f"<p>{sentence}</p>")).split()
    assert len(lines) > 4
    assert "".join(lines) == sentence


def test_pages_can_be_counted_without_making_the_file(html: Callable[..., str], fonts: Path, cache: Path):
    document = html("<p>one</p><p style='break-before: page'>two</p>")
    assert count_pages(document, fonts=fonts, cache=cache) == 2


def test_missing_fonts_are_named(html: Callable[..., str], cache: Path, tmp_path: Path):
    with pytest.raises(FontsMissingError, match="IBMPlexMono-Regular"):
        render_pdf(html("x"), fonts=tmp_path, cache=cache)
