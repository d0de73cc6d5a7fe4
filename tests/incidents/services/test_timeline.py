"""Marks of events, times that fit together, and what those who watch are told."""

from datetime import timedelta
from typing import Any

import pytest

from accounts.models import User
from incidents.errors import IncidentError
from incidents.models import TimelineEvent
from incidents.services.timeline import add_event, correct_event, event_values, mark_event, mark_system_events
from lib.errors import EditConflict
from tests.factories import make_event
from tests.incidents.conftest import THEN, Scene

LATER = THEN + timedelta(hours=1)


def facts_of(event: TimelineEvent, **facts: Any) -> dict[str, Any]:
    return event_values(event) | facts


def test_a_new_event_takes_everything_that_is_said_of_it(scene: Scene, responder: User) -> None:
    said = {"kind": "action", "grading": "measured", "ended_at": LATER, "is_pinned": False, "time_zone": "Asia/Bangkok"}
    event = add_event(scene.incident, text="x", actor=responder, now=LATER, occurred_at=THEN, **said)
    event.refresh_from_db()
    assert {name: getattr(event, name) for name in said} == said


@pytest.mark.parametrize(
    ("ended_at", "sentence"), [(THEN - timedelta(seconds=1), "before “When”"), (LATER, "lies in the future")]
)
def test_an_event_ends_after_it_begins_and_not_in_the_future(
    scene: Scene, responder: User, ended_at: Any, sentence: str
) -> None:
    with pytest.raises(IncidentError, match=sentence) as refusal:
        add_event(scene.incident, text="x", actor=responder, now=THEN, occurred_at=THEN, ended_at=ended_at)
    assert refusal.value.field == "ended_at"
    with pytest.raises(IncidentError, match=sentence):
        correct_event(scene.event, now=THEN, **facts_of(scene.event, ended_at=ended_at))


def test_a_correction_that_changes_nothing_is_none(scene: Scene) -> None:
    facts = facts_of(scene.event, time_zone="Asia/Bangkok")
    event = correct_event(scene.event, now=LATER, **facts)
    assert (event.version, event.revision) == (scene.event.version, scene.event.revision)


def test_marks_are_no_corrections_and_are_shown_to_who_watches(scene: Scene) -> None:
    hidden = mark_event(scene.event, is_hidden=True)
    assert (hidden.is_hidden, hidden.is_pinned, hidden.version) == (True, True, 1)
    pinned = mark_event(hidden, is_pinned=False)
    assert (pinned.is_hidden, pinned.is_pinned, pinned.version) == (True, False, 1)
    scene.incident.refresh_from_db()
    assert hidden.revision < pinned.revision == scene.incident.revision
    assert not mark_event(pinned, is_hidden=False).is_hidden


def test_all_that_the_system_wrote_is_hidden_at_once_and_shown_again(scene: Scene) -> None:
    make_event(scene.incident, "By the system", source="system")
    of_system = scene.incident.events.filter(source="system")
    count = of_system.count()
    assert count > 1
    assert mark_system_events(scene.incident, is_hidden=True) == count
    assert mark_system_events(scene.incident, is_hidden=True) == 0
    assert {*scene.incident.events.filter(is_hidden=True)} == {*of_system}
    assert len({event.revision for event in of_system}) == count
    assert mark_system_events(scene.incident, is_hidden=False) == count
    assert not scene.incident.events.filter(is_hidden=True).exists()


def test_what_was_marked_meanwhile_is_noticed_by_who_corrects(scene: Scene) -> None:
    mark_event(scene.event, is_pinned=False)
    with pytest.raises(EditConflict):
        correct_event(scene.event, now=LATER, seen="x", **facts_of(scene.event))
