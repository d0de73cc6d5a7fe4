"""By when an incident is to be learnt from."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import pytest

from incidents.deadlines import action_items_due, add_working_days, describe_promises, postmortem_due

FRIDAY = date(2024, 3, 8)


@dataclass
class Over:
    resolved_at: datetime | None
    time_zone: str = ""


@dataclass
class Level:
    is_postmortem_required: bool = True
    postmortem_days: int = 5
    action_item_days: int = 30


@pytest.mark.parametrize("start", [FRIDAY + timedelta(days=n) for n in range(7)])
@pytest.mark.parametrize("count", range(16))
def test_working_days_are_counted_one_by_one(start: date, count: int) -> None:
    day, rest = start, count
    while rest:
        day += timedelta(days=1)
        rest -= day.isoweekday() < 6
    assert add_working_days(start, count) == day


def test_five_working_days_after_a_friday_are_a_week() -> None:
    assert add_working_days(FRIDAY, 5) == date(2024, 3, 15)
    assert add_working_days(FRIDAY, 1) == date(2024, 3, 11)


def test_the_days_count_where_the_incident_was_handled() -> None:
    late = Over(datetime(2024, 3, 10, 23, 30, tzinfo=UTC))
    assert action_items_due(late, Level()) == date(2024, 4, 9)
    assert action_items_due(Over(late.resolved_at, "Asia/Bangkok"), Level()) == date(2024, 4, 10)
    # A Sunday here, the Monday after there
    assert postmortem_due(late, Level()) == date(2024, 3, 15)
    assert postmortem_due(Over(late.resolved_at, "Asia/Bangkok"), Level()) == date(2024, 3, 18)


def test_while_it_goes_on_nothing_is_due() -> None:
    assert postmortem_due(Over(None), Level()) is None
    assert action_items_due(Over(None), Level()) is None


def test_no_post_mortem_is_due_where_none_is_required() -> None:
    over = Over(datetime(2024, 3, 10, tzinfo=UTC))
    assert postmortem_due(over, Level(is_postmortem_required=False)) is None
    assert action_items_due(over, Level(is_postmortem_required=False)) == date(2024, 4, 9)


@pytest.mark.parametrize(
    ("level", "sentence"),
    [
        (Level(), "Post-mortem due in 5 working days; action items in 30 days."),
        (Level(postmortem_days=1, action_item_days=1), "Post-mortem due in 1 working day; action items in 1 day."),
        (Level(is_postmortem_required=False), "No post-mortem required; action items in 30 days."),
    ],
)
def test_what_follows_from_a_level_is_a_sentence(level: Level, sentence: str) -> None:
    assert describe_promises(level) == sentence
