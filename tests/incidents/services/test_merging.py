"""Duplicates: what moves, what stays, what is refused, and that all of it can be taken back."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from accounts.models import User
from incidents.errors import IncidentError
from incidents.models import Incident, IncidentGrant, TimelineEvent
from incidents.services.merging import merge_incident, unmerge_incident
from incidents.services.status import change_milestones, change_status
from incidents.services.timeline import add_event
from tests.factories import make_event, make_incident, make_team, make_user
from tests.incidents.conftest import THEN

LATER = THEN + timedelta(hours=1)
Stored = Callable[[], dict[str, Any]]


def merge(incident: Incident, target: Incident, actor: User) -> Incident:
    incident = merge_incident(incident, duplicate_of=target, actor=actor, now=LATER)
    target.refresh_from_db()
    return incident


def restrict(incident: Incident, *people: User) -> Incident:
    incident.visibility = "restricted"
    incident.save(update_fields=["visibility"])
    for person in people:
        IncidentGrant.objects.create(incident=incident, person=person)
    return incident


def texts(incident: Incident) -> list[str]:
    return list(incident.events.order_by("occurred_at", "pk").values_list("text", flat=True))


@pytest.fixture
def target(responder: User) -> Incident:
    return make_incident(responder, "The first", now=THEN)


@pytest.fixture
def duplicate(responder: User) -> Incident:
    incident = make_incident(responder, "The second", now=THEN)
    make_event(incident, "It broke", occurred_at=THEN)
    make_event(incident, "It was noticed", occurred_at=THEN, submission_key="k", is_pinned=False, version=3)
    return incident


def test_what_was_written_moves_and_says_where_it_was_written(
    responder: User, target: Incident, duplicate: Incident
) -> None:
    revisions = target.revision, duplicate.revision
    merged = merge(duplicate, target, responder)
    note = "Another incident was merged into this one, with 2 events."
    assert texts(target) == ["Incident declared.", "It broke", "It was noticed", note]
    assert texts(merged) == ["Incident declared.", "Merged into another incident, as its duplicate."]
    moved = target.events.get(text="It was noticed")
    assert (moved.merged_from, moved.submission_key, moved.is_pinned, moved.version) == (duplicate, "k", False, 3)
    assert moved.revision > revisions[0]
    merged.refresh_from_db()
    assert merged.revision > revisions[1]
    assert (merged.duplicate_of, merged.status, merged.resolved_at) == (target, "resolved", LATER)
    assert target.status == "investigating"


def test_taken_out_again_it_is_as_it_was(
    responder: User, target: Incident, duplicate: Incident, stored: Stored
) -> None:
    change_status(duplicate, status="monitoring", actor=responder, now=THEN)
    before = {row["id"]: row for row in stored()["TimelineEvent"]}
    merged = unmerge_incident(merge(duplicate, target, responder), actor=responder, now=LATER)
    assert (merged.status, merged.resolved_at, merged.duplicate_of, merged.status_before_merge) == (
        *("monitoring", None),
        *(None, ""),
    )
    after = {row["id"]: row for row in stored()["TimelineEvent"]}
    changed = {"revision", "updated_at"}
    for pk, row in before.items():
        assert {name: after[pk][name] for name in row if name not in changed} == {
            name: row[name] for name in row if name not in changed
        }
    assert {after[pk]["text"] for pk in set(after) - set(before)} == {
        "Merged into another incident, as its duplicate.",
        "Another incident was merged into this one, with 2 events.",
        "Taken out of the other incident again.",
        "Resolved → Monitoring. Taken back: Resolved 2024-03-10 15:00 UTC.",
        "An incident that was merged into this one was taken out again.",
    }


def test_one_that_was_over_stays_over(responder: User, target: Incident, duplicate: Incident) -> None:
    change_status(duplicate, status="resolved", actor=responder, now=THEN)
    merged = merge(duplicate, target, responder)
    assert (merged.status, merged.resolved_at) == ("resolved", THEN)
    merged = unmerge_incident(merged, actor=responder, now=LATER)
    assert (merged.status, merged.resolved_at) == ("resolved", THEN)


def test_an_end_that_was_stated_since_stays(responder: User, target: Incident, duplicate: Incident) -> None:
    merged = merge(duplicate, target, responder)
    later = LATER + timedelta(hours=1)
    change_status(merged, status="closed", actor=responder, now=later)
    merged = unmerge_incident(merged, actor=responder, now=later)
    merged.refresh_from_db()
    assert (merged.status, merged.resolved_at, merged.closed_at) == ("closed", LATER, later)
    assert (merged.duplicate_of, merged.status_before_merge) == (None, "")


def test_a_corrected_end_stays(responder: User, target: Incident, duplicate: Incident) -> None:
    merged = merge(duplicate, target, responder)
    ended = LATER - timedelta(minutes=10)
    change_milestones(merged, now=LATER, **merged.milestones | {"resolved_at": ended})
    merged = unmerge_incident(merged, actor=responder, now=LATER)
    merged.refresh_from_db()
    assert (merged.status, merged.resolved_at) == ("resolved", ended)


def test_other_milestones_do_not_keep_it_over(responder: User, target: Incident, duplicate: Incident) -> None:
    merged = merge(duplicate, target, responder)
    change_milestones(merged, now=LATER, **merged.milestones | {"detected_at": THEN})
    merged = unmerge_incident(merged, actor=responder, now=LATER)
    merged.refresh_from_db()
    assert (merged.status, merged.resolved_at, merged.detected_at) == ("investigating", None, THEN)


def test_no_note_names_the_other_incident(responder: User, target: Incident, duplicate: Incident) -> None:
    """Somebody may come to see one of them alone, when they stand by themselves again."""
    unmerge_incident(merge(duplicate, target, responder), actor=responder, now=LATER)
    assert not TimelineEvent.objects.filter(incident=target, text__contains=duplicate.reference).exists()
    assert not TimelineEvent.objects.filter(incident=duplicate, text__contains=target.reference).exists()


def test_a_duplicate_of_a_duplicate_goes_to_the_last(responder: User, target: Incident, duplicate: Incident) -> None:
    third = make_incident(responder, "The third", now=THEN)
    make_event(third, "It broke too", occurred_at=THEN)
    merge(duplicate, target, responder)
    duplicate.refresh_from_db()
    assert merge(third, duplicate, responder).duplicate_of == target
    assert target.events.get(text="It broke too").merged_from == third


def test_duplicates_go_along_and_each_can_be_taken_out(responder: User, target: Incident, duplicate: Incident) -> None:
    middle = make_incident(responder, "The middle", now=THEN)
    make_event(middle, "It broke in the middle", occurred_at=THEN)
    merge(duplicate, middle, responder)
    merge(middle, target, responder)
    duplicate.refresh_from_db()
    middle.refresh_from_db()
    assert duplicate.duplicate_of == middle.duplicate_of == target
    assert target.events.filter(merged_from=duplicate).count() == 2
    assert target.events.get(merged_from=middle).text == "It broke in the middle"
    unmerge_incident(middle, actor=responder, now=LATER)
    assert target.events.filter(merged_from=duplicate).count() == 2
    unmerge_incident(duplicate, actor=responder, now=LATER)
    assert {"It broke", "It was noticed"} <= set(texts(duplicate))
    assert not TimelineEvent.objects.exclude(merged_from=None).exists()


def test_a_key_that_both_have_stays_with_the_one_that_was_there(
    responder: User, target: Incident, duplicate: Incident
) -> None:
    facts: dict[str, Any] = {"actor": responder, "now": LATER, "occurred_at": THEN}
    make_event(target, "Theirs", submission_key="k", occurred_at=THEN)
    merge(duplicate, target, responder)
    assert target.events.get(submission_key="k").text == "Theirs"
    assert add_event(target, text="New", **facts).pk


def test_what_is_written_in_a_duplicate_afterwards_stays_there(
    responder: User, target: Incident, duplicate: Incident
) -> None:
    merged = merge(duplicate, target, responder)
    add_event(merged, text="Late", actor=responder, now=LATER)
    assert "Late" in texts(merged)
    unmerge_incident(merged, actor=responder, now=LATER)
    assert {"Late", "It broke"} <= set(texts(merged))


def test_the_same_people_may_see_both_and_merge_them(responder: User, target: Incident, duplicate: Incident) -> None:
    team = make_team("Security")
    team.members.add(responder)
    restrict(duplicate, responder, make_user("ann"))
    restrict(target)
    IncidentGrant.objects.create(incident=target, team=team)
    assert merge(duplicate, target, responder).duplicate_of == target


def with_restricted_target(target: Incident, _duplicate: Incident, actor: User) -> None:
    restrict(target, actor)


def with_restricted_duplicate(_target: Incident, duplicate: Incident, actor: User) -> None:
    restrict(duplicate, actor)


def with_other_people(target: Incident, duplicate: Incident, actor: User) -> None:
    restrict(duplicate, actor)
    restrict(target, actor, make_user("somebody else"))


def with_a_duplicates_duplicate(_target: Incident, duplicate: Incident, actor: User) -> None:
    inner = make_incident(actor, "Inner", now=THEN)
    Incident.objects.filter(pk=inner.pk).update(duplicate_of=duplicate, visibility="restricted")


def with_a_hidden_root(target: Incident, _duplicate: Incident, actor: User) -> None:
    root = restrict(make_incident(actor, "Hidden", now=THEN))
    Incident.objects.filter(pk=target.pk).update(duplicate_of=root)


def with_a_circle(target: Incident, duplicate: Incident, _actor: User) -> None:
    Incident.objects.filter(pk=target.pk).update(duplicate_of=duplicate)


def already_merged(_target: Incident, duplicate: Incident, actor: User) -> None:
    Incident.objects.filter(pk=duplicate.pk).update(duplicate_of=make_incident(actor, "Root", now=THEN))


REFUSALS = {
    with_restricted_target: "most people would lose what is written here",
    with_restricted_duplicate: "can be seen by others",
    with_other_people: "can be seen by others",
    with_a_duplicates_duplicate: "can be seen by others",
    with_a_hidden_root: "is a duplicate itself",
    with_a_circle: "An incident is no duplicate of itself",
    already_merged: "This incident is merged already",
}


@pytest.mark.parametrize("prepare", REFUSALS)
def test_what_would_surprise_is_refused_and_changes_nothing(
    responder: User,
    target: Incident,
    duplicate: Incident,
    stored: Stored,
    prepare: Callable[[Incident, Incident, User], None],
) -> None:
    prepare(target, duplicate, responder)
    target.refresh_from_db()
    known = stored()
    with pytest.raises(IncidentError, match=REFUSALS[prepare]) as refusal:
        merge(duplicate, target, responder)
    assert "Hidden" not in str(refusal.value)
    assert stored() == known


def test_an_incident_is_not_merged_into_itself(responder: User, duplicate: Incident) -> None:
    with pytest.raises(IncidentError, match="no duplicate of itself"):
        merge(duplicate, duplicate, responder)


def test_only_who_sees_both_takes_one_out_again(
    responder: User, target: Incident, duplicate: Incident, stored: Stored
) -> None:
    merged = merge(duplicate, target, responder)
    restrict(target)
    known = stored()
    with pytest.raises(IncidentError, match="who see both"):
        unmerge_incident(merged, actor=responder, now=LATER)
    assert stored() == known


def test_what_is_not_merged_cannot_be_taken_out(responder: User, duplicate: Incident) -> None:
    with pytest.raises(IncidentError, match="not merged"):
        unmerge_incident(duplicate, actor=responder, now=LATER)
