"""Nobody reads, by joining a team, what was merged from an incident that they may not see."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.errors import AccountError
from accounts.models import Team, User
from accounts.services.people import add_person, change_person
from accounts.services.teams import add_team, change_team
from incidents.models import Incident
from incidents.services.merging import merge_incident
from incidents.services.visibility import change_visibility, grant_access
from tests.conftest import signed_in
from tests.factories import NOW, make_incident, make_team, make_user
from tests.incidents.entries import seen

PERSON: dict[str, Any] = {"name": "", "email": "", "role": "responder"}


@pytest.fixture
def team(responder: User) -> Team:
    team = make_team("Blue")
    team.members.add(responder)
    return team


@pytest.fixture
def source(responder: User) -> Incident:
    """Restricted to one person; to be merged into what their team sees."""
    return make_incident(responder, "A leak", visibility="restricted")


@pytest.fixture
def target(responder: User, team: Team, source: Incident) -> Incident:
    target = make_incident(responder, "Slow", visibility="restricted", teams=[team])
    merge_incident(source, duplicate_of=target, actor=responder, now=NOW)
    return target


def sees(person: User, incident: Incident) -> bool:
    return Incident.objects.visible_to(person).filter(pk=incident.pk).exists()


def test_nobody_joins_a_team_that_sees_what_was_merged_from_what_they_may_not_see(
    team: Team, source: Incident, target: Incident, responder: User, viewer: User
) -> None:
    source_grant = make_user("named")
    grant_access(source, person=source_grant, actor=responder)
    with pytest.raises(AccountError, match="In “Blue”, viewer would see what is kept from them") as refusal:
        change_team(team, name="Blue", members=[responder, source_grant, viewer])
    assert refusal.value.field == "members"
    assert not sees(viewer, target)
    for hidden in (source.reference, target.reference, "A leak", "Slow", "named"):
        assert hidden not in str(refusal.value)
    change_team(team, name="Blue", members=[responder, source_grant])
    assert sees(source_grant, target)


def test_the_teams_of_a_person_are_no_way_around(team: Team, target: Incident, viewer: User) -> None:
    with pytest.raises(AccountError, match="viewer would see what is kept") as refusal:
        change_person(viewer, is_active=True, teams=[team], **PERSON)
    assert refusal.value.field == "teams"
    with pytest.raises(AccountError, match="new would see what is kept"):
        add_person(username="new", teams=[team], **PERSON)
    assert not sees(viewer, target)
    assert not User.objects.filter(username="new").exists()


def test_the_page_says_it_beside_what_was_ticked(
    team: Team, target: Incident, responder: User, viewer: User, administrator: User
) -> None:
    client: Client = signed_in(administrator)
    edit = reverse("accounts:team_edit", args=[team.pk])
    answer = client.post(edit, {"name": "Blue", "members": [responder.pk, viewer.pk]} | seen(client, edit))
    assert answer.status_code == 422
    assert "viewer would see what is kept from them" in answer.content.decode()
    assert list(team.members.all()) == [responder]


def test_whoever_is_in_it_stays_and_may_leave(
    team: Team, source: Incident, target: Incident, responder: User, viewer: User
) -> None:
    other = make_team("Green")
    other.members.add(viewer)
    named = {"people": [responder], "actor": responder, "now": NOW}
    change_visibility(source, visibility="restricted", teams=[other], **named)
    change_visibility(target, visibility="restricted", teams=[team, other], **named)
    change_team(team, name="Blue", members=[responder, viewer])
    change_team(other, name="Green", members=[])
    assert change_team(team, name="Azure", members=[responder, viewer]).name == "Azure"
    change_team(team, name="Azure", members=[responder])
    assert not sees(viewer, target)


def test_a_team_that_both_name_takes_anybody(
    team: Team, source: Incident, target: Incident, responder: User, viewer: User
) -> None:
    change_visibility(source, visibility="restricted", people=[], teams=[team], actor=responder, now=NOW)
    change_team(team, name="Blue", members=[responder, viewer])
    assert sees(viewer, source)
    assert sees(viewer, target)


def test_other_teams_and_open_incidents_stand_in_nobodys_way(responder: User, viewer: User, team: Team) -> None:
    duplicate, target = make_incident(responder), make_incident(responder)
    merge_incident(duplicate, duplicate_of=target, actor=responder, now=NOW)
    change_visibility(target, visibility="restricted", people=[responder], teams=[team], actor=responder, now=NOW)
    change_team(team, name="Blue", members=[responder, viewer])
    assert sees(viewer, target)
    assert list(add_team(name="Green", members=[viewer]).members.all()) == [viewer]
