"""What Debrief exported comes back as the same post-mortem."""

import json
import re
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import User
from incidents.documents.build import build_document
from incidents.documents.markdown import render_markdown_file
from incidents.documents.records import Records
from incidents.documents.tree import Document
from incidents.documents.tree_json import UnreadableDocumentError, canonical
from incidents.models import ActionItem, Incident, Postmortem, SectionVersion
from incidents.services.drafts import start_postmortem
from incidents.services.example import load_example_incident
from incidents.services.own_import import ImportedPostmortem, import_json, import_markdown
from tests.factories import NOW, make_event, make_incident, make_service, make_tag, make_user
from tests.incidents.any_postmortem import postmortems

# After everything that a test makes.
LATER = datetime(2100, 1, 1, tzinfo=UTC)
WAYS = ["json", "markdown"]


def bring_back(document: Document, way: str, actor: User) -> ImportedPostmortem:
    if way == "json":
        return import_json(canonical(document), actor=actor, now=LATER)
    return import_markdown(render_markdown_file(document), actor=actor, now=LATER)


def numbers_of(document: Document) -> list[str]:
    assert document.records is not None
    return [document.reference, *(f"ACT-{item.number}" for item in document.records.action_items)]


def without_numbers(document: Document) -> Any:
    """The document with its own records' numbers as places in a list."""
    numbers = numbers_of(document)

    def replaced(value: Any) -> Any:
        if isinstance(value, dict):
            return {replaced(key): replaced(each) for key, each in value.items()}
        if isinstance(value, list):
            return [*map(replaced, value)]
        for place, number in enumerate(numbers if isinstance(value, str) else []):
            value = re.sub(rf"\b{number}\b", f"#{place}", value)
            # The same in addresses
            kind, _dash, digits = number.partition("-")
            address = f"/incidents/{digits}/" if kind == "INC" else f"#action-{digits}"
            value = re.sub(rf"{re.escape(address)}(?!\d)", f"#{place}", value)
        return value

    data = replaced(json.loads(canonical(document)))
    for item in data["records"].get("action_items", []):
        del item["number"]
    return data


def check_comes_back(postmortem: Postmortem, way: str, actor: User) -> ImportedPostmortem:
    document = build_document(postmortem)
    imported = bring_back(document, way, actor)
    assert imported.postmortem.incident_id != postmortem.incident_id
    assert without_numbers(build_document(imported.postmortem)) == without_numbers(document)
    return imported


@pytest.fixture
def example(responder: User) -> Postmortem:
    return load_example_incident(actor=responder).postmortem


@pytest.mark.parametrize("way", WAYS)
def test_the_example_comes_back(example: Postmortem, responder: User, way: str) -> None:
    imported = check_comes_back(example, way, responder)
    assert imported.warnings == ()
    section = imported.postmortem.sections.get(key="lessons")
    assert section.versions.get().origin == SectionVersion.Origin.IMPORTED


@pytest.mark.parametrize("way", WAYS)
def test_a_second_round_is_the_same_again(example: Postmortem, responder: User, way: str) -> None:
    check_comes_back(check_comes_back(example, way, responder).postmortem, way, responder)


@pytest.mark.parametrize("way", WAYS)
@settings(max_examples=15, deadline=None, suppress_health_check=[*HealthCheck], derandomize=True)
@given(data=st.data())
def test_whatever_was_written_comes_back(responder: User, way: str, data: st.DataObject) -> None:
    check_comes_back(data.draw(postmortems(responder)), way, responder)


@pytest.mark.parametrize("way", WAYS)
def test_services_and_tags_come_back_where_they_are_known(responder: User, way: str) -> None:
    incident = make_incident(responder)
    incident.services.add(make_service("shop"), make_service("cellar"))
    make_tag(incident, "disk")
    document = build_document(Postmortem.objects.create(incident=incident, author=responder))
    incident.services.get(name="cellar").delete()
    imported = bring_back(document, way, responder)
    assert [service.name for service in imported.postmortem.incident.services.all()] == ["shop"]
    assert [tag.name for tag in imported.postmortem.incident.tags.all()] == ["disk"]
    assert ["cellar" in warning for warning in imported.warnings] == [True]


def test_a_restricted_incident_stays_so_and_names_nobody_but_who_imports_it(responder: User) -> None:
    incident = make_incident(responder, visibility="restricted", people=[make_user("other")])
    document = build_document(Postmortem.objects.create(incident=incident, author=responder))
    author = make_user("importer")
    imported = bring_back(document, "json", author)
    seen_by = [
        user.username
        for user in User.objects.all()
        if Incident.objects.visible_to(user).filter(pk=imported.postmortem.incident_id)
    ]
    assert seen_by == ["importer"]
    assert any("restricted" in warning for warning in imported.warnings)


def test_people_are_found_by_both_their_names(example: Postmortem, responder: User) -> None:
    item = example.incident.action_items.all()[0]
    item.owner_team, item.owner_person = None, responder
    item.save()
    document = build_document(example)
    responder.name = "Somebody else now"
    responder.save()
    imported = bring_back(document, "json", responder)
    assert imported.postmortem.incident.action_items.all()[0].owner is None
    assert any("is not known here" in warning for warning in imported.warnings)


def test_what_was_published_comes_back_as_a_draft(example: Postmortem, responder: User) -> None:
    example.status, example.published_at = Postmortem.Status.PUBLISHED, NOW
    example.save()
    imported = bring_back(build_document(example), "json", responder)
    assert imported.postmortem.status == Postmortem.Status.DRAFT
    assert any("draft" in warning for warning in imported.warnings)


def test_an_external_copy_cannot_be_brought_back(example: Postmortem, responder: User) -> None:
    external = replace(build_document(example), variant="external")
    with pytest.raises(UnreadableDocumentError, match="internal file"):
        bring_back(external, "json", responder)
    assert "Read by Debrief" not in render_markdown_file(external)


def test_references_to_its_own_records_follow_them(example: Postmortem, responder: User) -> None:
    number = example.incident.action_items.all()[0].number
    code = f"```\nACT-{number}\n```\n`ACT-{number}` x/ACT-{number}"
    before = f"See ACT-{number}, INC-{example.incident_id} and ACT-9999.\n\n{code}"
    example.sections.filter(key="lessons").update(body=before)
    imported = bring_back(build_document(example), "markdown", responder).postmortem
    now = imported.incident.action_items.all()[0].number
    assert imported.sections.get(key="lessons").body == before.replace(f"See ACT-{number}", f"See ACT-{now}").replace(
        f"INC-{example.incident_id}", f"INC-{imported.incident_id}"
    )


def test_prose_changed_by_hand_counts(example: Postmortem, responder: User) -> None:
    example.sections.filter(key="lessons").update(body="# First\n\nOld words.")
    text = render_markdown_file(build_document(example)).replace("Old words.", "New words.").replace("\n", "\r\n")
    imported = import_markdown(text, actor=responder, now=LATER)
    assert imported.postmortem.sections.get(key="lessons").body == "# First\n\nNew words."
    assert ["Lessons" in warning for warning in imported.warnings] == [True]


def test_references_in_prose_changed_by_hand_follow_too(example: Postmortem, responder: User) -> None:
    number = example.incident.action_items.all()[0].number
    example.sections.filter(key="lessons").update(body=f"Old words, see ACT-{number} and INC-{example.incident_id}.")
    text = render_markdown_file(build_document(example))
    assert f'"ACT-{number}")' in text
    imported = import_markdown(text.replace("Old words", "New words"), actor=responder, now=LATER).postmortem
    now = imported.incident.action_items.all()[0].number
    assert imported.sections.get(key="lessons").body == f"New words, see ACT-{now} and INC-{imported.incident_id}."


def test_a_table_changed_by_hand_is_kept_as_text(example: Postmortem, responder: User) -> None:
    text = render_markdown_file(build_document(example))
    changed = text.replace("| 14:08 | Observation |", "| 14:09 | Observation |")
    assert changed != text
    imported = import_markdown(changed, actor=responder, now=LATER)
    assert "| 14:09 | Observation |" in imported.postmortem.sections.get(key="timeline").body
    assert imported.postmortem.incident.events.filter(occurred_at__minute=8).exists()
    assert ["Timeline" in warning for warning in imported.warnings] == [True]


def test_a_title_changed_by_hand_counts(example: Postmortem, responder: User) -> None:
    text = re.sub(
        r"^title: .*$", "title: Another one", render_markdown_file(build_document(example)), flags=re.MULTILINE
    )
    assert import_markdown(text, actor=responder, now=LATER).postmortem.incident.title == "Another one"


def test_records_name_only_what_the_document_shows(example: Postmortem) -> None:
    make_event(example.incident, "not chosen", is_pinned=False)
    records = build_document(example).records
    assert isinstance(records, Records)
    assert "not chosen" not in str(records)


def test_nobody_who_does_not_see_a_restricted_incident_has_an_action_of_it(responder: User) -> None:
    other = make_user("other")
    incident = make_incident(responder, visibility="restricted", people=[other])
    ActionItem.objects.create(incident=incident, title="Alert earlier", owner_person=other)
    imported = bring_back(build_document(start_postmortem(incident, actor=responder)), "json", responder)
    assert imported.postmortem.incident.action_items.get().owner is None
    assert any("may not see the incident" in warning for warning in imported.warnings)


def test_a_section_whose_title_has_odd_blanks_keeps_its_text(example: Postmortem, responder: User) -> None:
    example.sections.filter(key="lessons").update(title="Two \u00a0 words", body="Kept.")
    imported = check_comes_back(example, "markdown", responder)
    assert imported.postmortem.sections.get(key="lessons").body == "Kept."
