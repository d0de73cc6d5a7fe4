"""What a file says of which version it is."""

import json
from datetime import timedelta
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.utils import translation
from pypdf import PdfReader
from pytest_django import Settings

from accounts.models import User
from incidents.documents.outputs import file_name, render_text
from incidents.documents.pdf import render_pdf_within
from incidents.documents.tree import Document
from incidents.documents.tree_json import published_digest
from incidents.models import Postmortem, Publication
from incidents.queries.external import prepare_external
from incidents.queries.publications import build_current, read_named
from incidents.services.checklist import confirm_answers
from incidents.services.publications import publish_postmortem
from incidents.services.rendering import document_source, print_source
from incidents.services.sections import save_section
from tests.factories import NOW, make_incident
from tests.incidents.published import make_publication

VERSION, CHANGED = "Version 1, published 22 Nov 2026", "Draft, changed since version 1"


@pytest.fixture
def publication(responder: User) -> Publication:
    return make_publication(make_incident(responder), responder, body="The disk was full.")


def change(postmortem: Postmortem, actor: User, text: str = "The disk was empty.") -> None:
    save_section(postmortem.sections.all()[0], body=text, actor=actor, now=NOW)


def words_of(document: Document) -> dict[str, str]:
    """Each format's text as people read it, but for the PDF."""
    return {wanted: render_text(document, wanted) for wanted in ("html", "md", "json")}


def test_every_file_of_a_version_names_it(publication: Publication) -> None:
    document = read_named(publication)
    for text in words_of(document).values():
        assert VERSION in text
        assert publication.sha256[:12] in text
    pdf = render_pdf_within(document_source(document), seconds=120)
    cover = " ".join(PdfReader(BytesIO(pdf)).pages[0].extract_text().split())
    assert VERSION in cover
    assert f"SHA-256 {publication.sha256[:12]}" in cover
    (content,) = PdfReader(BytesIO(pdf)).attachments[f"{document.reference} v1.json"]
    assert published_digest(json.loads(content)) == publication.sha256
    assert file_name(document, "pdf") == f"{document.reference} Checkout is slow v1.pdf"


def test_a_copy_of_a_version_for_outside_names_it_without_a_digest_that_is_not_its_own(
    publication: Publication,
) -> None:
    copy = prepare_external(publication.postmortem, "1")
    assert copy
    for text in words_of(copy.without_names).values():
        assert VERSION in text
        assert publication.sha256[:12] not in text
    assert (
        file_name(copy.without_names, "pdf")
        == f"{publication.postmortem.incident.reference} Checkout is slow v1 external.pdf"
    )


def test_what_was_changed_since_is_a_draft_in_every_file(
    publication: Publication, responder: User, tmp_path: Path
) -> None:
    postmortem = publication.postmortem
    assert build_current(postmortem).status == VERSION
    change(postmortem, responder)
    external = prepare_external(postmortem, "")
    assert external
    path = tmp_path / "inc.html"
    call_command(
        "postmortem_export",
        publication.postmortem.incident.reference,
        "--format",
        "html",
        "--output",
        str(path),
        stdout=StringIO(),
    )
    texts = [*words_of(build_current(postmortem)).values(), *words_of(external.document).values()]
    for text in [*texts, print_source(postmortem), path.read_text()]:
        assert CHANGED in text
        assert "Published" not in text
        assert "published 22" not in text


def test_the_next_version_is_named_by_its_own_number(publication: Publication, responder: User) -> None:
    postmortem = publication.postmortem
    change(postmortem, responder)
    confirm_answers(postmortem, actor=responder)
    said: dict[str, Any] = {"what_changed": "The disk", "actor": responder, "now": NOW + timedelta(days=1)}
    second = publish_postmortem(postmortem, **said)
    assert read_named(second).status == "Version 2, published 23 Nov 2026"
    assert (
        file_name(read_named(second), "json") == f"{publication.postmortem.incident.reference} Checkout is slow v2.json"
    )
    assert read_named(publication).status == VERSION


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        ("draft", CHANGED),
        ("in_review", "In review, changed since version 1"),
        ("not_required", "Not required"),
    ],
)
def test_a_document_that_was_taken_back_says_how_far_it_is(
    publication: Publication, responder: User, status: str, expected: str
) -> None:
    postmortem = publication.postmortem
    change(postmortem, responder)
    postmortem.status = status
    assert build_current(postmortem).status == expected
    change(postmortem, responder, "The disk was full.")
    assert build_current(postmortem).status == Postmortem.Status(status).label


def test_what_was_never_published_says_only_how_far_it_is(publication: Publication, responder: User) -> None:
    other = make_incident(responder, "Another")
    postmortem = Postmortem.objects.create(incident=other, author=responder)
    assert build_current(postmortem).status == "Draft"


def test_a_version_is_named_in_its_own_language(publication: Publication, settings: Settings) -> None:
    with translation.override("th"):
        assert read_named(publication).status == VERSION
        external = prepare_external(publication.postmortem, "")
    assert external
    assert external.document.status == VERSION
