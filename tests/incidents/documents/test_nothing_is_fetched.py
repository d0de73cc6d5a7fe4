"""Whatever a document is made of: no output asks anybody for anything, or reads a file of this machine."""

import zipfile
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from pypdf import PdfReader

from accounts.models import User
from incidents.documents.build import build_document
from incidents.documents.html import render_self_contained
from incidents.models import Incident, Postmortem, PostmortemSection
from incidents.services.example import load_example_incident
from incidents.services.exports import export_path, make_export, request_export
from incidents.services.rendering import print_source
from lib.pdf.engine import render_pdf
from recovery.services.evidence import attach_evidence, attach_link
from recovery.services.records import write_record
from tests.factories import NOW, make_event, make_file_evidence, make_restore_test
from tests.incidents.documents.pdf_text import printed, text_of

# What prose, an event, a caption and a title might ask for.
HOSTILE = """
![x]({at}/a.png) [x]({at}/b) <img src="{at}/c.png"> <link rel="attachment" href="{at}/d">
<style>@import url({at}/e.css); p {{ background: url({at}/f.png) }}</style>
<svg><image href="{at}/g.png"/><image xlink:href="{at}/h.png"/><use href="{at}/i.svg#a"/></svg>
<object data="{at}/j"></object> <iframe src="{at}/k"></iframe> <base href="{at}/">
![x](file:///etc/passwd) <link rel="attachment" href="file:///etc/passwd"> ![y](//127.0.0.1:1/z.png)
<p style="background: url({at}/l)"> <p style="content: url(file:///etc/passwd)"> ![x](data:text/html,{at}/m)
"""
SHORT = '"><img src="{at}/n"><link rel="attachment" href="{at}/o"></style><style>@import url({at}/p);'


class Listener(ThreadingHTTPServer):
    """Remembers who came, and has nothing for them."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), BaseHTTPRequestHandler)
        self.callers: list[object] = []

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def verify_request(self, request: object, client_address: object) -> bool:  # noqa: ARG002
        self.callers.append(client_address)
        return False


@pytest.fixture
def listener() -> Iterator[Listener]:
    with Listener() as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture
def postmortem(responder: User, listener: Listener) -> Postmortem:
    """Everything that somebody can write asks for something."""
    at = listener.address
    text, short = HOSTILE.format(at=at), SHORT.format(at=at)
    incident = load_example_incident(actor=responder)
    make_event(incident, text)
    test = make_restore_test(tool=short, tables={short: 1})
    write_record(test, now=NOW)
    attach_evidence(test, incident=incident, caption=short, actor=responder, now=NOW)
    attach_link(incident, url=f"{at}/q", caption=short, actor=responder, now=NOW)
    make_file_evidence(incident, short, file_name=f"{short[:60]}.log", file_type="image/svg+xml", attached_by=responder)
    incident.root_causes.update(statement=text, whys=[text])
    incident.action_items.update(title=short[:200], reason=short)
    incident.improvements.update(metric=short, before=f"url({at}/r)", after=short)
    Incident.objects.filter(pk=incident.pk).update(title=short, summary=text, impact=text, data_lost=short, cost=short)
    PostmortemSection.objects.filter(postmortem=incident.postmortem).update(body=text, title=short[:120])
    Postmortem.objects.filter(pk=incident.postmortem.pk).update(author_line=short)
    return Postmortem.objects.get(incident=incident)


def check_pdf(content: bytes) -> list[str]:
    assert "root:x:0" not in text_of(content)
    return [*PdfReader(BytesIO(content)).attachments]


def test_the_listener_hears_who_asks(listener: Listener, tmp_path: Path) -> None:
    printed(f"<link rel=stylesheet href={listener.address}/a.css><p>x", tmp_path)
    assert listener.callers


def test_a_pdf_asks_for_nothing(postmortem: Postmortem, listener: Listener, settings: Any) -> None:
    source = print_source(postmortem)
    content = render_pdf(
        source, fonts=settings.FONTS_DIR, cache=settings.FONT_CACHE_DIR, pictures=settings.PICTURE_DIRS
    )
    assert sorted(check_pdf(content)) == sorted(
        [f"{postmortem.incident.reference}.json", "evidence-key.pem", f"{first_test(postmortem)}.dsse.json"]
    )
    assert listener.callers == []


def test_the_html_file_asks_for_nothing_in_a_browser(
    postmortem: Postmortem, listener: Listener, tmp_path: Path
) -> None:
    page = printed(render_self_contained(build_document(postmortem)), tmp_path)
    assert "root:x:0" not in page
    assert postmortem.incident.reference in page
    assert listener.callers == []


@pytest.mark.parametrize("is_external", [False, True])
def test_a_zip_file_asks_for_nothing(
    postmortem: Postmortem, listener: Listener, settings: Any, tmp_path: Path, is_external: bool
) -> None:
    settings.EXPORTS_DIR, settings.DOCUMENTS_DIR = tmp_path / "exports", tmp_path / "documents"
    actor = postmortem.author
    formats = ["pdf", "html", "md", "json"]
    export = request_export([postmortem.incident_id], formats=formats, actor=actor, is_external=is_external)
    make_export(export.pk, clock=lambda: NOW)
    with zipfile.ZipFile(export_path(export.pk)) as archive:
        files = {name.rpartition(".")[2]: archive.read(name) for name in archive.namelist()}
    assert [*files] == formats
    names = check_pdf(files.pop("pdf"))
    assert all(name.startswith(("INC-", "RT-", "evidence-")) for name in names)
    assert all(b"root:x:0" not in content for content in files.values())
    assert listener.callers == []


def first_test(postmortem: Postmortem) -> str:
    evidence = postmortem.incident.evidence.get(kind="restore_test")
    return str(evidence.test.reference)
