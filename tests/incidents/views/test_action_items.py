"""What is particular to action items; the common list is walked in test_forms."""

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from tests.factories import make_incident, make_team, make_user
from tests.incidents.conftest import THEN, Scene
from tests.incidents.entries import ITEM, seen


def change(client: Client, scene: Scene, **sent: str) -> int:
    address = reverse("incidents:action_item_edit", args=[scene.incident.number, scene.item.number])
    code = client.post(address, ITEM | seen(client, address) | sent).status_code
    scene.item.refresh_from_db()
    return code


def test_owners_are_people_and_teams(as_responder: Client, scene: Scene, responder: User) -> None:
    team = make_team("Platform")
    assert change(as_responder, scene, owner=f"team:{team.pk}") == 302
    assert scene.item.owner == team
    assert "Platform" in as_responder.get(scene.incident.get_absolute_url()).content.decode()
    assert change(as_responder, scene, owner=f"person:{responder.pk}") == 302
    assert scene.item.owner == responder
    assert change(as_responder, scene, owner="") == 302
    assert scene.item.owner is None


@pytest.mark.parametrize("owner", ["person:4711", "team:4711", "team:", "nobody", "team:99999999999999999999"])
def test_an_owner_who_is_not_there_is_refused(as_responder: Client, scene: Scene, owner: str) -> None:
    assert change(as_responder, scene, owner=owner) == 422


def test_who_may_not_sign_in_keeps_what_they_own_and_gets_nothing_new(as_responder: Client, scene: Scene) -> None:
    gone = make_user("gone", is_active=False)
    assert change(as_responder, scene, owner=f"person:{gone.pk}") == 422
    scene.item.owner_person = gone
    scene.item.save()
    address = reverse("incidents:action_item_edit", args=[scene.incident.number, scene.item.number])
    assert f'value="person:{gone.pk}" selected' in as_responder.get(address).content.decode()
    assert change(as_responder, scene, owner=f"person:{gone.pk}", title="Reworded") == 302
    assert (scene.item.owner, scene.item.title) == (gone, "Reworded")


def test_a_cause_of_another_incident_is_refused(as_responder: Client, responder: User, scene: Scene) -> None:
    other = make_incident(responder, now=THEN)
    address = reverse("incidents:action_item_create", args=[other.number])
    assert as_responder.post(address, ITEM | {"root_cause": str(scene.cause.pk)}).status_code == 422


def test_an_item_past_its_day_is_marked_until_it_is_kept(as_responder: Client, scene: Scene) -> None:
    change(as_responder, scene, due_date="2024-03-20")
    assert "Overdue" in as_responder.get(scene.incident.get_absolute_url()).content.decode()
    change(as_responder, scene, due_date="2024-03-20", status="done")
    assert "Overdue" not in as_responder.get(scene.incident.get_absolute_url()).content.decode()
