"""The tree as JSON comes back equal, and says what its published schema says."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from jsonschema import Draft202012Validator

from accounts.models import User
from incidents.documents.build import build_document
from incidents.documents.tree import Cell, Document, ImprovementRow
from incidents.documents.tree_json import (
    UnreadableDocumentError,
    canonical,
    digest,
    from_json,
    read_value,
    to_json,
    write_value,
)
from incidents.documents.tree_schema import make_schema
from incidents.services.example import load_example_incident

SCHEMA = Path(settings.BASE_DIR) / "docs" / "schema" / "postmortem-1.json"


@pytest.fixture
def document(responder: User) -> Document:
    return build_document(load_example_incident(actor=responder).postmortem)


def test_the_document_comes_back_equal(document: Document) -> None:
    again = from_json(json.loads(canonical(document)))
    assert again == document
    assert canonical(again) == canonical(document)
    assert digest(again) == digest(document)


def test_another_word_is_another_digest(document: Document) -> None:
    assert digest(replace(document, title="Another")) != digest(document)
    assert len(digest(document)) == 64


def test_what_is_left_out_has_its_default(document: Document) -> None:
    written = to_json(document)
    assert "variant" not in written
    assert "is_numeric" not in json.dumps(written)


def test_an_external_document_has_no_records_whoever_made_it(document: Document) -> None:
    assert document.records is not None
    external = replace(document, variant="external")
    assert external.records is None
    assert "records" not in to_json(external)
    assert from_json(to_json(external)) == external


def test_the_published_schema_is_the_one_of_the_tree() -> None:
    assert json.loads(SCHEMA.read_text()) == make_schema(), "write it anew: manage.py postmortem_schema"


def test_every_export_is_as_the_schema_says(document: Document) -> None:
    schema = make_schema()
    Draft202012Validator.check_schema(schema)
    validator = Draft202012Validator(schema)
    assert [error.message for error in validator.iter_errors(to_json(document))] == []
    assert [*validator.iter_errors(to_json(document) | {"unknown": 1})]
    assert [*validator.iter_errors(to_json(document) | {"title": 1})]


@pytest.mark.parametrize(
    "damage",
    [
        {"format": "another"},
        {"title": 1},
        {"severity_level": True},
        {"sections": {}},
        {"sections": [{"key": "a", "title": "b", "blocks": [{"type": "nothing"}]}]},
        {"sections": [{"key": "a", "title": "b", "blocks": ["text"]}]},
        {"sections": [None]},
        {"created_at": "yesterday"},
        {"created_at": "2024-03-10T14:00:00"},
        {"variant": "secret"},
        {"pictures": [{"address": "a", "sha256": "b", "media_type": "c", "size": 1, "folder": "/etc"}]},
        {"attachments": [{"name": "a", "description": "b", "content": "?", "modified_at": "2024-03-10T14:00:00Z"}]},
    ],
    ids=str,
)
def test_a_damaged_file_is_refused_with_a_sentence(document: Document, damage: dict[str, Any]) -> None:
    with pytest.raises(UnreadableDocumentError) as refused:
        from_json(to_json(document) | damage)
    assert str(refused.value).endswith(".")


@pytest.mark.parametrize("data", [None, [], "text", 7, {}], ids=str)
def test_what_is_no_document_is_refused(data: Any) -> None:
    with pytest.raises(UnreadableDocumentError, match="no post-mortem"):
        from_json(data)


def test_a_field_that_is_missing_is_named(document: Document) -> None:
    written = to_json(document)
    del written["key_figures"][0]["value"]["text"]
    with pytest.raises(UnreadableDocumentError, match=r"key_figures\[0\]\.value\.text"):
        from_json(written)


def test_its_digest_is_of_sorted_keys_and_says_no_folder_of_this_machine(document: Document) -> None:
    text = canonical(document)
    assert text == json.dumps(json.loads(text), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    assert str(settings.DATA_DIR) not in text
    folder = settings.PICTURE_DIRS[0]
    assert write_value((Path(folder),)) == [Path(folder).name]


def test_yes_is_no_figure() -> None:
    row = ImprovementRow("RTO", Cell("25 min"), Cell("2 min"), 100.0, 8.0)
    written = write_value(row)
    assert read_value(ImprovementRow, written) == row
    with pytest.raises(UnreadableDocumentError, match="after_share"):
        read_value(ImprovementRow, written | {"after_share": True})
