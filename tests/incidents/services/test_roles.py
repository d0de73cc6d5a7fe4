from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from accounts.models import Role, User
from incidents.errors import IncidentError
from incidents.models import Incident, IncidentGrant, RoleAssignment
from incidents.queries.roles import held_roles, list_assignable_people, list_assignments
from incidents.services.roles import assign_role, release_role
from tests.factories import NOW, make_incident, make_team, make_user

LATER = NOW + timedelta(hours=1)


@pytest.fixture
def incident(responder: User) -> Incident:
    return make_incident(responder)


@pytest.fixture
def other(db: None) -> User:
    return make_user("other", name="Somchai *J*")


def last_text(incident: Incident) -> str:
    event = incident.events.order_by("pk").last()
    assert event
    assert event.source == "system"
    return event.text


def test_the_first_to_take_command_acknowledges(incident: Incident, responder: User) -> None:
    taken = assign_role(incident, role="commander", person=responder, actor=responder, now=NOW)
    incident.refresh_from_db()
    assert (taken.person, taken.taken_at, taken.released_at, incident.acknowledged_at) == (responder, NOW, None, NOW)
    assert last_text(incident) == "Incident commander: taken by responder. Acknowledged."


def test_handing_over_ends_one_and_begins_another_with_one_event(
    incident: Incident, responder: User, other: User
) -> None:
    first = assign_role(incident, role="commander", person=responder, actor=responder, now=NOW)
    before = incident.events.count()
    second = assign_role(incident, role="commander", person=other, actor=responder, now=LATER, seen=[first.pk])
    first.refresh_from_db()
    incident.refresh_from_db()
    assert (first.released_at, second.taken_at, incident.acknowledged_at) == (LATER, LATER, NOW)
    assert incident.events.count() == before + 1
    assert last_text(incident) == r"Incident commander: handed over from responder to Somchai \*J\*."


def test_a_role_is_released_and_free_again(incident: Incident, responder: User, other: User) -> None:
    taken = assign_role(incident, role="scribe", person=other, actor=responder, now=NOW)
    assert last_text(incident) == r"Scribe: given to Somchai \*J\*."
    # A clock that is behind does not make a role end before it began.
    released = release_role(taken, actor=responder, now=NOW - timedelta(seconds=1))
    assert released.released_at == NOW
    assert last_text(incident) == r"Scribe: released by Somchai \*J\*."
    assign_role(incident, role="scribe", person=responder, actor=responder, now=LATER, seen=[taken.pk])
    roles = held_roles(list_assignments(incident))
    assert [[one.person for one in role.held] for role in roles] == [[], [], [responder], [], []]


def test_experts_are_many_and_each_once(incident: Incident, responder: User, other: User) -> None:
    for person in (responder, other):
        assign_role(incident, role="expert", person=person, actor=responder, now=NOW)
    assert [len(role.held) for role in held_roles(list_assignments(incident))] == [0, 0, 0, 0, 2]
    with pytest.raises(IncidentError, match="responder holds this role already: Subject-matter expert"):
        assign_role(incident, role="expert", person=responder, actor=responder, now=NOW)


def test_who_comes_second_hears_who_was_quicker(
    incident: Incident, responder: User, other: User, stored: Callable[[], Any]
) -> None:
    first = assign_role(incident, role="commander", person=other, actor=other, now=NOW)
    known = stored()
    with pytest.raises(IncidentError, match=r"^Somebody else was quicker: Somchai \*J\* holds this role now"):
        assign_role(incident, role="commander", person=responder, actor=responder, now=NOW)
    with pytest.raises(IncidentError, match="Somebody else was quicker"):
        assign_role(incident, role="commander", person=responder, actor=responder, now=NOW, seen=[first.pk + 1])
    with pytest.raises(IncidentError, match="holds this role already"):
        assign_role(incident, role="commander", person=other, actor=other, now=NOW, seen=[first.pk])
    assert stored() == known


def test_what_was_released_is_not_released_again(incident: Incident, responder: User) -> None:
    taken = assign_role(incident, role="deputy", person=responder, actor=responder, now=NOW)
    release_role(taken, actor=responder, now=LATER)
    with pytest.raises(IncidentError, match="released or handed over already"):
        release_role(taken, actor=responder, now=LATER)


def test_the_database_itself_knows_one_commander_at_a_time(incident: Incident, responder: User, other: User) -> None:
    assign_role(incident, role="commander", person=responder, actor=responder, now=NOW)
    with pytest.raises(IntegrityError), transaction.atomic():
        RoleAssignment.objects.create(incident=incident, role="commander", person=other, taken_at=NOW)


def test_only_those_who_may_write_and_see_the_incident_are_given_a_role(
    incident: Incident, responder: User, other: User, viewer: User, administrator: User
) -> None:
    make_user("gone", is_active=False)
    assert set(list_assignable_people(incident)) == {responder, other, administrator}
    Incident.objects.filter(pk=incident.pk).update(visibility="restricted")
    incident.refresh_from_db()
    team = make_team()
    team.members.add(other, viewer)
    IncidentGrant.objects.create(incident=incident, person=responder)
    IncidentGrant.objects.create(incident=incident, team=team)
    assert set(list_assignable_people(incident)) == {responder, other}
    assert all(Incident.objects.visible_to(person).exists() for person in list_assignable_people(incident))
    for person in (viewer, administrator):
        with pytest.raises(IncidentError, match="cannot be given a role here") as refusal:
            assign_role(incident, role="expert", person=person, actor=responder, now=NOW)
        assert refusal.value.field == "person"
    assert viewer.role == Role.VIEWER


@pytest.mark.parametrize("mode", ["live", "drill", "retrospective"])
def test_a_known_acknowledgement_stays_and_none_is_made_up_afterwards(responder: User, mode: str) -> None:
    incident = make_incident(responder)
    Incident.objects.filter(pk=incident.pk).update(mode=mode)
    assign_role(incident, role="deputy", person=responder, actor=responder, now=NOW)
    incident.refresh_from_db()
    assert incident.acknowledged_at is None
    assign_role(incident, role="commander", person=responder, actor=responder, now=LATER)
    incident.refresh_from_db()
    assert incident.acknowledged_at == (None if mode == "retrospective" else LATER)


def test_taking_command_is_never_refused_for_a_milestone_out_of_order(incident: Incident, responder: User) -> None:
    Incident.objects.filter(pk=incident.pk).update(detected_at=LATER)
    assign_role(incident, role="commander", person=responder, actor=responder, now=NOW)
    incident.refresh_from_db()
    assert incident.acknowledged_at is None
