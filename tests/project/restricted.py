"""A restricted incident with a mark in all of its texts, and people whom it does not name."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.apps import apps
from django.db import models, transaction
from django.db.utils import DatabaseError
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from accounts.models import Role, Scope, User
from incidents.models import Incident, RoleAssignment, Tag
from incidents.services.visibility import change_visibility
from recovery.models import RestoreTest
from tests.conftest import signed_in
from tests.factories import NOW, make_incident, make_restore_test, make_token, make_user
from tests.project.world import Route, make_world, routes

# Chosen so that it is nothing else on a page.
NUMBER, NOBODYS = 987_654, 123_456
# Of a restore test: the drill of the incident, and one that is not there.
DRILL, NO_DRILL = 876_543, 234_567
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
    drill = {"trigger": "incident", "target_at": NOW, "number": DRILL}
    make_restore_test(RestoreTest.objects.get().replica, incident=incident, **drill)
    mark_texts(incident)
    restrict(incident, insider)
    tie_to_an_open_one(Incident.objects.get(pk=NUMBER))
    return known


def tie_to_an_open_one(incident: Incident) -> None:
    """What everyone sees knows of it: an incident related to it, and one that it is a duplicate of.

    No page merges or restricts so; a database may hold it all the same.
    """
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
    if "section" in names:
        return "section__postmortem__incident"
    return "postmortem__incident" if "postmortem" in names else ""


def text_fields(model: type[models.Model]) -> Iterator[Any]:
    for field in model._meta.fields:
        is_text = isinstance(field, models.CharField | models.TextField) and not field.choices
        if is_text and field.name not in KEPT and not field.unique:
            yield field


def restrict(incident: Incident, insider: User) -> None:
    change_visibility(incident, visibility="restricted", people=[insider], teams=[], actor=insider, now=NOW)


@pytest.fixture
def stopped_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of two answers that are compared, the second says no other “19 min ago”: else a minute may end between them."""
    now = timezone.now()
    monkeypatch.setattr(timezone, "now", lambda: now)


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
