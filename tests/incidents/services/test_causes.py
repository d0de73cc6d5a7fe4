"""Whys, what led to what, and which action items address a cause."""

from typing import Any

import pytest

from incidents.errors import IncidentError
from incidents.models import ActionItem, Incident, RootCause
from incidents.services.causes import add_cause, cause_values, change_cause
from lib.edits import fingerprint
from lib.errors import EditConflict
from tests.factories import make_incident
from tests.incidents.conftest import THEN, Scene

FACTS: dict[str, Any] = {"kind": "root_cause", "category": "change", "statement": "x"}


def add(incident: Incident, statement: str, *leads_to: RootCause) -> RootCause:
    return add_cause(incident, **FACTS | {"statement": statement}, leads_to=leads_to)


def change(cause: RootCause, **facts: Any) -> RootCause:
    return change_cause(cause, kind=cause.kind, category=cause.category, statement=cause.statement, **facts)


def test_a_cause_has_whys_targets_and_items(scene: Scene) -> None:
    whys = ["Nothing removed old files", "Nobody was told that it has to"]
    cause = add_cause(scene.incident, **FACTS, whys=whys, leads_to=[scene.cause], action_items=[scene.item])
    cause.refresh_from_db()
    assert (cause.whys, list(cause.leads_to.all())) == (whys, [scene.cause])
    assert list(cause.action_items.all()) == [scene.item]
    assert not scene.cause.action_items.exists()


def test_what_is_not_given_stays(scene: Scene) -> None:
    other = add(scene.incident, "other")
    change(scene.cause, whys=["a"], leads_to=[other], action_items=[scene.item])
    cause = change(scene.cause)
    assert (cause.whys, list(cause.leads_to.all())) == (["a"], [other])
    assert list(cause.action_items.all()) == [scene.item]
    cause = change(cause, whys=[], leads_to=[], action_items=[])
    assert (cause.whys, cause.leads_to.count(), cause.action_items.count()) == ([], 0, 0)


def test_a_change_of_what_it_led_to_changes_the_cause(scene: Scene) -> None:
    other, before = add(scene.incident, "other"), scene.cause.updated_at
    changed = change(scene.cause, leads_to=[other])
    assert changed.updated_at > before


def test_no_cause_leads_back_to_itself(scene: Scene) -> None:
    last = add(scene.incident, "The last")
    middle = add(scene.incident, "The middle", last)
    first = add(scene.incident, "The first", middle)
    with pytest.raises(IncidentError, match="“The first” already leads to “The last”") as refusal:
        change(last, leads_to=[first])
    assert refusal.value.field == "leads_to"
    assert not last.leads_to.exists()
    # Two ways to the same place are no circle.
    assert change(first, leads_to=[middle, last]).leads_to.count() == 2
    # Neither is turning an arrow round.
    change(first, leads_to=[])
    assert change(middle, leads_to=[first, last]).leads_to.count() == 2


def test_a_cause_does_not_lead_to_itself(scene: Scene) -> None:
    with pytest.raises(IncidentError, match="does not lead to itself"):
        change(scene.cause, leads_to=[scene.cause])


@pytest.mark.parametrize("name", ["leads_to", "action_items"])
def test_what_belongs_to_another_incident_is_refused(scene: Scene, name: str) -> None:
    other = make_incident(title="Another", now=THEN)
    record = add(other, "theirs") if name == "leads_to" else ActionItem.objects.create(incident=other, title="theirs")
    with pytest.raises(IncidentError, match="another incident") as refusal:
        change(scene.cause, **{name: [record]})
    assert refusal.value.field == name
    record.refresh_from_db()
    assert getattr(record, "root_cause", None) is None


def test_ten_whys_are_enough(scene: Scene) -> None:
    assert len(change(scene.cause, whys=["why"] * 10).whys) == 10
    with pytest.raises(IncidentError, match="more than 10 whys"):
        change(scene.cause, whys=["why"] * 11)


@pytest.mark.parametrize("name", ["whys", "leads_to", "action_items"])
def test_somebody_elses_change_of_any_of_it_is_a_conflict(scene: Scene, name: str) -> None:
    seen = fingerprint(cause_values(scene.cause))
    other = add(scene.incident, "other")
    change(
        scene.cause,
        **{"whys": {"whys": ["a"]}, "leads_to": {"leads_to": [other]}, "action_items": {"action_items": []}}[name],
    )
    with pytest.raises(EditConflict):
        change(scene.cause, seen=seen)
