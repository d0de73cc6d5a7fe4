"""Pictures of an incident in its post-mortem: in the file, and no other incident's."""

import base64
import io
import re
import subprocess
from pathlib import Path

import pytest
from PIL import Image
from pytest_django import Settings

from accounts.models import User
from incidents.documents import pictures
from incidents.documents.build import build_document
from incidents.documents.html import render_print_source, render_self_contained
from incidents.documents.markdown import render_markdown_file
from incidents.documents.pdf import render_pdf_within
from incidents.models import Attachment, Incident
from incidents.models.attachment import attachment_store
from incidents.services.attachments import attach_file, remove_attachment
from incidents.services.rendering import print_source
from recovery.services.evidence import attach_file as attach_evidence_file
from tests.factories import NOW, make_event, make_incident
from tests.incidents.conftest import Scene
from tests.uploads import LOG, picture, upload


@pytest.fixture(autouse=True)
def folder(settings: Settings, tmp_path: Path) -> Path:
    settings.ATTACHMENTS_DIR = tmp_path / "attachments"
    settings.PICTURE_DIRS = [settings.ATTACHMENTS_DIR]
    return settings.ATTACHMENTS_DIR


def attach(incident: Incident, content: bytes, name: str = "shot.png") -> Attachment:
    return attach_file(incident, file=upload(content, name), actor=incident.declared_by)


def write(scene: Scene, text: str) -> None:
    scene.section.body = text
    scene.section.save()


def inlined(content: bytes) -> str:
    return f"data:image/png;base64,{base64.b64encode(content).decode()}"


def test_its_own_pictures_are_in_the_html_file(scene: Scene) -> None:
    shot = attach(scene.incident, picture(), "The graph.png")
    write(scene, f"Look:\n\n{shot.markdown}")
    make_event(scene.incident, f"Seen: {shot.markdown}", is_pinned=True)
    html = render_self_contained(build_document(scene.incident.postmortem))
    assert html.count(f'<img src="{inlined(picture())}" alt="The graph.png">') == 2
    assert f'href="http://localhost:8000{shot.get_absolute_url()}"' in html


def test_its_own_pictures_are_in_the_pdf(scene: Scene) -> None:
    shot = attach(scene.incident, picture(size=(400, 200)))
    write(scene, shot.markdown)
    source = print_source(scene.incident.postmortem)
    assert f'<img src="kept-picture:{shot.sha256}" alt="shot.png">' in source
    document = render_pdf_within(source, seconds=120)
    listed = subprocess.run(["pdfimages", "-list", "-"], input=document, capture_output=True, check=True).stdout
    assert [line.split()[3:5] for line in listed.decode().splitlines()[2:]] == [["400", "200"]]


def photograph() -> bytes:
    exif = Image.Exif()
    exif[0x013B] = "Anna Lindqvist"
    file = io.BytesIO()
    Image.effect_noise((40, 20), 60).save(file, "JPEG", exif=exif)
    return file.getvalue()


def test_what_a_camera_wrote_beside_a_picture_stays_here(scene: Scene) -> None:
    shot = attach(scene.incident, photograph(), "shot.jpg")
    write(scene, shot.markdown)
    found = re.search(
        r'src="data:image/jpeg;base64,([^"]+)"', render_self_contained(build_document(scene.incident.postmortem))
    )
    assert found
    document = render_pdf_within(print_source(scene.incident.postmortem), seconds=120)
    assert b"/DCTDecode" in document
    for content in (base64.b64decode(found[1]), document):
        assert b"Anna Lindqvist" not in content
    assert b"Anna Lindqvist" in photograph()


def test_another_picture_makes_another_pdf(scene: Scene) -> None:
    shot = attach(scene.incident, picture())
    write(scene, shot.markdown)
    before = print_source(scene.incident.postmortem)
    other = attach(scene.incident, picture(size=(41, 20)))
    write(scene, other.markdown)
    assert print_source(scene.incident.postmortem) != before


def test_pictures_of_other_incidents_stay_out(scene: Scene, responder: User) -> None:
    theirs = attach(make_incident(responder, "Another"), picture(), "secret.png")
    write(scene, theirs.markdown.replace("secret", "the <graph>"))
    document = build_document(scene.incident.postmortem)
    for html in (render_self_contained(document), render_print_source(document)):
        assert "<img" not in html
        assert theirs.sha256 not in html
        assert "[picture not included: the &lt;graph&gt;.png]" in html


def test_what_is_removed_or_no_picture_stays_out(scene: Scene) -> None:
    removed, log = attach(scene.incident, picture()), attach(scene.incident, LOG, "app.log")
    write(scene, f"{removed.markdown} !{log.markdown}")
    remove_attachment(removed, now=NOW)
    html = render_self_contained(build_document(scene.incident.postmortem))
    assert "<img" not in html
    assert html.count("picture not included") == 2


def test_a_lost_picture_is_named(scene: Scene) -> None:
    shot = attach(scene.incident, picture())
    write(scene, shot.markdown)
    attachment_store().path_of(shot.sha256).unlink()
    assert "[picture not included: shot.png]" in render_self_contained(build_document(scene.incident.postmortem))
    source = print_source(scene.incident.postmortem)
    assert render_pdf_within(source, seconds=120).startswith(b"%PDF")


def test_pictures_beyond_what_a_file_can_hold_stay_behind_their_links(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = attach(scene.incident, picture()), attach(scene.incident, picture(size=(90, 90)), "second.png")
    write(scene, f"{first.markdown} {second.markdown} {first.markdown}")
    monkeypatch.setattr(pictures, "MAX_INLINED_BYTES", first.size_bytes + 1)
    html = render_self_contained(build_document(scene.incident.postmortem))
    assert html.count(inlined(picture())) == 2
    assert "[picture not included: second.png]" in html


def test_addresses_in_the_markdown_file_lead_here_from_outside(scene: Scene) -> None:
    shot = attach(scene.incident, picture())
    write(scene, f"{shot.markdown} [elsewhere](/incidents/)")
    text = render_markdown_file(build_document(scene.incident.postmortem))
    assert f"![shot.png](http://localhost:8000{shot.get_absolute_url()})" in text
    assert "[elsewhere](/incidents/)" in text


def test_pictures_that_are_evidence_are_shown_with_their_captions(
    scene: Scene, responder: User, settings: Settings, tmp_path: Path
) -> None:
    settings.EVIDENCE_DIR = tmp_path / "evidence"
    file = upload(picture(size=(60, 30)), "graph.png")
    evidence = attach_evidence_file(scene.incident, file=file, caption="The graph", actor=responder, now=NOW)
    document = build_document(scene.incident.postmortem)
    assert f'<img src="{inlined(picture(size=(60, 30)))}" alt="The graph">' in render_self_contained(document)
    assert f'<img src="kept-picture:{evidence.file_sha256}" alt="The graph">' in render_print_source(document)
    address = f"http://localhost:8000/recovery/evidence/{evidence.pk}/file/"
    assert f"![The graph]({address})" in render_markdown_file(document)
    assert f'href="{address}"' in render_self_contained(document)
