from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from incidents.documents.outline import DEFAULT_SECTIONS
from incidents.models import PostmortemSection, RenderedDocument
from incidents.services.rendering import pdf_path
from incidents.services.sections import save_section
from incidents.views.section_records import RECORDS
from tests.factories import make_incident
from tests.incidents.conftest import THEN, Scene
from tests.incidents.entries import seen

Stored = Callable[[], dict[str, Any]]
READING = ["postmortem", "html_file", "markdown_file"]


def address(name: str, number: int, *more: str) -> str:
    return reverse(f"incidents:{name}", args=[number, *more])


@pytest.fixture(autouse=True)
def documents(settings: Any, tmp_path: Path) -> Path:
    settings.DOCUMENTS_DIR = tmp_path / "documents"
    return tmp_path / "documents"


def test_a_post_mortem_is_begun_by_one_click_and_once(as_responder: Client, responder: User) -> None:
    incident = make_incident(responder, now=THEN)
    here = address("postmortem", incident.number)
    assert as_responder.get(here).headers["Location"] == incident.get_absolute_url()
    for _ in range(2):
        assert as_responder.post(here).headers["Location"] == here
    page = as_responder.get(here).content.decode()
    assert PostmortemSection.objects.count() == len(DEFAULT_SECTIONS)
    assert all(f'id="section-{key}"' in page for key in DEFAULT_SECTIONS)


def test_a_viewer_may_not_begin_one(as_viewer: Client, responder: User, stored: Stored) -> None:
    incident, known = make_incident(responder, now=THEN), None
    known = stored()
    assert as_viewer.post(address("postmortem", incident.number)).status_code == 403
    assert stored() == known


@pytest.mark.parametrize("name", READING[1:])
def test_a_viewer_takes_the_document_away(as_viewer: Client, scene: Scene, stored: Stored, name: str) -> None:
    known = stored()
    response = as_viewer.get(address(name, scene.incident.number))
    suffix = "html" if name == "html_file" else "md"
    name = quote(f"{scene.incident.reference} {scene.incident.title}.{suffix}")
    assert response.headers["Content-Disposition"] == f"attachment; filename*=UTF-8''{name}"
    assert "Checkout is slow" in response.content.decode()
    assert stored() == known


@pytest.mark.parametrize("name", [*READING[1:], "pdf_create"])
def test_there_is_nothing_to_take_away_before_it_is_begun(as_responder: Client, responder: User, name: str) -> None:
    incident = make_incident(responder, now=THEN)
    for number in (incident.number, 4711, 99999999999999999999):
        method = as_responder.post if name == "pdf_create" else as_responder.get
        assert method(address(name, number)).status_code == 404


@pytest.mark.parametrize(
    ("name", "more", "method"),
    [
        ("postmortem", (), "put"),
        ("html_file", (), "post"),
        ("markdown_file", (), "post"),
        ("pdf_create", (), "get"),
        ("pdf", ("a",), "post"),
        ("pdf_file", ("a",), "post"),
    ],
)
def test_no_other_method_is_taken(as_responder: Client, scene: Scene, name: str, more: Any, method: str) -> None:
    assert getattr(as_responder, method)(address(name, scene.incident.number, *more)).status_code == 405


@pytest.mark.parametrize("name", [*READING, "pdf_create", "pdf", "pdf_file"])
def test_nothing_is_shown_to_whoever_is_not_signed_in(client: Client, scene: Scene, name: str) -> None:
    more = ["a"] if name in ("pdf", "pdf_file") else []
    here = address(name, scene.incident.number, *more)
    for method in (client.get, client.post):
        assert method(here).headers["Location"] == f"/accounts/login/?next={here}"


def test_the_preview_shows_markdown_and_stores_nothing(as_responder: Client, scene: Scene, stored: Stored) -> None:
    known, here = stored(), address("section_preview", scene.incident.number, "summary")
    assert b"<strong>a</strong>" in as_responder.post(here, {"body": "**a**"}).content
    assert b"Nothing to show yet." in as_responder.post(here).content
    assert as_responder.get(here).status_code == 405
    assert stored() == known


def test_the_form_shows_the_preview_without_javascript(as_responder: Client, scene: Scene, responder: User) -> None:
    save_section(scene.section, body="**bold**", actor=responder, now=THEN)
    page = as_responder.get(address("section_edit", scene.incident.number, "lessons")).content.decode()
    assert "<strong>bold</strong>" in page


def test_a_section_saved_untouched_by_a_browser_keeps_its_version(
    as_responder: Client, scene: Scene, responder: User
) -> None:
    save_section(scene.section, body="a\n\nb", actor=responder, now=THEN)
    here = address("section_edit", scene.incident.number, "lessons")
    sent = {"body": "a\r\n\r\nb"} | seen(as_responder, here)
    assert as_responder.post(here, sent).status_code == 302
    scene.section.refresh_from_db()
    assert (scene.section.version, scene.section.body) == (2, "a\n\nb")


def test_an_unsaved_text_is_previewed_and_not_saved(
    as_responder: Client, scene: Scene, htmx: dict[str, str], stored: Stored
) -> None:
    here, known = address("section_edit", scene.incident.number, "lessons"), stored()
    assert '<button type="submit" name="preview">Preview</button>' in as_responder.get(here).content.decode()
    sent = {"body": "**typed**", "preview": ""} | seen(as_responder, here)
    for headers in (None, htmx):
        response = as_responder.post(here, sent, headers=headers)
        page = response.content.decode()
        assert response.status_code == 200
        assert "<strong>typed</strong>" in page
        assert "**typed**</textarea>" in page
        assert f'name="seen" value="{sent["seen"]}"' in page
    assert stored() == known


def test_cancelling_shows_the_section_as_it_stands(as_responder: Client, scene: Scene, htmx: dict[str, str]) -> None:
    here = address("section_edit", scene.incident.number, "lessons") + "?cancel"
    assert "Not written yet." in as_responder.get(here, headers=htmx).content.decode()
    assert as_responder.get(here).headers["Location"].endswith("/postmortem/#section-lessons")


def test_a_pdf_is_waited_for_and_then_downloaded(as_viewer: Client, scene: Scene, htmx: dict[str, str]) -> None:
    waiting = as_viewer.post(address("pdf_create", scene.incident.number)).headers["Location"]
    row = RenderedDocument.objects.get()
    assert waiting == address("pdf", scene.incident.number, row.digest)
    assert "The PDF is being made" in as_viewer.get(waiting).content.decode()
    file = as_viewer.get(f"{waiting}file/")
    assert (file.status_code, file.headers["Location"]) == (302, waiting)

    pdf_path(row.digest).write_bytes(b"%PDF-1.7 made")
    row.status = row.Status.READY
    row.save()
    assert "The PDF is ready." in as_viewer.get(waiting).content.decode()
    assert "data-download-now" in as_viewer.get(waiting, headers=htmx).content.decode()
    response = as_viewer.get(f"{waiting}file/")
    name = f"{scene.incident.reference} {scene.incident.title}.pdf"
    assert response.headers["Content-Disposition"] == f'attachment; filename="{name}"'
    assert response.headers["Content-Type"] == "application/pdf"
    assert b"".join(response.streaming_content) == b"%PDF-1.7 made"  # type: ignore[attr-defined]
    assert as_viewer.post(address("pdf_create", scene.incident.number)).headers["Location"] == f"{waiting}file/"


def test_a_pdf_that_failed_or_is_gone_can_be_asked_for_again(
    as_viewer: Client, scene: Scene, htmx: dict[str, str], stored: Stored
) -> None:
    for status, error, sentence in (
        ("failed", "It took too long.", "It took too long."),
        ("ready", "", "This PDF is no longer there. Make it once more."),
    ):
        row = RenderedDocument.objects.create(incident=scene.incident, digest=status, status=status, error=error)
        known = stored()
        response = as_viewer.get(address("pdf", scene.incident.number, row.digest), headers=htmx)
        page = response.content.decode()
        assert sentence in page
        assert f'action="{address("pdf_create", scene.incident.number)}"' in page
        assert "hx-trigger" not in page
        assert "data-download-now" not in page
        assert stored() == known


def test_a_pdf_belongs_to_its_incident(as_viewer: Client, scene: Scene, responder: User) -> None:
    row = RenderedDocument.objects.create(incident=scene.incident, digest="abc")
    other = make_incident(responder, now=THEN)
    for number, digest in ((other.number, row.digest), (scene.incident.number, "unknown"), (4711, row.digest)):
        for name in ("pdf", "pdf_file"):
            assert as_viewer.get(address(name, number, digest)).status_code == 404


def test_a_document_too_long_for_a_pdf_is_told(as_responder: Client, scene: Scene, responder: User) -> None:
    for section in scene.section.postmortem.sections.all():
        save_section(section, body="ก" * 99_999 + "\n<" * 40_000, actor=responder, now=THEN)
    response = as_responder.post(address("pdf_create", scene.incident.number))
    assert response.headers["Location"] == address("postmortem", scene.incident.number)
    page = as_responder.get("/profile/").content.decode()
    assert "This document is too long for a PDF. Shorten its longest section, or download HTML." in page


def test_a_disk_that_takes_no_file_is_told(as_viewer: Client, scene: Scene, documents: Path, stored: Stored) -> None:
    documents.write_text("in the way")
    known = stored()
    response = as_viewer.post(address("pdf_create", scene.incident.number), follow=True)
    assert "The PDF could not be made. The log says more." in response.content.decode()
    assert stored() == known


def test_whoever_may_write_is_led_to_the_records_of_each_section(
    as_responder: Client, as_viewer: Client, scene: Scene
) -> None:
    page, incident = (
        as_responder.get(address).content.decode()
        for address in (f"{scene.incident.get_absolute_url()}postmortem/", scene.incident.get_absolute_url())
    )
    for key, records in RECORDS.items():
        assert f'id="section-{key}"' in page
        assert f'href="{scene.incident.get_absolute_url()}#{records.panel}"' in page
        assert f'id="{records.panel}"' in incident
    shown = as_viewer.get(f"{scene.incident.get_absolute_url()}postmortem/").content.decode()
    assert "section-records" not in shown
