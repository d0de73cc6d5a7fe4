"""By which door changes come, from end to end: the API, imports, commands; and relations, which two records have."""

from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db.models import Model
from django.test import Client
from django.urls import reverse

from accounts.audit import Door
from accounts.models import Change, Scope, User
from incidents.models import Incident, IncidentGrant
from incidents.queries.changes import list_record_changes
from incidents.services.visibility import change_visibility
from recovery.models import Database, Replica
from tests.changes import list_changes
from tests.conftest import signed_in
from tests.factories import NOW, make_incident, make_token


def origins(record: Model) -> set[tuple[User | None, Door]]:
    return {(change.actor, change.door) for change in list_changes(record)}


def test_what_programs_write_is_by_the_api_and_the_tokens_owner(administrator: User, responder: User) -> None:
    text = make_token(Scope.WRITE_INCIDENTS, actor=responder)[1]
    client = Client(headers={"Authorization": f"Bearer {text}"})
    sent: dict[str, Any] = {"title": "It is down", "tags": ["kafka"], "visibility": "restricted"}
    number = client.post("/api/v1/incidents/", sent, content_type="application/json").json()["number"]
    client.post(f"/api/v1/incidents/{number}/events/", {"text": "Deployed"}, content_type="application/json")
    about = Change.objects.filter(incident_number=number)
    kinds = {change.content_type.model for change in about}
    assert kinds == {"incident", "timelineevent", "incidentgrant"}
    assert {(change.actor, change.door) for change in about} == {(responder, Door.API)}


def test_a_program_with_a_session_of_somebody_else_acts_for_its_tokens_owner(
    administrator: User, responder: User
) -> None:
    text = make_token(Scope.WRITE_INCIDENTS, actor=responder)[1]
    client = signed_in(administrator)
    headers = {"Authorization": f"Bearer {text}"}
    client.post("/api/v1/incidents/", {"title": "It is down"}, content_type="application/json", headers=headers)
    assert origins(Incident.objects.get()) == {(responder, Door.API)}


def test_who_lets_somebody_in_is_named(responder: User, administrator: User, viewer: User) -> None:
    incident = make_incident(responder)
    change_visibility(incident, visibility="restricted", people=[responder], teams=[], actor=responder, now=NOW)
    call_command("incident_access", incident.reference, "viewer", "--as", "administrator")
    grant = IncidentGrant.objects.get(person=viewer)
    assert grant.granted_by == administrator
    assert origins(grant) == {(administrator, Door.SYSTEM)}
    event = incident.events.latest("pk")
    assert (event.author, "named from the command line" in event.text) == (administrator, True)


def test_commands_without_a_name_are_the_systems(administrator: User) -> None:
    call_command("load_demonstration", "--weeks", "3")
    database = Database.objects.first()
    assert database is not None
    assert origins(database) == {(None, Door.SYSTEM)}


def test_a_configuration_is_imported_by_somebody(administrator: User, tmp_path: Path) -> None:
    file = tmp_path / "litestream.yml"
    file.write_text(f"dbs:\n  - path: {tmp_path}/app.db\n    replicas:\n      - path: {tmp_path}/replica\n")
    with pytest.raises(SystemExit):
        call_command("litestream_import", str(file), "--host", "db1", "--as", "administrator")
    assert origins(Database.objects.get()) == {(administrator, Door.SYSTEM)}
    assert origins(Replica.objects.get()) == {(administrator, Door.SYSTEM)}


def test_a_demonstration_is_loaded_by_somebody(administrator: User) -> None:
    call_command("load_demonstration", "--weeks", "3", "--as", "administrator")
    database = Database.objects.first()
    assert database is not None
    assert origins(database) == {(administrator, Door.SYSTEM)}


@pytest.mark.parametrize("name", ["nobody", "gone"])
@pytest.mark.parametrize(
    "command",
    [("load_demonstration",), ("load_example",), ("restore_test", "app"), ("incident_access", "INC-{0}", "responder")],
)
def test_somebody_who_is_not_there_does_nothing(responder: User, command: tuple[str, ...], name: str) -> None:
    User.objects.create_user("gone", password="a good password", is_active=False)
    incident = make_incident(responder, visibility="restricted")
    before = Change.objects.count()
    with pytest.raises(CommandError, match="there is nobody with this user name who may sign in") as error:
        call_command(*[word.format(incident.number) for word in command], "--as", name)
    assert error.value.returncode == 2
    assert Change.objects.count() == before


def test_a_relation_stands_in_the_history_of_both(as_responder: Client, responder: User) -> None:
    first, second = make_incident(responder, "First"), make_incident(responder, "Second")
    as_responder.post(reverse("incidents:relation_create", args=[first.number]), {"other": second.reference})
    as_responder.post(reverse("incidents:relation_removal", args=[first.number, second.number]))
    for incident, other in ((first, second), (second, first)):
        told = [(change.actor, change.door, *change.fields[0]) for change in list_changes(incident)[:2]]
        assert told == [
            (responder, Door.PAGE, "Related removed", other.reference, ""),
            (responder, Door.PAGE, "Related added", "", other.reference),
        ]


def test_in_the_history_of_the_other_a_restricted_one_is_not_named(responder: User, viewer: User) -> None:
    hidden, known = make_incident(responder, "A leak", visibility="restricted"), make_incident(responder, "Known")
    hidden.related.add(known)
    for reader, word in ((responder, hidden.reference), (viewer, "a restricted incident")):
        assert list_record_changes(reader, known)[0].fields[0].after == word
    assert list_record_changes(viewer, hidden) == []
