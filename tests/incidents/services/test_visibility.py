from typing import Any

import pytest

from accounts.models import User
from incidents.errors import IncidentError
from incidents.models import Incident, IncidentGrant, RoleAssignment
from incidents.services.merging import merge_incident
from incidents.services.visibility import change_visibility, grant_access, visibility_values
from lib.edits import fingerprint
from lib.errors import EditConflict
from lib.markdown import render_markdown
from tests.factories import NOW, make_incident, make_team, make_user


def restrict(incident: Incident, actor: User, *, people: Any = (), teams: Any = (), **more: Any) -> Incident:
    return change_visibility(
        incident, visibility="restricted", people=people, teams=teams, actor=actor, now=NOW, **more
    )


def sees(user: User, incident: Incident) -> bool:
    return Incident.objects.visible_to(user).filter(pk=incident.pk).exists()


def test_only_the_named_see_a_restricted_incident(responder: User, administrator: User, viewer: User) -> None:
    incident = make_incident(responder)
    member = make_user("member")
    team = make_team()
    team.members.add(member)
    assert all(sees(user, incident) for user in (responder, administrator, viewer, member))
    restrict(incident, responder, people=[responder], teams=[team])
    assert [sees(user, incident) for user in (responder, member)] == [True, True]
    assert [sees(user, incident) for user in (administrator, viewer)] == [False, False]
    team.members.remove(member)
    assert not sees(member, incident)


def test_opening_it_again_shows_it_to_everyone(responder: User, viewer: User) -> None:
    incident = restrict(make_incident(responder), responder, people=[responder])
    assert not sees(viewer, incident)
    change_visibility(incident, visibility="open", people=[], teams=[], actor=responder, now=NOW)
    assert sees(viewer, incident)
    assert [event.text for event in incident.events.order_by("pk")][1:] == [
        "Restricted: seen by responder alone.",
        "Open to everyone with an account.",
    ]


def test_nobody_shuts_themselves_out(responder: User, viewer: User) -> None:
    incident = make_incident(responder)
    with pytest.raises(IncidentError, match="You would not see"):
        restrict(incident, responder, people=[viewer])
    assert not Incident.objects.get(pk=incident.pk).is_restricted


def test_whoever_holds_a_role_is_not_shut_out(responder: User, viewer: User) -> None:
    incident = make_incident(responder)
    held = RoleAssignment.objects.create(incident=incident, role="scribe", person=viewer, taken_at=NOW)
    with pytest.raises(IncidentError, match="viewer would not see"):
        restrict(incident, responder, people=[responder])
    held.released_at = NOW
    held.save()
    restrict(incident, responder, people=[responder])
    assert not sees(viewer, incident)


def test_a_team_is_enough(responder: User) -> None:
    team = make_team()
    team.members.add(responder)
    incident = restrict(make_incident(responder), responder, teams=[team])
    assert sees(responder, incident)
    assert list(incident.grants.values_list("person", "team")) == [(None, team.pk)]


def test_naming_the_same_again_changes_nothing(responder: User, viewer: User) -> None:
    incident = restrict(make_incident(responder), responder, people=[responder, viewer])
    grants = list(IncidentGrant.objects.values("pk"))
    restrict(incident, responder, people=[responder, viewer])
    assert list(IncidentGrant.objects.values("pk")) == grants
    assert incident.events.count() == 2


def test_two_who_change_it_at_once_are_told(responder: User, viewer: User) -> None:
    incident = Incident.objects.get(pk=make_incident(responder).pk)
    seen = fingerprint(visibility_values(incident))
    restrict(incident, responder, people=[responder], seen=seen)
    with pytest.raises(EditConflict):
        restrict(incident, responder, people=[responder, viewer], seen=seen)
    assert not sees(viewer, incident)


def test_access_is_granted_once(responder: User, viewer: User, administrator: User) -> None:
    incident = restrict(make_incident(responder), responder, people=[responder])
    grant_access(incident, person=viewer, actor=responder)
    grant_access(incident, person=viewer, actor=administrator)
    assert sees(viewer, incident)
    assert IncidentGrant.objects.get(person=viewer).granted_by == responder


def test_what_was_merged_from_a_restricted_incident_is_not_opened(responder: User, viewer: User) -> None:
    incident = restrict(make_incident(responder), responder, people=[responder])
    duplicate = restrict(make_incident(responder), responder, people=[responder])
    Incident.objects.filter(pk=duplicate.pk).update(duplicate_of=incident)
    with pytest.raises(IncidentError, match="can be seen by others"):
        change_visibility(incident, visibility="open", people=[], teams=[], actor=responder, now=NOW)
    with pytest.raises(IncidentError, match="can be seen by others"):
        restrict(incident, responder, people=[responder, viewer])
    assert not sees(viewer, incident)


def merged(actor: User) -> tuple[Incident, Incident]:
    """One that was merged into another, both open."""
    duplicate, target = make_incident(actor), make_incident(actor)
    return merge_incident(duplicate, duplicate_of=target, actor=actor, now=NOW), target


def test_a_duplicate_is_not_restricted_while_others_read_it_elsewhere(responder: User, viewer: User) -> None:
    duplicate, target = merged(responder)
    with pytest.raises(IncidentError, match="can be seen by others") as refusal:
        restrict(duplicate, responder, people=[responder])
    # Who may change the one may not know of the other.
    assert target.reference not in str(refusal.value)
    assert sees(viewer, duplicate)
    restrict(target, responder, people=[responder, viewer])
    with pytest.raises(IncidentError, match="can be seen by others"):
        restrict(duplicate, responder, people=[responder])
    restrict(target, responder, people=[responder])
    assert restrict(duplicate, responder, people=[responder]).is_restricted


def test_access_to_the_one_that_others_were_merged_into_is_granted_last(responder: User, viewer: User) -> None:
    duplicate, target = merged(responder)
    restrict(target, responder, people=[responder])
    restrict(duplicate, responder, people=[responder])
    with pytest.raises(IncidentError, match="can be seen by others"):
        grant_access(target, person=viewer, actor=responder)
    assert not sees(viewer, target)
    grant_access(duplicate, person=viewer, actor=responder)
    grant_access(target, person=viewer, actor=responder)
    assert sees(viewer, target)


def test_a_name_is_no_markdown(responder: User) -> None:
    named = make_user("named", name="[free](https://example.org/)")
    incident = restrict(make_incident(responder), responder, people=[responder, named])
    shown = render_markdown(incident.events.latest("pk").text)
    assert "[free](https://example.org/)" in shown
    assert "<a" not in shown
