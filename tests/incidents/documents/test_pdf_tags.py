"""What who hears a PDF hears: a title, a language, lists of items, tables with heads, and words for every picture."""

import subprocess
from collections.abc import Iterator
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader
from pypdf.generic import ArrayObject, DictionaryObject

from accounts.models import User
from incidents.models import Postmortem
from incidents.services.example import load_example_incident
from incidents.services.rendering import print_source
from lib.pdf.engine import render_pdf
from recovery.services.evidence import attach_evidence
from recovery.services.records import write_record
from tests.factories import NOW, make_replica, make_restore_test

# What each tag may hold, where it may not hold everything (ISO 32000-1, 14.8.4).
HOLDS = {
    "/L": {"/LI"},
    "/LI": {"/Lbl", "/LBody"},
    "/Table": {"/Caption", "/THead", "/TBody", "/TR"},
    "/THead": {"/TR"},
    "/TBody": {"/TR"},
    "/TR": {"/TH", "/TD"},
}


@pytest.fixture
def postmortem(responder: User) -> Postmortem:
    """The example, with tests enough for a chart and two that are evidence."""
    found = load_example_incident(actor=responder).postmortem
    replica = make_replica()
    for days in (2, 1, 0):
        at = NOW - timedelta(days=days)
        test = make_restore_test(replica, requested_at=at, started_at=at, finished_at=at)
        if days < 2:
            write_record(test, now=NOW)
            attach_evidence(test, incident=found.incident, caption="It came back", actor=responder, now=NOW)
    return found


@pytest.fixture
def file(postmortem: Postmortem, settings: Any, tmp_path: Path) -> Path:
    path = tmp_path / "document.pdf"
    content = render_pdf(print_source(postmortem), fonts=settings.FONTS_DIR, cache=settings.FONT_CACHE_DIR)
    path.write_bytes(content)
    return path


def parts(element: DictionaryObject) -> Iterator[DictionaryObject]:
    held = element.get("/K", ArrayObject()).get_object()
    for each in held if isinstance(held, ArrayObject) else [held]:
        if isinstance(part := each.get_object(), DictionaryObject) and "/S" in part:
            yield part


def walk(element: DictionaryObject) -> Iterator[DictionaryObject]:
    yield element
    for part in parts(element):
        yield from walk(part)


def elements(file: Path) -> list[DictionaryObject]:
    (document,) = parts(PdfReader(file).root_object["/StructTreeRoot"].get_object())  # type: ignore[arg-type]
    return [*walk(document)]


def test_it_says_its_title_and_its_language(file: Path, postmortem: Postmortem) -> None:
    reader = PdfReader(file)
    assert reader.root_object["/Lang"] == "en"
    assert reader.root_object["/ViewerPreferences"]["/DisplayDocTitle"]  # type: ignore[index]
    assert reader.metadata
    assert reader.metadata.title == f"{postmortem.incident.reference} {postmortem.incident.title}"


def test_every_part_holds_what_it_may(file: Path) -> None:
    found = elements(file)
    assert {"/L", "/Table", "/Figure", "/H1", "/H2", "/H3", "/P", "/TH"} <= {one["/S"] for one in found}
    for one in found:
        held = {part["/S"] for part in parts(one)}
        assert held <= HOLDS.get(str(one["/S"]), held), one["/S"]


def test_every_picture_says_what_it_shows(file: Path) -> None:
    words = [one.get("/Alt", "") for one in elements(file) if one["/S"] == "/Figure"]
    assert all(words), words
    for beginning in (
        "Course of the incident. Undetected",
        "Map of causes",
        "Before 100 %",
        "Restore time in the tests",
    ):
        assert any(each.startswith(beginning) for each in words), beginning


def test_headings_leave_out_no_level(file: Path) -> None:
    levels = [int(one["/S"][2:]) for one in elements(file) if one["/S"][1:] in ("H1", "H2", "H3", "H4")]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_links_say_where_they_lead_and_belong_to_the_text(file: Path) -> None:
    links = [link.get_object() for page in PdfReader(file).pages for link in page.get("/Annots", ())]
    assert len(links) > 13
    assert all("/StructParent" in link and link.get("/Contents") for link in links)
    assert all(page["/Tabs"] == "/S" for page in PdfReader(file).pages)


def test_the_record_and_each_signed_statement_are_attached(file: Path, postmortem: Postmortem) -> None:
    listed = subprocess.run(["pdfdetach", "-list", file], check=True, capture_output=True, text=True).stdout
    names = [line.partition(": ")[2] for line in listed.splitlines()[1:]]
    tests = sorted(each.test.reference for each in postmortem.incident.evidence.all())
    assert len(tests) == 2
    assert sorted(names) == sorted(
        [f"{postmortem.incident.reference}.json", *(f"{test}.dsse.json" for test in tests), "evidence-key.pem"]
    )


def test_the_pages_read_as_they_were_written(file: Path) -> None:
    """Copied from the page in the order of its words, across lines."""
    done = subprocess.run(["pdftotext", file, "-"], check=True, capture_output=True, text=True)
    words = " ".join(done.stdout.split())
    for sentence in (
        "The disk had reached 100% capacity because log files were not rotated; SQLite could not checkpoint its WAL",
        "การเขียน Post-mortem ต้อง Blameless: โฟกัสที่ระบบ ไม่ใช่ที่ตัวบุคคล",
    ):
        assert sentence in words
