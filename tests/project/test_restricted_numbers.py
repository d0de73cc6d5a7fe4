"""A restricted incident and its drill, asked for and sent by number: answered as if there were no such number."""

from typing import Any

import pytest
from django import forms
from django.apps import apps
from django.db import models, transaction
from django.db.models import Q
from django.test import Client
from django.urls import reverse

from accounts.models import Role, User
from incidents.forms.choices import IncidentField
from incidents.models import Incident
from recovery.models import Evidence, RestoreTest
from tests.conftest import signed_in
from tests.project.restricted import (
    DRILL,
    NO_DRILL,
    NOBODYS,
    NUMBER,
    VARIABLE,
    insider,
    outsiders,
    path_to_incident,
    places,
    stopped_clock,
    told,
    world,
)
from tests.project.world import address_of

__all__ = ["insider", "outsiders", "stopped_clock", "world"]
pytestmark = pytest.mark.usefixtures("stopped_clock")


@pytest.mark.parametrize(
    ("hidden", "nobodys"), [(f"INC-{NUMBER}", f"INC-{NOBODYS}"), (f"RT-{DRILL}", f"RT-{NO_DRILL}")]
)
def test_what_is_looked_for_by_its_name_is_not_there(
    world: dict[str, Any], outsiders: dict[str, Client], hidden: str, nobodys: str
) -> None:
    differing = []
    for who in (Role.ADMINISTRATOR, "program"):
        for route in places():
            address = address_of(route, world)
            if str(NUMBER) in address:
                continue
            first, second = (
                VARIABLE.sub(b"", told(outsiders[who].get(f"{address}?q={name}&text={name}")))
                for name in (hidden, nobodys)
            )
            if as_nobodys(first) != second:
                differing.append((who, route.name))
    assert differing == []


def test_the_insider_finds_it_by_its_name(world: dict[str, Any], insider: User) -> None:
    palette, client = reverse("incidents:suggestions"), signed_in(insider)
    for name, address in ((f"INC-{NUMBER}", f"/incidents/{NUMBER}/"), (f"RT-{DRILL}", f"/recovery/tests/{DRILL}/")):
        assert address.encode() in told(client.get(f"{palette}?q={name}"))


def as_nobodys(said: bytes) -> bytes:
    return said.replace(str(NUMBER).encode(), str(NOBODYS).encode()).replace(
        str(DRILL).encode(), str(NO_DRILL).encode()
    )


def fields_that_name() -> dict[type[models.Model], set[str]]:
    """The names of form fields in which an incident, or a restore test, is chosen or written down."""
    found: dict[type[models.Model], set[str]] = {Incident: set(), RestoreTest: set()}
    waiting = [forms.BaseForm]
    while waiting:
        form = waiting.pop()
        waiting += form.__subclasses__()
        for name, field in getattr(form, "base_fields", {}).items():
            model = Incident if isinstance(field, IncidentField) else getattr(field, "queryset", User.objects).model
            if model in found:
                found[model].add(name)
    return found


def rows_about_it() -> list[Any]:
    """How many records of each kind hang on the incident or on its drill."""
    drill = Evidence.objects.filter(restore_test=DRILL).count()
    tied = [Incident.objects.filter(Q(duplicate_of=NUMBER) | Q(related=NUMBER)).count(), drill]
    incident = Incident.objects.get(pk=NUMBER)
    return [
        incident.revision,
        *tied,
        *(path_rows(model, incident) for model in apps.get_app_config("recovery").get_models()),
    ]


def path_rows(model: type[models.Model], incident: Incident) -> int:
    path = path_to_incident(model)
    return model._default_manager.filter(**{path: incident}).count() if path else 0


def test_sent_in_a_field_it_is_as_if_it_were_not_there(world: dict[str, Any], outsiders: dict[str, Client]) -> None:
    """Wherever a form names an incident or a restore test: an outsider writes nothing, and is told nothing."""
    named = fields_that_name()
    assert {"incident", "duplicate_of", "other"} <= named[Incident]
    assert "restore_test" in named[RestoreTest]
    hidden = dict.fromkeys(named[Incident], str(NUMBER)) | dict.fromkeys(named[RestoreTest], str(DRILL))
    nobodys = dict.fromkeys(named[Incident], str(NOBODYS)) | dict.fromkeys(named[RestoreTest], str(NO_DRILL))
    known = world | {"number": Incident.objects.get(title="Known to all").number}
    before = rows_about_it()
    # Nobody may do more than this one.
    client = outsiders[Role.ADMINISTRATOR]
    signed_in_as = client.cookies.output()

    def send(address: str, numbers: dict[str, str]) -> tuple[int, bytes, bool]:
        client.cookies.clear()
        client.cookies.load(signed_in_as.replace("Set-Cookie: ", ""))
        with transaction.atomic():
            answer = client.post(address, {"caption": "Words", "title": "Words", "text": "Words", **numbers})
            said, is_written = as_nobodys(VARIABLE.sub(b"", told(answer))), rows_about_it() != before
            transaction.set_rollback(True)
        return answer.status_code, said, is_written

    differing = []
    for route in places():
        address = address_of(route, known)
        sent, other = send(address, hidden), send(address, nobodys)
        # What is drawn by lot differs each time, what holds the time every second.
        is_same_again = other == send(address, nobodys) and sent == send(address, hidden)
        is_told = sent[0] != other[0] or (sent != other and is_same_again)
        if is_told or sent[2]:
            differing.append((route.name, sent[0], other[0]))
    assert differing == []
