"""Declaring an incident that only the named may ever see."""

import re

import pytest
from django.test import Client

from accounts.models import User
from incidents.models import Incident
from tests.conftest import signed_in
from tests.factories import make_team, make_user

NEW = "/incidents/new/"
RESTRICTED = {"title": "A leak", "is_restricted": "on"}


def test_only_the_named_and_the_declarer_see_it(as_responder: Client, responder: User, administrator: User) -> None:
    named, team = make_user("named"), make_team()
    team.members.add(member := make_user("member"))
    answer = as_responder.post(NEW, RESTRICTED | {"people": [named.pk], "teams": [team.pk]})
    incident = Incident.objects.get()
    assert (answer.status_code, incident.is_restricted) == (302, True)
    codes = {person: signed_in(person).get(answer["Location"]).status_code for person in User.objects.all()}
    assert {str(person) for person, code in codes.items() if code == 200} == {"responder", "named", "member"}
    assert codes[administrator] == 404
    assert {grant.person or grant.team for grant in incident.grants.all()} == {responder, named, team}
    assert member in team.members.all()


def test_without_a_name_it_is_the_declarers_own(as_responder: Client, responder: User) -> None:
    as_responder.post(NEW, RESTRICTED)
    assert [grant.person for grant in Incident.objects.get().grants.all()] == [responder]


def test_without_the_tick_everybody_sees_it(as_responder: Client, as_viewer: Client) -> None:
    answer = as_responder.post(NEW, {"title": "It is down"})
    assert as_viewer.get(answer["Location"]).status_code == 200


@pytest.mark.parametrize("named", ["people", "teams"])
def test_names_without_the_tick_are_asked_about(as_responder: Client, viewer: User, named: str) -> None:
    pk = {"people": viewer.pk, "teams": make_team().pk}[named]
    answer = as_responder.post(NEW, {"title": "A leak", named: [pk]})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "People or teams are named, but everyone would see it." in page
    assert re.search(rf'name="{named}" value="{pk}"[^>]*checked', page)
    assert not Incident.objects.exists()


def test_what_was_chosen_stays_when_the_form_is_refused(as_responder: Client, viewer: User) -> None:
    team = make_team()
    sent = RESTRICTED | {"people": [viewer.pk], "teams": [team.pk], "impact_started_at": "half past"}
    answer = as_responder.post(NEW, sent)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert re.search(r'name="is_restricted"[^>]*checked', page)
    assert re.search(rf'name="people" value="{viewer.pk}"[^>]*checked', page)
    assert re.search(rf'name="teams" value="{team.pk}"[^>]*checked', page)
    assert 'value="half past"' in page


@pytest.mark.parametrize("field", ["people", "teams"])
@pytest.mark.parametrize("key", ["4711", "99999999999999999999", "x"])
def test_somebody_who_is_not_there_is_refused(as_responder: Client, field: str, key: str) -> None:
    assert as_responder.post(NEW, RESTRICTED | {field: [key]}).status_code == 422
    assert not Incident.objects.exists()


def test_the_choice_is_quiet_and_below_the_title(as_responder: Client) -> None:
    page = as_responder.get(NEW).content.decode()
    assert page.index('name="title"') < page.index('name="is_restricted"') < page.index('class="more"')
    assert re.search(r'<details class="more"\s*>', page)


def test_going_back_and_restricting_what_was_sent_is_refused(as_responder: Client) -> None:
    sent = {"title": "A leak", "submission_key": "the same"}
    as_responder.post(NEW, sent)
    answer = as_responder.post(NEW, sent | RESTRICTED)
    assert answer.status_code == 422
    assert "which is open to everyone. Restrict it on its page." in answer.content.decode()
    assert Incident.objects.count() == 1


@pytest.mark.parametrize(("first", "again"), [(["named"], ["named", "other"]), (["named", "other"], ["named"])])
def test_going_back_and_naming_others_is_refused(
    as_responder: Client, responder: User, first: list[str], again: list[str]
) -> None:
    keys = {name: make_user(name).pk for name in ("named", "other")}
    sent = RESTRICTED | {"submission_key": "the same"}
    as_responder.post(NEW, sent | {"people": [keys[name] for name in first]})
    answer = as_responder.post(NEW, sent | {"people": [keys[name] for name in again]})
    incident = Incident.objects.get()
    assert answer.status_code == 422
    assert f"This was declared before, as {incident.reference}, and others see it" in answer.content.decode()
    assert {str(grant.person) for grant in incident.grants.all()} == {"responder", *first}


def test_going_back_and_naming_a_team_is_refused(as_responder: Client) -> None:
    sent = RESTRICTED | {"submission_key": "the same"}
    as_responder.post(NEW, sent)
    assert as_responder.post(NEW, sent | {"teams": [make_team().pk]}).status_code == 422
    assert Incident.objects.get().grants.count() == 1


def test_sending_it_twice_to_the_same_makes_one(as_responder: Client, responder: User) -> None:
    sent = RESTRICTED | {"submission_key": "the same", "people": [make_user("named").pk], "teams": [make_team().pk]}
    answers = [as_responder.post(NEW, sent) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [302, 302]
    # Whoever is not let see it any more is not told its number.
    incident = Incident.objects.get()
    incident.grants.filter(person=responder).delete()
    assert as_responder.post(NEW, sent)["Location"] == incident.get_absolute_url()
