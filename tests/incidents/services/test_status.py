from collections.abc import Callable
from datetime import timedelta
from itertools import product
from typing import Any

import pytest

from accounts.models import User
from incidents.errors import IncidentError
from incidents.lifecycle import TRANSITIONS, Status
from incidents.models import Incident, TimelineEvent
from incidents.services.status import change_milestones, change_status
from tests.factories import make_incident
from tests.incidents.conftest import THEN

Stored = Callable[[], dict[str, Any]]
LATER, END = THEN + timedelta(minutes=25), THEN + timedelta(hours=1)


def make_in(status: Status, actor: User) -> Incident:
    """An incident that got there on the shortest way."""
    incident = make_incident(actor, now=THEN, impact_started_at=THEN)
    if status in (Status.RESOLVED, Status.CLOSED):
        incident = change_status(incident, status="resolved", actor=actor, now=END, at=LATER)
    if status not in (Status.INVESTIGATING, Status.RESOLVED):
        incident = change_status(incident, status=status, actor=actor, now=END)
    return incident


@pytest.mark.parametrize(("before", "after"), list(product(Status, Status)))
def test_a_status_changes_with_its_milestones_and_one_event_or_not_at_all(
    responder: User, stored: Stored, before: Status, after: Status
) -> None:
    incident = make_in(before, responder)
    known, count = stored(), incident.events.count()
    if after not in TRANSITIONS[before]:
        with pytest.raises(IncidentError):
            change_status(incident, status=after, actor=responder, now=END)
        assert stored() == known
        return
    changed = change_status(incident, status=after, actor=responder, now=END, note="It is so.")
    assert changed.status == after
    assert changed.is_over == (changed.resolved_at is not None)
    assert (changed.closed_at is not None) == (after is Status.CLOSED)
    event = incident.events.order_by("pk").last()
    assert incident.events.count() == count + 1
    assert event
    assert event.text.startswith(f"{before.label} → {after.label}. It is so.")
    assert (event.source, event.is_pinned, event.author) == (TimelineEvent.Source.SYSTEM, True, responder)


@pytest.mark.parametrize("note", ["", "Rolled back."])
def test_a_change_is_in_the_post_mortem_where_somebody_told_of_it(responder: User, note: str) -> None:
    incident = make_incident(responder, now=THEN)
    change_status(incident, status="resolved", actor=responder, now=END, note=note)
    assert incident.events.get(text__startswith="Investigating → Resolved").is_pinned == bool(note)


def test_resolving_says_when_and_keeps_an_earlier_mitigation(responder: User) -> None:
    incident = make_incident(responder, now=THEN)
    change_milestones(incident, now=END, mitigated_at=THEN + timedelta(minutes=15))
    resolved = change_status(incident, status="resolved", actor=responder, now=END, at=LATER)
    assert (resolved.resolved_at, resolved.mitigated_at) == (LATER, THEN + timedelta(minutes=15))


def test_resolving_without_mitigation_mitigates_too(responder: User) -> None:
    resolved = change_status(make_incident(responder, now=THEN), status="resolved", actor=responder, now=END)
    assert resolved.mitigated_at == resolved.resolved_at == END


def test_reopening_takes_back_what_says_that_it_is_over(responder: User) -> None:
    reopened = change_status(make_in(Status.CLOSED, responder), status="investigating", actor=responder, now=END)
    assert (reopened.mitigated_at, reopened.resolved_at, reopened.closed_at) == (None, None, None)
    event = reopened.events.order_by("pk").last()
    assert event
    assert event.text == (
        "Closed → Investigating. Taken back: Mitigated 2024-03-10 14:25 UTC, Resolved 2024-03-10 14:25 UTC, "
        "Closed 2024-03-10 15:00 UTC."
    )


def test_reopening_keeps_a_mitigation_that_somebody_recorded(responder: User) -> None:
    incident = make_in(Status.RESOLVED, responder)
    mitigated = THEN + timedelta(minutes=15, seconds=30)
    change_milestones(incident, now=END, mitigated_at=mitigated, acknowledged_at=None)
    reopened = change_status(incident, status="investigating", actor=responder, now=END, note="Again.")
    assert (reopened.mitigated_at, reopened.resolved_at) == (mitigated, None)
    event = reopened.events.order_by("pk").last()
    assert event
    assert event.text == "Resolved → Investigating. Again. Taken back: Resolved 2024-03-10 14:25 UTC."


@pytest.mark.parametrize(
    ("at", "sentence"),
    [
        (THEN - timedelta(minutes=1), "“Resolved” is before “Impact started”."),
        (END + timedelta(minutes=6), "“Since” lies in the future."),
    ],
)
def test_an_impossible_resolution_leaves_everything_as_it_was(
    responder: User, stored: Stored, at: Any, sentence: str
) -> None:
    incident = make_in(Status.INVESTIGATING, responder)
    known = stored()
    with pytest.raises(IncidentError, match=sentence):
        change_status(incident, status="resolved", actor=responder, now=END, at=at)
    assert stored() == known


def test_milestones_are_corrected_and_forgotten(responder: User) -> None:
    incident = make_in(Status.INVESTIGATING, responder)
    changed = change_milestones(incident, now=END, impact_started_at=None, detected_at=LATER)
    assert (changed.impact_started_at, changed.detected_at) == (None, LATER)


@pytest.mark.parametrize(
    ("status", "milestones", "field"),
    [
        (Status.INVESTIGATING, {"declared_at": None}, "declared_at"),
        (Status.INVESTIGATING, {"resolved_at": LATER}, "resolved_at"),
        (Status.INVESTIGATING, {"closed_at": LATER}, "closed_at"),
        (Status.RESOLVED, {"resolved_at": None}, "resolved_at"),
        (Status.RESOLVED, {"closed_at": LATER}, "closed_at"),
        (Status.RESOLVED, {"resolved_at": THEN - timedelta(seconds=1), "mitigated_at": None}, "resolved_at"),
        (Status.CLOSED, {"closed_at": THEN}, "closed_at"),
        (Status.INVESTIGATING, {"detected_at": THEN - timedelta(seconds=1)}, "detected_at"),
        (Status.INVESTIGATING, {"detected_at": END + timedelta(hours=1)}, "detected_at"),
    ],
)
def test_milestones_that_contradict_the_record_are_refused(
    responder: User, stored: Stored, status: Status, milestones: dict[str, Any], field: str
) -> None:
    incident = make_in(status, responder)
    known = stored()
    with pytest.raises(IncidentError) as refusal:
        change_milestones(incident, now=END, **milestones)
    assert refusal.value.field == field
    assert stored() == known


@pytest.mark.parametrize("status", ["identified", "monitoring", "resolved"])
def test_leaving_investigating_acknowledges_once(responder: User, status: str) -> None:
    changed = change_status(make_incident(responder, now=THEN), status=status, actor=responder, now=END, at=LATER)
    assert changed.acknowledged_at == LATER
    again = change_status(changed, status="investigating", actor=responder, now=END)
    assert change_status(again, status="identified", actor=responder, now=END).acknowledged_at == LATER


def test_monitoring_says_since_when_it_is_mitigated_and_resolving_keeps_that(responder: User) -> None:
    changed = change_status(make_incident(responder, now=THEN), status="monitoring", actor=responder, now=END, at=LATER)
    assert changed.mitigated_at == LATER
    resolved = change_status(changed, status="resolved", actor=responder, now=END)
    assert (resolved.mitigated_at, resolved.resolved_at) == (LATER, END)


def test_what_is_written_down_afterwards_acknowledges_nothing(responder: User) -> None:
    incident = make_incident(responder, now=THEN)
    Incident.objects.filter(pk=incident.pk).update(mode="retrospective")
    assert change_status(incident, status="identified", actor=responder, now=END).acknowledged_at is None


def test_a_milestone_that_nobody_spoke_of_is_left_unknown_where_it_would_be_out_of_order(responder: User) -> None:
    incident = make_incident(responder, now=THEN)
    change_milestones(incident, now=END, mitigated_at=THEN + timedelta(minutes=5))
    changed = change_status(incident, status="identified", actor=responder, now=END, at=LATER)
    assert (changed.acknowledged_at, changed.mitigated_at) == (None, THEN + timedelta(minutes=5))


def test_those_who_watch_hear_of_corrected_milestones(responder: User) -> None:
    incident = make_incident(responder, now=THEN)
    before = Incident.objects.get(pk=incident.pk).revision
    change_milestones(incident, now=END, detected_at=LATER)
    assert Incident.objects.get(pk=incident.pk).revision == before + 1
