"""What the history of an incident says of events that stood in it for a while."""

import pytest

from accounts.models import User
from accounts.queries.change_words import RecordedChange
from incidents.models import Incident
from incidents.queries.changes import describe_changes, visible_changes
from incidents.services.merging import merge_incident, unmerge_incident
from incidents.services.timeline import correct_event
from incidents.services.visibility import change_visibility
from recovery.services.event_evidence import link_evidence
from tests.factories import NOW, make_event, make_file_evidence, make_incident

SECRET = "Salaries were public"


@pytest.fixture
def target(responder: User) -> Incident:
    """Open to all, after it was merged with a restricted one, whose event was changed there, and parted from it."""
    source, target = make_incident(responder), make_incident(responder, "The first")
    named = {"people": [responder], "teams": []}
    for incident in (source, target):
        change_visibility(incident, visibility="restricted", actor=responder, now=NOW, **named)
    event = make_event(source, "It was closed")
    merge_incident(source, duplicate_of=target, actor=responder, now=NOW)
    event.refresh_from_db()
    correct_event(event, now=NOW, text=SECRET, occurred_at=NOW)
    link_evidence(event, evidence=[make_file_evidence(target)], actor=responder, now=NOW)
    source.refresh_from_db()
    unmerge_incident(source, actor=responder, now=NOW)
    change_visibility(target, visibility="open", actor=responder, now=NOW, people=[], teams=[])
    return target


def told(reader: User, incident: Incident) -> list[RecordedChange]:
    return describe_changes(reader, visible_changes(reader).filter(incident_number=incident.pk))


def test_whoever_does_not_see_where_it_stands_now_learns_nothing_of_it(
    target: Incident, responder: User, viewer: User, administrator: User
) -> None:
    for outsider in (viewer, administrator):
        words = repr(told(outsider, target))
        assert SECRET not in words
        assert "It was closed" not in words
        assert "something in a restricted incident" in words
    words = repr(told(responder, target))
    assert SECRET in words
    assert "something in a restricted incident" not in words


def test_what_stands_there_is_told(target: Incident, viewer: User) -> None:
    make_event(target, "It was opened")
    assert "It was opened" in repr(told(viewer, target))
