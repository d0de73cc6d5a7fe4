"""Asking for many post-mortems, watching the file being made, taking it."""

import json
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from incidents.documents.build import build_document
from incidents.documents.tree_json import canonical, from_json
from incidents.documents.tree_schema import make_schema
from incidents.models import Export, Postmortem, RenderedDocument
from incidents.services.exports import make_export, request_export
from incidents.services.visibility import change_visibility
from tests.factories import NOW, make_incident, make_user
from tests.factories import make_export as make_row
from tests.incidents.conftest import Scene

CREATE = "/exports/"
HTMX = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture(autouse=True)
def folders(settings: Any, tmp_path: Path) -> None:
    settings.EXPORTS_DIR, settings.DOCUMENTS_DIR = tmp_path / "exports", tmp_path / "documents"


@pytest.fixture
def begun(responder: User) -> Postmortem:
    return Postmortem.objects.create(incident=make_incident(responder, "Disk full"), author=responder)


def test_the_form_counts_what_the_list_shows(begun: Postmortem, as_viewer: Client) -> None:
    make_incident(begun.author, "Without")
    assert "1 post-mortem is" in as_viewer.get(CREATE).text
    assert "None of these" in as_viewer.get(f"{CREATE}?q=nothing-like-this").text
    assert "?q=disk" in as_viewer.get(f"{CREATE}?q=disk").text


def test_a_viewer_asks_waits_and_takes_the_file(begun: Postmortem, as_viewer: Client) -> None:
    answer = as_viewer.post(f"{CREATE}?q=disk", {"formats": ["md", "json"], "is_external": "on"})
    export = Export.objects.get()
    address = reverse("incidents:export", args=[export.pk])
    assert answer["Location"] == address
    assert export.is_external
    assert "0 of 1 post-mortems" in as_viewer.get(address).text
    assert as_viewer.get(f"{address}file/")["Location"] == address
    make_export(export.pk, clock=lambda: NOW)
    fragment = as_viewer.get(address, **HTMX).text
    assert fragment.lstrip().startswith("<section")
    assert "Download the ZIP file" in fragment
    assert "every 1s" not in fragment
    file = as_viewer.get(f"{address}file/")
    assert file["Content-Type"] == "application/zip"
    assert b"".join(file.streaming_content).startswith(b"PK")


def test_nothing_chosen_is_told(begun: Postmortem, as_viewer: Client) -> None:
    answer = as_viewer.post(CREATE, {})
    assert answer.status_code == 422
    assert "Choose at least one." in answer.text
    assert not Export.objects.exists()


def test_a_file_is_for_who_asked_for_it_alone(as_viewer: Client) -> None:
    export = make_row(make_user("other"), status=Export.Status.READY)
    for address in (f"/exports/{export.pk}/", f"/exports/{export.pk}/file/"):
        assert as_viewer.get(address).status_code == 404


def test_a_file_with_what_was_restricted_since_is_kept_back(
    begun: Postmortem, as_viewer: Client, viewer: User, responder: User
) -> None:
    other = make_user("other")
    hidden = Postmortem.objects.create(incident=make_incident(other, "Disk again"), author=other).incident
    export = request_export([begun.incident_id, hidden.pk], formats=["md"], actor=viewer)
    make_export(export.pk, clock=lambda: NOW)
    address = reverse("incidents:export", args=[export.pk])
    assert b"".join(as_viewer.get(f"{address}file/").streaming_content).startswith(b"PK")
    change_visibility(hidden, visibility="restricted", actor=other, now=NOW, people=[other], teams=[])
    assert as_viewer.get(f"{address}file/")["Location"] == address
    page = as_viewer.get(address).text
    assert "You no longer see an incident that is in this file" in page
    assert "Download the ZIP file" not in page


def test_a_file_that_is_gone_is_told(as_viewer: Client, viewer: User) -> None:
    export = make_row(viewer, status=Export.Status.READY)
    assert "no longer there" in as_viewer.get(f"/exports/{export.pk}/").text


def test_the_list_leads_to_it(begun: Postmortem, as_viewer: Client) -> None:
    assert f'href="{CREATE}?q=disk"' in as_viewer.get("/incidents/?q=disk").text


def test_the_json_file_says_where_its_schema_is_and_comes_back(scene: Scene, as_viewer: Client, client: Client) -> None:
    answer = as_viewer.get(f"/incidents/{scene.incident.pk}/postmortem/json/")
    assert answer["Content-Type"].startswith("application/json")
    assert answer["Content-Disposition"].endswith(quote(f"{scene.incident.reference} {scene.incident.title}.json"))
    data = json.loads(answer.text)
    assert canonical(from_json(data)) == canonical(build_document(scene.incident.postmortem))
    schema = client.get(urlsplit(data["$schema"]).path)
    assert schema.json() == make_schema()


@pytest.mark.parametrize("paper", ["A4", "letter"])
def test_a_pdf_is_made_for_the_paper_that_is_chosen(scene: Scene, as_viewer: Client, settings: Any, paper: str) -> None:
    as_viewer.post(f"/incidents/{scene.incident.pk}/postmortem/pdf/", {"paper": paper})
    source = next(Path(settings.DOCUMENTS_DIR).glob("*.html")).read_text()
    assert f"size: {paper};" in source
    assert RenderedDocument.objects.count() == 1
