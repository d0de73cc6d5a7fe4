"""What of the timeline stands in the document."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from incidents.documents.blocks import action_item_block, timeline_block
from incidents.documents.html import render_print_source
from incidents.documents.tree import Document, Gap, Section, Table
from incidents.models import ActionItem, Incident, SeverityLevel, TimelineEvent
from lib.pdf.engine import render_pdf
from tests.incidents.conftest import THEN
from tests.incidents.documents.pdf_text import text_of

BERLIN = ZoneInfo("Europe/Berlin")


def event(**facts: object) -> TimelineEvent:
    return TimelineEvent(**{"occurred_at": THEN, "text": "It broke", "kind": "action", "is_pinned": True, **facts})


def first_cells(*events: TimelineEvent, zone: object = UTC) -> tuple[str, list[str]]:
    block = timeline_block([*events], zone)  # type: ignore[arg-type]
    assert isinstance(block, Table)
    return block.caption, [row[0].text for row in block.rows]


def test_only_pinned_events_that_show_are_in_it() -> None:
    shown = event(text="shown")
    block = timeline_block([event(is_pinned=False), event(is_hidden=True), shown], UTC)
    assert isinstance(block, Table)
    assert [row[2].text for row in block.rows] == ["shown"]
    assert isinstance(timeline_block([event(is_hidden=True)], UTC), Gap)


def test_what_went_on_for_a_while_has_both_times() -> None:
    span = event(ended_at=THEN + timedelta(minutes=20))
    assert first_cells(span) == ("2024-03-10", ["14:00–14:20"])
    assert first_cells(span, zone=BERLIN) == ("2024-03-10", ["15:00–15:20 +01:00"])
    overnight = event(ended_at=THEN + timedelta(hours=12))
    assert first_cells(overnight) == ("", ["2024-03-10 14:00 – 2024-03-11 02:00"])


def test_over_a_change_of_the_clocks_each_time_has_its_offset() -> None:
    start = datetime(2024, 3, 31, 0, 30, tzinfo=UTC)
    span = event(occurred_at=start, ended_at=start + timedelta(hours=1))
    assert first_cells(span, zone=BERLIN) == ("2024-03-31", ["01:30 +01:00–03:30 +02:00"])


def test_what_was_recollected_says_so() -> None:
    block = timeline_block([event(grading="recollected"), event(grading="measured")], UTC)
    assert isinstance(block, Table)
    assert [row[1].text for row in block.rows] == ["Action (from memory)", "Action"]


def widths(*events: TimelineEvent, zone: object = UTC) -> list[int]:
    block = timeline_block([*events], zone)  # type: ignore[arg-type]
    assert isinstance(block, Table)
    assert sum(column.width for column in block.columns) == 12
    return [column.width for column in block.columns]


def test_times_take_as_little_room_as_they_need() -> None:
    assert widths(event()) == [1, 3, 8]
    assert widths(event(occurred_at=THEN + timedelta(seconds=7))) == [2, 3, 7]
    assert widths(event(ended_at=THEN + timedelta(minutes=20))) == [2, 3, 7]
    assert widths(event(), event(occurred_at=THEN + timedelta(days=1))) == [2, 3, 7]
    assert widths(event(), zone=BERLIN) == [2, 3, 7]
    assert widths(event(), event(occurred_at=THEN + timedelta(days=1)), zone=BERLIN) == [3, 3, 6]


def test_no_time_kind_or_reference_is_broken_on_paper(settings: Any) -> None:
    """Each on one line of a real page, on the narrower of the papers."""
    document = Document(**BARE, sections=tuple(sections()))  # type: ignore[arg-type]
    source = render_print_source(document, "A4")
    text = text_of(render_pdf(source, fonts=settings.FONTS_DIR, cache=settings.FONT_CACHE_DIR))
    for line in ("14:00", "2024-03-11 14:00", "2024-03-11 15:00 +01:00"):
        assert re.search(rf"^\s*{re.escape(line)}\s+Acknowledgement\s+It broke$", text, re.MULTILINE), line
    for reference in ("ACT-999", "ACT-1000"):
        assert re.search(rf"^\s*{reference}\s+Add an alert\s", text, re.MULTILINE), reference


def sections() -> Iterator[Section]:
    one, next_day = event(kind="acknowledgement"), event(kind="acknowledgement", occurred_at=THEN + timedelta(days=1))
    incident = Incident(severity=SeverityLevel(level=1, name="SEV1"))
    yield Section("one", "One", (timeline_block([one], UTC),))
    yield Section("two", "Two", (timeline_block([one, next_day], UTC),))
    yield Section("three", "Three", (timeline_block([one, next_day], BERLIN),))
    for number in (999, 1000):
        item = ActionItem(number=number, title="Add an alert", incident=incident)
        yield Section(f"item-{number}", f"{number}", (action_item_block([item]),))


BARE = {
    "reference": "INC-1",
    "title": "It broke",
    "language": "en",
    "zone": "UTC",
    "created_at": THEN,
    "modified_at": THEN,
    "author": "SRE Team",
    "status": "Draft",
    "severity": "SEV1",
    "severity_level": 1,
    "severity_colour": "red",
    "key_figures": (),
}
