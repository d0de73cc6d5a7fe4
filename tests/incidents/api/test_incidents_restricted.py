"""Declaring a restricted incident by program."""

import json
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from incidents.models import Incident
from tests.factories import make_team, make_token, make_user
from tests.incidents.api.test_incidents import ADDRESS, bearing, post


def test_the_maker_of_the_token_and_the_named_see_it(administrator: User, responder: User) -> None:
    named, team = make_user("named"), make_team()
    sent = {"title": "A leak", "visibility": "restricted", "people": ["named"], "teams": [team.name]}
    answer = post(bearing(administrator), sent)
    incident = Incident.objects.get()
    assert (answer.status_code, answer.json()["visibility"]) == (201, "restricted")
    assert {grant.person or grant.team for grant in incident.grants.all()} == {administrator, named, team}
    assert bearing(administrator).get(f"{ADDRESS}{incident.number}/").status_code == 200
    assert bearing(responder).get(f"{ADDRESS}{incident.number}/").status_code == 404


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"people": ["named"]}, "/people"),
        ({"visibility": "open", "teams": ["SRE Team"]}, "/teams"),
        ({"visibility": "restricted", "people": ["named", "nobody"]}, "/people/1"),
        ({"visibility": "restricted", "people": ["gone"]}, "/people/0"),
        ({"visibility": "restricted", "teams": ["nobody"]}, "/teams/0"),
        ({"visibility": "secret"}, "/visibility"),
    ],
)
def test_what_is_wrong_is_pointed_to_and_nothing_is_declared(administrator: User, body: Any, pointer: str) -> None:
    make_user("named")
    make_user("gone", is_active=False)
    make_team()
    answer = post(bearing(administrator), {"title": "A leak"} | body)
    assert answer.status_code == 422
    assert pointer in json.dumps([error["pointer"] for error in answer.json()["errors"]])
    assert not Incident.objects.exists()


def test_sent_again_it_is_the_same_and_an_open_one_is_not_taken_for_it(administrator: User) -> None:
    client, sent = bearing(administrator), {"title": "A leak", "submission_key": "8d1c-0001"}
    assert post(client, sent).status_code == 201
    assert post(client, sent | {"visibility": "restricted"}).json()["errors"][0]["pointer"] == "/visibility"
    other = {"title": "A leak", "submission_key": "8d1c-0002", "visibility": "restricted"}
    assert [post(client, other).status_code for _ in range(2)] == [201, 200]
    assert Incident.objects.count() == 2


def test_a_token_of_another_sees_nothing_of_it_in_lists(administrator: User, responder: User) -> None:
    post(bearing(administrator), {"title": "A leak", "visibility": "restricted"})
    text = make_token("incidents:read", actor=responder, name="other")[1]
    client = Client(headers={"Authorization": f"Bearer {text}"})
    assert client.get(ADDRESS).json()["count"] == 0
