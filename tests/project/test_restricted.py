"""A restricted incident: every address of the project, asked by somebody it does not name, says nothing of it."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Role, User
from incidents.models import Incident
from tests.conftest import signed_in
from tests.project.restricted import (
    ASKED,
    DRILL,
    NOBODYS,
    NUMBER,
    QUESTIONS,
    SECRET,
    VARIABLE,
    insider,
    make_marked,
    outsiders,
    places,
    restrict,
    told,
    world,
)
from tests.project.world import address_of

__all__ = ["insider", "outsiders", "world"]


@pytest.mark.parametrize("question", ["", QUESTIONS])
def test_no_address_says_anything_of_it(world: dict[str, Any], outsiders: dict[str, Client], question: str) -> None:
    found = []
    for who, client in outsiders.items():
        for route in places():
            address = address_of(route, world)
            said = told(client.get(f"{address}?{question}"))
            # A number that stands in the address was known already.
            numbers = [number for number in (NUMBER, DRILL) if str(number) not in address]
            is_number_told = any(str(number).encode() in said for number in numbers)
            if SECRET.encode() in said or is_number_told:
                found.append((who, route.name))
    assert found == []


def test_the_insider_is_told(world: dict[str, Any], insider: User) -> None:
    """Else the walk above would prove nothing."""
    client = signed_in(insider)
    telling = {
        route.name
        for route in places()
        if SECRET.encode() in told(client.get(address_of(route, world) + "?q=" + ASKED))
    }
    wanted = {"incidents:incident", "incidents:incident_list", "incidents:postmortem", "incidents:markdown_file"}
    assert wanted | {"recovery:evidence_list", "recovery:restore_test"} <= telling


@pytest.mark.parametrize("method", ["get", "post", "put", "patch", "delete"])
def test_its_addresses_answer_as_if_it_were_not_there(
    world: dict[str, Any], outsiders: dict[str, Client], method: str
) -> None:
    differing = []
    # Nobody may do more than these two.
    for who, client in ((who, outsiders[who]) for who in (Role.ADMINISTRATOR, "program")):
        for route in places():
            here = address_of(route, world)
            if str(NUMBER) not in here:
                continue
            there = here.replace(str(NUMBER), str(NOBODYS))
            answers = [getattr(client, method)(address) for address in (here, there)]
            codes = [answer.status_code for answer in answers]
            first, second = (VARIABLE.sub(b"", told(answer)) for answer in answers)
            if len(set(codes)) > 1 or first.replace(str(NUMBER).encode(), str(NOBODYS).encode()) != second:
                differing.append((who, route.name, codes))
    assert differing == []


def test_an_incident_that_knows_it_gives_nothing_away(world: dict[str, Any], outsiders: dict[str, Client]) -> None:
    """The open incident it is tied to, and its own records asked for under that one's number."""
    known = world | {"number": Incident.objects.get(title="Known to all").number}
    found = []
    for who, client in outsiders.items():
        for route in places():
            said = told(client.get(address_of(route, known))) if "number" in route.parameters else b""
            if SECRET.encode() in said or str(NUMBER).encode() in said:
                found.append((who, route.name))
    assert found == []


def test_one_more_changes_no_page(
    world: dict[str, Any], outsiders: dict[str, Client], insider: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No count, order, chart or suggestion gives away that another one came."""
    # Charts end now, and ages are counted from it.
    now = timezone.now()
    monkeypatch.setattr(timezone, "now", lambda: now)
    general = [route for route in places() if str(NUMBER) not in address_of(route, world)]

    def walk() -> dict[tuple[str, str], bytes]:
        return {
            (who, route.name): VARIABLE.sub(b"", told(client.get(address_of(route, world))))
            for who, client in outsiders.items()
            for route in general
        }

    walk()
    before = walk()
    incident = make_marked(insider, NUMBER + 7)
    restrict(incident, insider)
    after = walk()
    assert [place for place in before if before[place] != after[place]] == []


def test_the_incident_is_there_for_its_own(world: dict[str, Any], insider: User) -> None:
    assert signed_in(insider).get(reverse("incidents:incident", args=[NUMBER])).status_code == 200
