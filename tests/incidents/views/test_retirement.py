"""Services and teams that are used no more: retired where something names them, removed where nothing does."""

import re
from dataclasses import dataclass
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Scope, Team, User
from incidents.models import ActionItem, Incident, IncidentGrant, Service
from tests.changes import list_changes
from tests.conftest import signed_in
from tests.factories import make_database, make_incident, make_service, make_team, make_token, make_user
from tests.incidents.entries import seen


@dataclass
class Kind:
    """Services or teams, and one of them."""

    record: Any
    listing: str
    retirement: str
    adding: str

    def row(self) -> Any:
        return type(self.record).objects.get(pk=self.record.pk)


@pytest.fixture(params=["service", "team"])
def kind(request: pytest.FixtureRequest, responder: User) -> Kind:
    if request.param == "service":
        record = make_service("Till")
        retirement = reverse("incidents:service_retirement", args=[record.pk])
        return Kind(record, "/services/", retirement, "/services/new/")
    team = make_team("Till")
    return Kind(team, "/teams/", reverse("accounts:team_retirement", args=[team.pk]), "/teams/new/")


@pytest.fixture
def client(administrator: User) -> Client:
    return signed_in(administrator)


def use(record: Any, actor: User, **facts: Any) -> Incident:
    incident = make_incident(actor, "Till is slow", **facts)
    if isinstance(record, Service):
        incident.services.add(record)
    else:
        ActionItem.objects.create(incident=incident, title="Add an alert", owner_team=record)
    return incident


def parts(client: Client, kind: Kind) -> tuple[bool, bool]:
    """Whether it is in the list, and whether it is among the retired."""
    listed, _summary, retired = client.get(kind.listing).content.decode().partition('<details class="retired"')
    return f'href="{kind.record.get_absolute_url()}"' in listed, f'href="{kind.record.get_absolute_url()}"' in retired


def test_what_is_used_is_retired_and_brought_back(client: Client, administrator: User, kind: Kind) -> None:
    use(kind.record, administrator)
    assert ">Retire</button>" in client.get(kind.record.get_absolute_url()).content.decode()
    answer = client.post(kind.retirement, follow=True).content.decode()
    assert "is retired. It stays" in answer
    assert '<span class="mark">Retired</span>' in answer
    assert parts(client, kind) == (False, True)
    assert client.post(kind.retirement, {"undo": "yes"}, follow=True).status_code == 200
    assert parts(client, kind) == (True, False)
    assert [field.label for change in list_changes(kind.row())[:2] for field in change.fields] == ["Retired", "Retired"]
    assert {(change.actor, change.door) for change in list_changes(kind.row())[:2]} == {(administrator, "page")}


def test_what_is_not_used_is_removed_and_adding_a_service_brings_it_back(client: Client, kind: Kind) -> None:
    assert ">Remove</button>" in client.get(kind.record.get_absolute_url()).content.decode()
    answer = client.post(kind.retirement, follow=True).content.decode()
    is_service = isinstance(kind.record, Service)
    told = "Adding it under this name brings it back." if is_service else "A team of this name will be a new one."
    assert f"was removed. {told}" in answer
    assert parts(client, kind) == (False, False)
    assert client.post(kind.adding, {"name": "TILL"}).status_code == 302
    assert (str(kind.row()) == "TILL", kind.row().retired_at is None) == (is_service, is_service)
    assert parts(client, kind) == (is_service, False)


def test_a_team_that_is_added_sees_nothing_that_a_removed_one_of_its_name_saw(
    client: Client, responder: User, viewer: User
) -> None:
    team = make_team("Blue")
    team.members.add(member := make_user("member"))
    incident = make_incident(responder, visibility="restricted", teams=[team])
    retirement = reverse("accounts:team_retirement", args=[team.pk])
    assert "“Blue” was removed." in client.post(retirement, follow=True).content.decode()
    assert client.post("/teams/new/", {"name": "blue", "members": [viewer.pk]}).status_code == 302
    new = Team.objects.get(name="blue")
    assert (new.pk != team.pk, list(new.members.all())) == (True, [viewer])
    assert incident not in Incident.objects.visible_to(viewer)
    assert incident in Incident.objects.visible_to(member)
    client.post(retirement, {"undo": "yes"})
    team.refresh_from_db()
    assert team.retired_at is None
    assert team.name.startswith("Blue (")
    assert (list(team.members.all()), incident.grants.filter(team=team).count()) == ([member], 1)


def test_whether_a_restricted_incident_names_it_makes_no_difference(
    client: Client, responder: User, kind: Kind
) -> None:
    other = type(kind.record).objects.create(name="Pump")
    incident = use(kind.record, responder)
    Incident.objects.filter(pk=incident.pk).update(visibility="restricted")
    IncidentGrant.objects.create(incident=incident, person=responder)
    if isinstance(kind.record, Team):
        IncidentGrant.objects.create(incident=incident, team=kind.record)
    retirements = [kind.retirement, kind.retirement.replace(f"/{kind.record.pk}/", f"/{other.pk}/")]
    said = [client.post(address, follow=True).content.decode() for address in retirements]
    assert "“Till” was removed." in said[0]
    assert "“Pump” was removed." in said[1]
    assert parts(client, kind) == (False, False)
    assert parts(signed_in(responder), kind) == (False, True)
    # What it was on, it stays on.
    assert kind.record in (*incident.services.all(), *(item.owner_team for item in incident.action_items.all()))


def test_only_those_who_may_edit_it_may_retire_it(as_viewer: Client, as_responder: Client, kind: Kind) -> None:
    assert as_viewer.post(kind.retirement).status_code == 403
    assert "/retirement/" not in as_viewer.get(kind.record.get_absolute_url()).content.decode()
    is_service = isinstance(kind.record, Service)
    assert as_responder.post(kind.retirement).status_code == (302 if is_service else 403)
    assert (kind.row().retired_at is not None) == is_service
    assert as_responder.get(kind.retirement).status_code == (405)


def test_another_service_is_not_given_the_name_of_one_that_was_removed(client: Client) -> None:
    till, pump = make_service("Till"), make_service("Pump")
    client.post(reverse("incidents:service_retirement", args=[till.pk]))
    edit = reverse("incidents:service_edit", args=[pump.pk])
    answer = client.post(edit, {"name": "till"} | seen(client, edit))
    assert answer.status_code == 422
    assert "with this name was retired or removed; choose another, or add that one again." in answer.content.decode()


def boxes(page: str, name: str) -> set[str]:
    return set(re.findall(rf'<input type="checkbox" name="{name}" value="(\d+)"', page))


def test_a_retired_service_is_no_choice_but_stays_where_it_was_chosen(as_responder: Client, responder: User) -> None:
    till, pump = make_service("Till"), make_service("Pump")
    incident, other = make_incident(responder, services=[till]), make_incident(responder)
    as_responder.post(reverse("incidents:service_retirement", args=[till.pk]))
    facts = [reverse("incidents:facts_edit", args=[one.pk]) for one in (incident, other)]
    shown = [boxes(as_responder.get(page).content.decode(), "services") for page in (*facts, "/incidents/new/")]
    assert shown == [{str(till.pk), str(pump.pk)}, {str(pump.pk)}, {str(pump.pk)}]
    sent = {"title": "Renamed", "severity": 3, "mode": "live", "services": [till.pk]}
    assert as_responder.post(facts[0], sent | seen(as_responder, facts[0])).status_code == 302
    assert list(incident.services.all()) == [till]
    assert as_responder.post(facts[1], sent | seen(as_responder, facts[1])).status_code == 422
    assert "Till" in as_responder.get(incident.get_absolute_url()).content.decode()
    assert "Till" not in as_responder.get("/search/suggestions/?q=till").content.decode()


def test_a_retired_team_is_no_choice_but_stays_where_it_was_chosen(
    client: Client, administrator: User, responder: User
) -> None:
    team = make_team("Till")
    team.members.add(administrator)
    service = make_service("shop", team=team)
    incident = make_incident(administrator, visibility="restricted", teams=[team])
    item = ActionItem.objects.create(incident=incident, title="Add an alert", owner_team=team)
    database, other = make_database(team=team), make_incident(administrator)
    client.post(reverse("accounts:team_retirement", args=[team.pk]))
    kept = [
        reverse("incidents:service_edit", args=[service.pk]),
        reverse("incidents:visibility_edit", args=[incident.pk]),
        reverse("incidents:action_item_edit", args=[incident.pk, item.pk]),
        reverse("accounts:person_edit", args=[administrator.pk]),
        reverse("recovery:database_edit", args=[database.name]),
    ]
    gone = [
        "/services/new/",
        "/incidents/new/",
        reverse("incidents:visibility_edit", args=[other.pk]),
        reverse("incidents:action_item_create", args=[other.pk]),
        reverse("accounts:person_edit", args=[responder.pk]),
    ]
    assert [("Till" in client.get(page).content.decode()) for page in (*kept, *gone)] == [True] * 5 + [False] * 5
    here = kept[0]
    sent = {"name": "shop", "description": "New", "team": team.pk} | seen(client, here)
    assert client.post(here, sent).status_code == 302
    assert Service.objects.get().team == team
    assert incident in Incident.objects.visible_to(administrator)


def test_programs_cannot_name_what_is_retired(administrator: User) -> None:
    client = signed_in(administrator)
    client.post(reverse("incidents:service_retirement", args=[make_service("Till").pk]))
    text = make_token(Scope.WRITE_INCIDENTS, actor=administrator)[1]
    program = Client(headers={"Authorization": f"Bearer {text}"})
    sent = {"title": "It is down", "services": ["Till"]}
    assert program.post("/api/v1/incidents/", sent, content_type="application/json").status_code == 422
