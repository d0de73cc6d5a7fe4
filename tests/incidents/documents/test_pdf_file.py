"""The PDF of a real post-mortem: whole, readable by machines and people, and the same each time."""

import json
import subprocess
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

from accounts.models import User
from incidents.documents.build import build_document
from incidents.documents.pdf import render_pdf_within
from incidents.documents.tree_json import canonical, from_json
from incidents.errors import IncidentError
from incidents.models import Postmortem
from incidents.services.example import load_example_incident
from incidents.services.rendering import document_source, print_source
from lib.pdf.engine import render_pdf
from tests.factories import make_event
from tests.incidents.documents.pdf_text import text_of

THAI = "ระบบสำรองข้อมูลทำงานตามปกติ และกู้คืนข้อมูลสำคัญได้ครบถ้วนภายในเวลาที่กำหนด จึงไม่มีข้อมูลของลูกค้าสูญหาย "
PROBES = ["สำรองข้อมูล", "ทำงาน", "สำคัญ", "กำหนด", "กู้คืน"]


@pytest.fixture
def postmortem(responder: User) -> Postmortem:
    return load_example_incident(actor=responder).postmortem


def render(source: str, settings: Any) -> bytes:
    return render_pdf(source, fonts=settings.FONTS_DIR, cache=settings.FONT_CACHE_DIR, pictures=settings.PICTURE_DIRS)


@pytest.fixture
def file(postmortem: Postmortem, settings: Any, tmp_path: Path) -> Path:
    path = tmp_path / "document.pdf"
    path.write_bytes(render(print_source(postmortem), settings))
    return path


def test_it_is_sound_tagged_and_carries_its_fonts(file: Path) -> None:
    subprocess.run(["qpdf", "--check", file], check=True, capture_output=True)
    info = subprocess.run(["pdfinfo", file], check=True, capture_output=True, text=True).stdout
    assert "Tagged:          yes" in info
    assert "(A4)" in info
    reader = PdfReader(file)
    assert b"pdfuaid:part" in (reader.root_object["/Metadata"].get_object().get_data())  # type: ignore[union-attr]
    fonts = subprocess.run(["pdffonts", file], check=True, capture_output=True, text=True).stdout.splitlines()[2:]
    assert fonts
    # The columns emb, sub, uni
    assert all(line.split()[-5:-2] == ["yes", "yes", "yes"] for line in fonts)


def test_it_has_contents_with_pages_running_headers_and_counted_pages(file: Path, postmortem: Postmortem) -> None:
    pages = text_of(file.read_bytes()).split("\f")[:-1]
    reference = postmortem.incident.reference
    for number, page in enumerate(pages, start=1):
        assert f"Page {number} of {len(pages)}" in page
        assert (f"{reference} · SQLite database corruption" in page) is (number > 1)
    for title in ("Timeline", "Lessons"):
        (number,) = [line.split()[-1] for line in pages[0].splitlines() if line.split()[:1] == [title]]
        assert title in pages[int(number) - 1]


def test_the_document_travels_inside_for_programs(file: Path, postmortem: Postmortem) -> None:
    attached = PdfReader(file).attachments
    (content,) = attached[f"{postmortem.incident.reference}.json"]
    assert canonical(from_json(json.loads(content))) == canonical(build_document(postmortem))


def test_two_processes_make_the_same_bytes(postmortem: Postmortem, settings: Any) -> None:
    source = print_source(postmortem)
    first, second = (render_pdf_within(source, seconds=60) for _number in range(2))
    assert first == second
    postmortem.refresh_from_db()
    assert print_source(postmortem) == source


def test_a_process_that_takes_too_much_memory_is_stopped(postmortem: Postmortem, settings: Any) -> None:
    settings.PDF_MEMORY_LIMIT = 1
    with pytest.raises(IncidentError, match="The PDF could not be made"):
        render_pdf_within(print_source(postmortem), seconds=60)


def test_letter_paper_is_letter(postmortem: Postmortem, settings: Any, tmp_path: Path) -> None:
    content = render(document_source(build_document(postmortem), "letter"), settings)
    box = PdfReader(BytesIO(content)).pages[0].mediabox
    assert (round(box.width), round(box.height)) == (612, 792)


def test_thai_is_broken_into_lines_found_and_copied(postmortem: Postmortem, settings: Any) -> None:
    postmortem.sections.filter(key="lessons").update(body=THAI * 6)
    make_event(postmortem.incident, THAI, occurred_at=postmortem.incident.declared_at)
    text = text_of(render(print_source(postmortem), settings))
    for probe in PROBES:
        assert probe in text
    lines = [line for line in text.splitlines() if "สำรองข้อมูล" in line]
    assert len(lines) > 2
    assert all(len(line.strip()) < 160 for line in lines)


def test_a_long_table_repeats_its_head_and_splits_no_row(postmortem: Postmortem, settings: Any) -> None:
    for number in range(60):
        make_event(postmortem.incident, f"begin{number} " + "words " * 30 + f"end{number}")
    pages = text_of(render(print_source(postmortem), settings)).split("\f")
    for number in range(60):
        (page,) = [page for page in pages if f"begin{number} " in page]
        assert f"end{number}" in page
        assert "What happened" in page


def test_emphasis_shows_without_a_slanted_face(postmortem: Postmortem, settings: Any, tmp_path: Path) -> None:
    faces = []
    for number, body in enumerate(("It broke", "It *broke*")):
        postmortem.sections.filter(key="lessons").update(body=body)
        path = tmp_path / f"{number}.pdf"
        path.write_bytes(render(print_source(postmortem), settings))
        faces.append(subprocess.run(["pdffonts", path], check=True, capture_output=True, text=True).stdout)
    assert [each.count("Plex-Sans-Thai-Medium") for each in faces] == [0, 1]
