"""A restricted incident: every address of the project, asked by somebody it does not name, says nothing of it."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.apps import apps
from django.db import models, transaction
from django.db.utils import DatabaseError
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Role, Scope, User
from incidents.models import Incident, RoleAssignment, Tag
from incidents.services.visibility import change_visibility
from tests.conftest import signed_in
from tests.factories import NOW, make_incident, make_token, make_user
from tests.project.world import Route, address_of, make_world, routes

# Chosen so that it is nothing else on a page.
NUMBER, NOBODYS = 987_654, 123_456
# Looked for with the first, found by the second: a page may repeat what it was asked for.
ASKED, SECRET = "zanzibar", "quagga"
MARK = f"{ASKED} {SECRET}"
# What pages ask for in their addresses; a page that knows a name leaves out nothing of it.
QUESTIONS = "&".join(f"{name}={ASKED}" for name in ("q", "text", "tag", "title", "term", "incident"))
# Texts that other columns are held to.
KEPT = {"digest", "sha256", "file_sha256", "key", "submission_key", "url", "media_type", "file_type", "time_zone"}
VARIABLE = re.compile(rb'name="csrfmiddlewaretoken" value="[^"]+"|"X-CSRFToken": "[^"]+"|value="[0-9a-f-]{32,36}"')


@pytest.fixture
def insider(db: None) -> User:
    return make_user("insider", Role.ADMINISTRATOR)


@pytest.fixture
def world(insider: User) -> dict[str, Any]:
    """The world of one incident, which only the insider sees, with a mark in all of its texts."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("tests.project.world.make_incident", make_first_marked)
        known = make_world(insider)
    incident = Incident.objects.get(pk=NUMBER)
    mark_texts(incident)
    tie_to_an_open_one(incident)
    restrict(incident, insider)
    return known


def tie_to_an_open_one(incident: Incident) -> None:
    """What everyone sees knows of it: an incident related to it, and one that it is a duplicate of."""
    known = make_incident(title="Known to all", now=NOW)
    known.related.add(incident)
    incident.duplicate_of = known
    incident.save()


def make_first_marked(actor: User, *arguments: Any, **facts: Any) -> Incident:
    """The world's own incident is the marked one; others that it makes are open to all."""
    is_first = not Incident.objects.filter(pk=NUMBER).exists()
    return make_marked(actor, NUMBER) if is_first else make_incident(actor, *arguments, **facts)


def make_marked(actor: User, number: int) -> Incident:
    incident = Incident.objects.create(
        number=number, title=MARK, summary=MARK, severity_id=3, declared_by=actor, declared_at=NOW
    )
    incident.tags.add(Tag.objects.get_or_create(name=SECRET)[0])
    RoleAssignment.objects.create(incident=incident, role="commander", person=actor, taken_at=NOW)
    return incident


def mark_texts(incident: Incident) -> None:
    """Puts the mark into every text of every record of the incident that its constraints let through."""
    marked = 0
    for model in [*apps.get_app_config("incidents").get_models(), *apps.get_app_config("recovery").get_models()]:
        path = path_to_incident(model)
        for field in text_fields(model) if path else ():
            try:
                with transaction.atomic():
                    marked += model._default_manager.filter(**{path: incident}).update(**{field.name: MARK})
            except DatabaseError:
                continue
    assert marked > 20


def path_to_incident(model: type[models.Model]) -> str:
    names = {field.name for field in model._meta.fields}
    if "incident" in names:
        return "incident"
    return "postmortem__incident" if "postmortem" in names else ""


def text_fields(model: type[models.Model]) -> Iterator[Any]:
    for field in model._meta.fields:
        is_text = isinstance(field, models.CharField | models.TextField) and not field.choices
        if is_text and field.name not in KEPT and not field.unique:
            yield field


def restrict(incident: Incident, insider: User) -> None:
    change_visibility(incident, visibility="restricted", people=[insider], teams=[], actor=insider, now=NOW)


@pytest.fixture
def outsiders(insider: User) -> dict[str, Client]:
    """An administrator, a responder and a viewer whom nothing names, and a program that acts for the first."""
    people = {role: make_user(f"outside {role}", role) for role in Role.values}
    _token, text = make_token(*Scope.values, actor=people[Role.ADMINISTRATOR], name="outside program")
    clients = {role: signed_in(person) for role, person in people.items()}
    return clients | {"program": Client(headers={"authorization": f"Bearer {text}"})}


def places() -> list[Route]:
    """All that can be asked for, but signing out, which would end the walk."""
    return [route for route in routes() if route.name not in ("account_logout", "api:elsewhere")]


def told(response: HttpResponse) -> bytes:
    body = b"".join(response.streaming_content) if response.streaming else response.content
    response.close()
    headers = sorted((name, value) for name, value in response.headers.items() if name != "Expires")
    return body + repr(headers).encode()


@pytest.mark.parametrize("question", ["", QUESTIONS])
def test_no_address_says_anything_of_it(world: dict[str, Any], outsiders: dict[str, Client], question: str) -> None:
    found = []
    for who, client in outsiders.items():
        for route in places():
            address = address_of(route, world)
            said = told(client.get(f"{address}?{question}"))
            # A number that stands in the address was known already.
            is_number_told = str(NUMBER).encode() in said and str(NUMBER) not in address
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
