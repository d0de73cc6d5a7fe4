"""The map of causes: what it draws, what its outline says, and that every output says it."""

import json
import re
from dataclasses import replace
from typing import Any

import pytest

from incidents.documents.build import build_document
from incidents.documents.html import render_print_source, render_self_contained
from incidents.documents.markdown import render_markdown_file
from incidents.documents.tree import CauseMap, Document
from incidents.documents.tree_json import canonical, from_json
from incidents.models import ActionItem, RootCause
from incidents.services.causes import add_cause
from tests.incidents.conftest import Scene

THAI = "ระบบเตือนพื้นที่ดิสก์ทำงานช้าเกินไป"


@pytest.fixture
def document(scene: Scene) -> Document:
    """Trigger → factor → root cause (there already, with an item); a mitigator and a risk beside."""
    facts: dict[str, Any] = {"category": "capacity"}
    factor = add_cause(scene.incident, kind="contributing_factor", statement=THAI, leads_to=[scene.cause], **facts)
    whys = ["The driver swallows `SQLITE_FULL`", "It was **copied**"]
    add_cause(scene.incident, kind="trigger", statement="An export ran", leads_to=[factor], whys=whys, **facts)
    add_cause(scene.incident, kind="mitigator", statement="A replica was there", leads_to=[scene.cause], **facts)
    add_cause(scene.incident, kind="risk", statement="It can come again", **facts)
    ActionItem.objects.create(incident=scene.incident, title="Of no cause")
    return build_document(scene.section.postmortem)


def map_of(document: Document) -> CauseMap:
    (found,) = [block for section in document.sections for block in section.blocks if isinstance(block, CauseMap)]
    return found


def test_causes_stand_by_kind_with_what_belongs_to_them(document: Document, scene: Scene) -> None:
    causes = map_of(document)
    assert [node.kind for node in causes.nodes] == ["trigger", "root_cause", "contributing_factor", "mitigator", "risk"]
    assert [node.leads_to for node in causes.nodes] == [(2,), (), (1,), (1,), ()]
    assert [action.reference for action in causes.nodes[1].actions] == [scene.item.reference]
    assert [number for number, node in enumerate(causes.nodes, start=1) if node.is_unaddressed] == [1, 3, 5]
    assert [action.title for action in causes.loose] == ["Of no cause"]


def test_the_picture_goes_from_the_trigger_to_the_incident(document: Document) -> None:
    wide, narrow = map_of(document).pictures
    assert [line.text for line in wide.headings] == [
        "Triggers",
        "Contributing factors",
        "Root causes",
        "Incident",
        "Mitigators",
        "Risks",
    ]
    at = {box.number.text: box for box in wide.boxes}
    assert at["1"].x < at["3"].x < at["2"].x < at[""].x
    assert at["4"].y > at["2"].y + at["2"].height
    # Trigger to factor to root cause to the incident, and the mitigator to what it softened.
    assert len(wide.arrows) == len(narrow.arrows) == 4
    assert sum(arrow.is_aside for arrow in wide.arrows) == 1
    assert len({box.x for box in narrow.boxes}) == 1


def test_every_output_says_it(document: Document) -> None:
    for html in (render_print_source(document), render_self_contained(document)):
        assert len(re.findall('<svg class="cause-flow"', html)) == 2
        outline = html.partition('<ol class="cause-outline">')[2]
        for words in (
            "The disk filled up",
            THAI,
            "<code>SQLITE_FULL</code>",
            "<strong>copied</strong>",
            "A replica was there",
        ):
            assert words in outline
        assert "Of no cause" not in outline.partition("</ol>\n  ")[0]
    text = render_markdown_file(document)
    assert (
        "1. **Trigger** (Capacity): An export ran\n    - Why? The driver swallows `SQLITE_FULL`\n        - Why? It was"
        in text
    )
    assert "Action items that address no cause: ACT-" in text
    assert from_json(json.loads(canonical(document))) == document


def test_a_statement_breaks_nothing(scene: Scene) -> None:
    add_cause(
        scene.incident, kind="risk", category="change", statement='</text><script>alert(1)</script>"&', whys=["<svg>"]
    )
    html = render_self_contained(build_document(scene.section.postmortem))
    assert "<script" not in html
    assert "<svg>" not in html


def test_without_causes_there_is_a_gap(scene: Scene) -> None:
    RootCause.objects.all().delete()
    assert "No cause has been recorded yet." in render_markdown_file(build_document(scene.section.postmortem))


def test_as_many_queries_for_twenty_five_as_for_one(scene: Scene, django_assert_max_num_queries: Any) -> None:
    with django_assert_max_num_queries(100) as few:
        build_document(scene.section.postmortem)
    for n in range(24):
        add_cause(scene.incident, kind="risk", category="change", statement=f"{n}", leads_to=[scene.cause], whys=["a"])
    with django_assert_max_num_queries(len(few)):
        build_document(scene.section.postmortem)


def test_what_softened_a_cause_did_not_lead_to_it(document: Document) -> None:
    trigger, root_cause, _factor, mitigator, risk = map_of(document).nodes
    assert trigger.led_to == "led to 3"
    assert root_cause.led_to == ""
    assert mitigator.led_to == "softened 2"
    assert replace(risk, leads_to=(0, 1)).led_to == "bears on 1, 2"
    html, text = render_self_contained(document), render_markdown_file(document)
    assert "Capacity · softened 2</p>" in html
    assert "    - Softened 2\n" in text
    assert "    - Led to 3\n" in text


def test_who_hears_the_outline_hears_the_numbers_and_no_empty_list(document: Document) -> None:
    outline = render_self_contained(document).partition('<ol class="cause-outline">')[2]
    assert re.findall(r'<span class="cause-place">(\d+)</span>', outline) == ["1", "2", "3", "4", "5"]
    assert not re.search(r"<ul[^>]*>\s*</ul>", outline)
    assert outline.count('<p class="gap">no action item</p>') == 3
