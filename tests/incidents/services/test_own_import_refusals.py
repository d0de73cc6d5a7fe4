"""Files that are no export of Debrief's, or a damaged one, are refused whole."""

from datetime import UTC, datetime
from typing import Any

import pytest

from accounts.models import User
from incidents.documents.build import build_document
from incidents.documents.markdown import render_markdown_file
from incidents.documents.tree_json import UnreadableDocumentError, to_json
from incidents.models import Incident, Postmortem
from incidents.services.example import load_example_incident
from incidents.services.own_import import import_json, import_markdown

LATER = datetime(2100, 1, 1, tzinfo=UTC)


@pytest.fixture
def example(responder: User) -> Postmortem:
    return load_example_incident(actor=responder).postmortem


@pytest.mark.parametrize("data", ["", "{", "[" * 100_000, "null", b"\xff", "[]"], ids=lambda data: repr(data[:5]))
def test_what_is_no_export_is_refused(responder: User, data: str | bytes) -> None:
    with pytest.raises(UnreadableDocumentError):
        import_json(data, actor=responder, now=LATER)


def test_markdown_without_its_block_is_refused(example: Postmortem, responder: User) -> None:
    text = render_markdown_file(build_document(example))
    with pytest.raises(UnreadableDocumentError, match="missing"):
        import_markdown(text.partition("<!-- Read by")[0], actor=responder, now=LATER)
    with pytest.raises(UnreadableDocumentError, match="damaged"):
        import_markdown(text.replace('"records":', '"recordx":'), actor=responder, now=LATER)


def damages() -> list[Any]:
    return [
        ("records", "incident", "status", "nonsense"),
        ("records", "incident", "resolved_at", None),
        ("records", "incident", "customers_affected", -1),
        ("records", "causes", 0, "kind", "nobody"),
        ("records", "causes", 0, "leads_to", [99]),
        ("records", "action_items", 0, "cause", 99),
        ("records", "action_items", 0, "title", "x" * 201),
        ("records", "events", 0, "text", ""),
        ("title", ""),
        ("severity_level", 6),
        ("sections", 0, "key", "no slug"),
        ("sections", 0, "key", "impact"),
    ]


@pytest.mark.parametrize("damage", damages(), ids=str)
def test_a_damaged_file_leaves_nothing_behind(example: Postmortem, responder: User, damage: Any) -> None:
    data = to_json(build_document(example))
    place: Any = data
    for name in damage[:-2]:
        place = place[name]
    place[damage[-2]] = damage[-1]
    count = Incident.objects.count()
    with pytest.raises(UnreadableDocumentError) as refused:
        import_json(data, actor=responder, now=LATER)
    assert str(refused.value).endswith(".")
    assert Incident.objects.count() == count
