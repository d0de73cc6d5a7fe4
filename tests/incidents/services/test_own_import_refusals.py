"""Files that are no export of Debrief's, or a damaged one, are refused whole."""

from datetime import UTC, datetime
from itertools import pairwise
from typing import Any

import pytest

from accounts.models import User
from incidents.documents.build import build_document
from incidents.documents.markdown import render_markdown_file
from incidents.documents.tree_json import UnreadableDocumentError, to_json
from incidents.lengths import LONG_TEXT, MOST_RECORDS, SECTION_TEXT
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
        ("sections", 0, "blocks", [{"type": ["prose"]}]),
        ("sections", 0, "blocks", [{"type": None}]),
        ("created_at", "0001-01-01T00:00:00+23:59"),
        ("modified_at", "9999-12-31T23:59:59-23:59"),
        ("title", "Half a pair \ud800"),
        ("title", "Nothing \0"),
        ("records", "incident", "customers_affected", 10**30),
    ]


def too_much() -> list[Any]:
    event = {"occurred_at": "2024-03-10T14:00:00Z", "kind": "observation", "text": "It broke."}
    return [
        ("records", "events", [event] * (MOST_RECORDS + 1)),
        ("records", "events", 0, "text", "x" * (LONG_TEXT + 1)),
        ("records", "causes", 0, "statement", "x" * (LONG_TEXT + 1)),
        ("records", "incident", "summary", "x" * (LONG_TEXT + 1)),
    ]


@pytest.mark.parametrize("excess", too_much(), ids=lambda excess: "-".join(map(str, excess[:-1])))
def test_a_file_that_holds_too_much_is_refused(example: Postmortem, responder: User, excess: Any) -> None:
    data = to_json(build_document(example))
    place: Any = data
    for name in excess[:-2]:
        place = place[name]
    place[excess[-2]] = excess[-1]
    with pytest.raises(UnreadableDocumentError, match=r"more than|too long"):
        import_json(data, actor=responder, now=LATER)


def test_a_section_that_is_too_long_is_refused(example: Postmortem, responder: User) -> None:
    example.sections.filter(key="lessons").update(body="x" * (SECTION_TEXT + 1))
    data = to_json(build_document(example))
    with pytest.raises(UnreadableDocumentError, match="too long"):
        import_json(data, actor=responder, now=LATER)


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


def aliases() -> str:
    """A few lines that mean a million of words."""
    steps = ["a: &a [x, x, x, x, x, x, x, x, x, x]"]
    steps += [f"{name}: &{name} [{', '.join([f'*{known}'] * 10)}]" for known, name in pairwise("abcdefg")]
    return "\n".join([*steps, "title: *g"])


@pytest.mark.parametrize(
    "matter",
    ["modified: 2021-02-30", f"title: {'[' * 3_000}", aliases(), "title: {a: b", "- title", "title: []", "title:"],
    ids=lambda matter: matter[:20],
)
def test_front_matter_that_cannot_be_read_leaves_the_title_as_it_was(
    example: Postmortem, responder: User, matter: str
) -> None:
    text = render_markdown_file(build_document(example))
    below = text.partition("---\n")[2].partition("\n---\n")[2]
    changed = f"---\n{matter}\n---\n{below}"
    imported = import_markdown(changed, actor=responder, now=LATER)
    assert imported.postmortem.incident.title == example.incident.title


def test_a_title_that_was_changed_in_front_matter_counts(example: Postmortem, responder: User) -> None:
    Incident.objects.filter(pk=example.incident_id).update(title="Two  blanks")
    example.refresh_from_db()
    text = render_markdown_file(build_document(example))
    assert import_markdown(text, actor=responder, now=LATER).postmortem.incident.title == "Two  blanks"
    again = import_markdown(text.replace("Two  blanks", "2024", 1), actor=responder, now=LATER)
    assert again.postmortem.incident.title == "2024"
