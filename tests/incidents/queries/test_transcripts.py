"""What a paste would become: rows in the order of the lines, and what is on the timeline already."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from accounts.models import User
from incidents.models import Incident
from incidents.queries.transcripts import MOST_GROUPS, Preview, preview_paste
from tests.factories import make_event, make_incident

DAY = date(2024, 3, 10)


@pytest.fixture
def incident(responder: User) -> Incident:
    return make_incident(responder, now=datetime(2024, 3, 10, 12, tzinfo=UTC))


def preview(incident: Incident, text: str, time_zone: str = "UTC") -> Preview:
    return preview_paste(incident, text=text, day=DAY, time_zone=time_zone)


def test_rows_stand_in_the_order_of_the_lines(incident: Incident) -> None:
    found = preview(incident, "Before\n14:03–14:20 It broke\n\nBetween\nand more\n\n14:05 Rolled back\n")
    assert [(row.lines, row.text, row.use, row.is_leftover) for row in found.rows] == [
        ("1", "Before", "leave", True),
        ("2", "It broke", "event", False),
        ("4–5", "Between\nand more", "leave", True),
        ("7", "Rolled back", "event", False),
    ]
    assert (found.rows[1].at, found.rows[1].until) == ("2024-03-10 14:03", "2024-03-10 14:20")
    assert (found.event_count, found.is_chat, found.beyond) == (2, False, 0)


def test_who_said_it_stays_in_the_text(incident: Incident) -> None:
    found = preview(incident, "[14:03] <nok_*> It broke")
    assert found.rows[0].text == r"**nok\_\***: It broke"
    assert found.is_chat


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("PagerDuty alert fired", "alert"),
        ("I'm on it", "acknowledgement"),
        ("We decided to fail over", "decision"),
        ("Rolled back to 1.2", "mitigation"),
        ("All is back to normal", "recovery"),
        ("Restarted db1", "action"),
        ("The graphs are flat", "observation"),
    ],
)
def test_the_kind_is_guessed(incident: Incident, text: str, kind: str) -> None:
    assert preview(incident, f"14:03 {text}").rows[0].kind == kind


@pytest.mark.parametrize(
    ("known", "at", "is_known"),
    [
        ("It broke!", datetime(2024, 3, 10, 14, 3, tzinfo=UTC), True),
        ("it  *broke*", datetime(2024, 3, 10, 14, 3, 59, tzinfo=UTC), True),
        ("It broke again", datetime(2024, 3, 10, 14, 3, tzinfo=UTC), False),
        ("It broke!", datetime(2024, 3, 10, 14, 4, tzinfo=UTC), False),
    ],
)
def test_what_is_on_the_timeline_already_is_not_chosen(
    incident: Incident, known: str, at: datetime, is_known: bool
) -> None:
    make_event(incident, known, occurred_at=at)
    make_event(make_incident(title="Another"), "It broke", occurred_at=at)
    (row,) = preview(incident, "15:03 It broke", "Europe/Berlin").rows
    assert (row.use == "leave") == is_known
    assert bool(row.remarks) == is_known


@pytest.mark.parametrize("hour", [0, 1])
def test_in_the_hour_that_is_there_twice_as_well(incident: Incident, hour: int) -> None:
    make_event(incident, "It broke", occurred_at=datetime(2024, 10, 27, hour, 30, tzinfo=UTC))
    # The first of the two, which the text cannot tell from the second, and then what tells its timezone.
    text = ["2024-10-27 02:30 It broke", "2024-10-27T02:30:00+01:00 It broke"][hour]
    (row,) = preview(incident, f"{text}", "Europe/Berlin").rows
    assert row.use == "leave"


def test_doubts_are_sentences_and_structure_is_told_apart(incident: Incident) -> None:
    found = preview(incident, "## Timeline\n2024-03-09\n14:00 a\n13:55 b\n14:10")
    assert [list(map(str, row.remarks)) for row in found.rows] == [
        [],
        ["This is earlier than what stands before it."],
        ["There is a time and no text."],
    ]
    assert found.rows[2].use == "leave"
    assert [left.line for left in found.structure] == [1, 2]


def test_what_does_not_fit_is_counted(incident: Incident) -> None:
    assert preview(incident, "14:03 x\n" * 2_100).beyond == 100
    groups = "14:03 x\n\nunknown\n\n" * (MOST_GROUPS + 7)
    assert preview(incident, groups).beyond == 7


def test_a_preview_takes_one_query(incident: Incident, django_assert_num_queries: Any) -> None:
    for count in (1, 300):
        with django_assert_num_queries(1):
            preview(incident, "14:03 x\n" * count)
