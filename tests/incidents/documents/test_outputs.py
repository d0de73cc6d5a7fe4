"""Markdown, self-contained HTML and the PDF's source are views of one tree."""

import re
from dataclasses import replace
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings
from django.utils import timezone

from accounts.models import User
from incidents.documents.build import build_document
from incidents.documents.html import render_print_source, render_self_contained
from incidents.documents.markdown import render_markdown_file
from incidents.documents.tree import Document, Prose
from incidents.models import TimelineEvent
from incidents.services.drafts import start_postmortem
from incidents.services.example import load_example_incident
from incidents.services.timeline import correct_event
from tests.factories import make_event, make_incident
from tests.incidents.conftest import THEN, Scene
from tests.lib.hostile import danger_in_page

RENDERERS = [render_print_source, render_self_contained, render_markdown_file]


@pytest.fixture
def document(responder: User) -> Document:
    return build_document(load_example_incident(actor=responder).postmortem)


def with_prose(document: Document, markdown: str) -> str:
    section = replace(document.sections[-1], blocks=(Prose(markdown),))
    text = render_markdown_file(replace(document, sections=(section,)))
    # Without the comment that is read back.
    return text.partition(f"## {section.title}\n\n")[2].partition("\n\n<!-- Read by Debrief")[0] + "\n"


@pytest.mark.parametrize("render", RENDERERS)
def test_equal_trees_give_equal_bytes_whoever_asks(document: Document, render: object, responder: User) -> None:
    again = build_document(load_example_incident(actor=responder).postmortem)
    assert again == document
    assert again is not document
    first = render(document)  # type: ignore[operator]
    with timezone.override(ZoneInfo("Asia/Bangkok")):
        assert render(again) == first  # type: ignore[operator]
        assert build_document(load_example_incident(actor=responder).postmortem) == document


@pytest.mark.parametrize("render", RENDERERS)
def test_another_tree_gives_other_bytes(document: Document, render: object) -> None:
    assert render(replace(document, title="Another")) != render(document)  # type: ignore[operator]


def test_the_self_contained_file_asks_for_nothing_and_runs_nothing(document: Document) -> None:
    html = render_self_contained(document)
    assert danger_in_page(html, own_scripts=False) == []
    assert not re.search(r"<(script|link|img|iframe)\b", html)
    addresses = re.findall(r"""(?:src|href|url)\s*[=(]\s*["']?([^"')\s]{0,60})""", html)
    elsewhere = [address for address in addresses if not address.startswith(("#", f"{settings.BASE_URL}/"))]
    assert {address.partition(":")[0] for address in elsewhere} <= {"data", "https"}
    assert "@import" not in html
    assert html.count("data:font/woff2;base64,") == 3


def test_the_pdfs_source_has_the_same_words_and_no_fonts(document: Document) -> None:
    html = render_self_contained(document)
    assert render_print_source(document) == re.sub(r"@font-face \{.*?\}\n?", "", html)


def test_the_document_says_when_it_last_changed(scene: Scene) -> None:
    before = build_document(scene.incident.postmortem).modified_at
    facts = {"text": "better", "kind": "alert", "occurred_at": THEN, "is_pinned": True}
    correct_event(scene.event, now=THEN, **facts)
    event = TimelineEvent.objects.get(pk=scene.event.pk)
    assert before < build_document(scene.incident.postmortem).modified_at == event.updated_at


def test_only_pinned_events_are_in_the_document(scene: Scene) -> None:
    make_event(scene.incident, "not chosen", is_pinned=False, occurred_at=THEN)
    assert "not chosen" not in render_markdown_file(build_document(scene.incident.postmortem))


def test_events_of_several_days_carry_their_dates_and_seconds(scene: Scene) -> None:
    make_event(scene.incident, "a day later", occurred_at=THEN + timedelta(days=1, seconds=7))
    text = render_markdown_file(build_document(scene.incident.postmortem))
    assert "| 2024-03-10 14:00 | Observation | The graphs went flat |" in text
    assert "| 2024-03-11 14:00:07 | Observation | a day later |" in text


def test_times_stand_in_the_installations_timezone(scene: Scene, settings: object) -> None:
    timezone.get_default_timezone.cache_clear()
    settings.TIME_ZONE = "Asia/Bangkok"  # type: ignore[attr-defined]
    document = build_document(scene.incident.postmortem)
    assert document.zone == "Asia/Bangkok"
    text = render_markdown_file(document)
    assert "### 2024-03-10\n" in text
    assert "| 21:00 +07:00 | Observation |" in text
    assert "- **Declared:** 2024-03-10 21:00 +07:00\n" in text


def test_each_time_has_its_own_offset(responder: User, settings: object) -> None:
    timezone.get_default_timezone.cache_clear()
    settings.TIME_ZONE = "Europe/Berlin"  # type: ignore[attr-defined]
    june = THEN + timedelta(days=90)
    incident = make_incident(responder, now=june, impact_started_at=THEN)
    for at in (THEN, june + timedelta(seconds=7)):
        make_event(incident, "It broke", occurred_at=at)
    document = build_document(start_postmortem(incident, actor=responder))
    text = render_markdown_file(document)
    assert document.zone == "Europe/Berlin"
    assert "- **Impact started:** 2024-03-10 15:00 +01:00\n- **Detected:** unknown\n" in text
    assert "- **Declared:** 2024-06-08 16:00 +02:00\n" in text
    assert "| 2024-03-10 15:00 +01:00 | Observation |" in text
    assert "| 2024-06-08 16:00:07 +02:00 | Observation |" in text
    assert "all times Europe/Berlin" in render_self_contained(document)


@pytest.mark.parametrize(
    ("markdown", "expected"),
    [
        ("# a\n## b", "### a\n#### b\n"),
        ("##### a", "##### a\n"),
        ("```\n# a\n```\n# b", "```\n# a\n```\n### b\n"),
        ("~~~\n```\n# a\n~~~", "~~~\n```\n# a\n~~~\n"),
        ("#hashtag", "#hashtag\n"),
        ("\n\n    code\n\n", "    code\n"),
        ("a\r\nb", "a\nb\n"),
    ],
)
def test_headings_in_prose_stay_below_the_documents_own(document: Document, markdown: str, expected: str) -> None:
    assert with_prose(document, markdown) == expected


def test_the_front_matter_is_one_json_value_a_line(document: Document) -> None:
    text = render_markdown_file(replace(document, title='"quoted": [x] <b>\\'))
    assert 'title: "\\"quoted\\": \\u005bx] \\u003cb>\\\\"' in text.splitlines()
    assert "# INC-" in text
    assert '"quoted": \\[x\\] &lt;b&gt;\\\\' in text
