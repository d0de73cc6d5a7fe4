"""What of the timeline stands in the document."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from incidents.documents.blocks import timeline_block
from incidents.documents.tree import Gap, Table
from incidents.models import TimelineEvent
from tests.incidents.conftest import THEN

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
