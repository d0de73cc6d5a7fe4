"""The tree of the example incident against what happened on 10 March 2024."""

import re

import pytest

from accounts.models import User
from incidents.documents.build import build_document
from incidents.documents.markdown import render_markdown_file
from incidents.documents.outline import DEFAULT_SECTIONS
from incidents.documents.tree import Block, CauseMap, Document, Facts, Gap, Improvements, Prose, Table
from incidents.models import Incident, SeverityLevel
from incidents.services.example import load_example_incident

EVENTS = [
    ("14:00", "Alert", "Alert: the application returns 500 errors"),
    ("14:03", "Acknowledgement", "On-call acknowledges and starts the investigation"),
    ("14:05", "Observation", "Found: the SQLite database file is corrupted"),
    ("14:08", "Observation", "Root cause: a full disk caused WAL corruption"),
    ("14:10", "Decision", "Decision: restore from the Litestream backup"),
    ("14:12", "Action", "`litestream restore` started"),
    ("14:13", "Recovery", "Database restored (8.5 seconds)"),
    ("14:15", "Mitigation", "Application restarted with the restored database"),
    ("14:20", "Observation", "Verified: all data intact, 0 rows lost"),
    ("14:25", "Status change", "All services healthy, incident resolved"),
]
ITEMS = [
    ("Add a disk usage alert at 80%", "SRE Team", "2024-03-11", "Done"),
    ("Configure log rotation (logrotate)", "SRE Team", "2024-03-11", "Done"),
    ("Add an automatic disk cleanup script", "Platform Team", "2024-03-20", "In progress"),
    ("Schedule a weekly recovery test by cron", "SRE Team", "2024-03-12", "Done"),
    ("Document the recovery runbook", "SRE Team", "2024-03-12", "Done"),
]


@pytest.fixture
def incident(responder: User) -> Incident:
    return load_example_incident(actor=responder)


@pytest.fixture
def document(incident: Incident) -> Document:
    return build_document(incident.postmortem)


def blocks(document: Document, key: str) -> tuple[Block, ...]:
    return next(section.blocks for section in document.sections if section.key == key)


def rows(document: Document, key: str) -> list[tuple[str, ...]]:
    (table,) = [block for block in blocks(document, key) if isinstance(block, Table)]
    return [tuple(cell.text for cell in row) for row in table.rows]


def facts(document: Document, key: str) -> dict[str, str]:
    (block,) = [block for block in blocks(document, key) if isinstance(block, Facts)]
    return {fact.label: fact.value.text for fact in block.items}


def test_the_cover_tells_it_in_six_figures(document: Document) -> None:
    assert {fact.label: fact.value.text for fact in document.key_figures} == {
        "Date": "2024-03-10",
        "Severity": "P1",
        "Status": "Resolved",
        "Duration": "25 min",
        "Requests failed": "500",
        "Data lost": "0 rows (Litestream RPO < 1 second)",
    }
    assert (document.severity, document.severity_level, document.author) == ("P1", 1, "Platform Team")
    assert (document.zone, document.language, document.status) == ("UTC", "en", "Draft")


def test_all_default_sections_stand_in_order_and_none_is_empty(document: Document) -> None:
    assert [(section.key, section.title) for section in document.sections] == [
        (key, str(title)) for key, title in DEFAULT_SECTIONS.items()
    ]
    assert len(document.sections) == 13
    assert all(section.blocks for section in document.sections)


def test_the_timeline_has_its_ten_events(document: Document) -> None:
    assert rows(document, "timeline") == EVENTS
    (table,) = [block for block in blocks(document, "timeline") if isinstance(block, Table)]
    assert table.caption == "2024-03-10"


def test_the_five_action_items_have_owners_days_and_states(document: Document, incident: Incident) -> None:
    numbers = [item.reference for item in incident.action_items.all()]
    expected = [(number, *item) for number, item in zip(numbers, ITEMS, strict=True)]
    assert rows(document, "action_items") == expected


def test_the_durations_follow_from_the_milestones(document: Document) -> None:
    assert facts(document, "summary") == {
        "Impact started": "2024-03-10 14:00",
        "Detected": "2024-03-10 14:00",
        "Declared": "2024-03-10 14:03",
        "Acknowledged": "2024-03-10 14:03",
        "Mitigated": "2024-03-10 14:15",
        "Resolved": "2024-03-10 14:25",
        "Time to detect": "0 s",
        "Time to acknowledge": "3 min",
        "Time to mitigate": "15 min",
        "Time to resolve": "25 min",
    }


def test_what_is_unknown_is_said_to_be_unknown(document: Document) -> None:
    assert facts(document, "impact") == {
        "Customers affected": "unknown",
        "Requests failed": "500",
        "Data lost": "0 rows (Litestream RPO < 1 second)",
        "Cost": "unknown",
    }
    assert isinstance(blocks(document, "recovery")[-1], Gap)


def test_causes_name_the_items_that_address_them(document: Document, incident: Incident) -> None:
    first, second, third, fourth, fifth = (item.reference for item in incident.action_items.all())
    (causes,) = [block for block in blocks(document, "root_causes") if isinstance(block, CauseMap)]
    addressed = [[action.reference for action in node.actions] for node in causes.nodes]
    assert sorted(addressed) == sorted([[second, third], [fifth], [first], [fourth]])


def test_the_improvements_stand_before_and_after(document: Document) -> None:
    (improvements,) = [block for block in blocks(document, "improvements") if isinstance(block, Improvements)]
    known = [(row.metric, row.before.text, row.after.text) for row in improvements.rows]
    assert known[1] == ("RTO", "25 min", "2 min (with the runbook)")
    assert len(known) == 6


def test_the_prose_is_what_was_written(document: Document) -> None:
    (lessons,) = blocks(document, "lessons")
    assert isinstance(lessons, Prose)
    assert "การเขียน Post-mortem ต้อง Blameless" in lessons.markdown


def test_the_markdown_says_the_same(document: Document) -> None:
    text = render_markdown_file(document)
    assert all(f"| {time} | {kind} | {what} |" in text for time, kind, what in EVENTS)
    for title, owner, due, status in ITEMS:
        box = "x" if status == "Done" else " "
        promise = f"{title} — Owner: {owner} · Due: {due} · Status: {status}\n"
        assert re.search(rf"^- \[{box}\] \*\*ACT-\d+\*\* {re.escape(promise)}", text, re.MULTILINE)
    for line in ('severity: "P1"', "severity_level: 1", 'author: "Platform Team"', "- **Duration:** 25 min"):
        assert line in text.splitlines()


def test_loading_the_example_twice_changes_nothing(incident: Incident, viewer: User) -> None:
    before = Incident.objects.values().get(), incident.events.count()
    assert load_example_incident(actor=viewer) == incident
    assert (Incident.objects.values().get(), incident.events.count()) == before


def test_a_level_that_is_in_use_keeps_its_name(responder: User) -> None:
    worst = SeverityLevel.objects.get(level=1)
    Incident.objects.create(title="x", severity=worst, declared_by=responder, declared_at="2024-01-01T00:00Z")
    load_example_incident(actor=responder)
    worst.refresh_from_db()
    assert worst.name == "SEV1"


def test_a_duration_whose_ends_were_never_known_is_unknown_on_the_cover(incident: Incident) -> None:
    incident.impact_started_at = None
    incident.save()
    facts = {fact.label: fact.value for fact in build_document(incident.postmortem).key_figures}
    assert (facts["Duration"].text, facts["Duration"].state) == ("unknown", "unknown")
