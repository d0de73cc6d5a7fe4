"""Services, teams and severity levels: who sees and who changes them, and what their pages hold back."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from html import escape, unescape
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Team, User
from incidents.models import ActionItem, Incident, Service, SeverityLevel
from tests.conftest import signed_in
from tests.factories import make_incident, make_service, make_team, make_user
from tests.incidents.conftest import THEN
from tests.incidents.entries import REQUIRED, seen

Stored = Callable[[], dict[str, Any]]
CONFLICT = "Somebody saved this while you were writing. Compare both and save again to keep yours."
LEVEL = {"name": "P1 – Critical", "definition": "All is down", "colour": "purple", "is_postmortem_required": "on"}
LEVEL |= {"postmortem_days": "3", "action_item_days": "14"}


@dataclass(frozen=True)
class Page:
    """A form of its own page: where it is, what is sent, one way to get it wrong, and who may."""

    address: str
    sent: dict[str, Any]
    wrong: dict[str, str]
    sentence: str
    is_for_administrators: bool = True


PAGES = {
    "service_create": Page(
        "/services/new/", {"name": "till"}, {"name": "SHOP"}, "already a service", is_for_administrators=False
    ),
    "service_edit": Page(
        "/services/{service}/facts/", {"name": "till"}, {"name": " "}, REQUIRED, is_for_administrators=False
    ),
    "severity_edit": Page("/severities/1/", LEVEL, {"name": "sev2"}, "Another level has this name"),
    "team_create": Page("/teams/new/", {"name": "Payments"}, {"name": "sre TEAM"}, "already a team"),
    "team_edit": Page("/teams/{team}/facts/", {"name": "Payments"}, {"name": " "}, REQUIRED),
}
every_page = pytest.mark.parametrize("name", PAGES)


@pytest.fixture
def world(responder: User) -> dict[str, int]:
    team = make_team()
    service = make_service(team=team, description="Sells things")
    incident = make_incident(responder, now=THEN, services=[service])
    ActionItem.objects.create(incident=incident, title="Add an alert", owner_team=team)
    ActionItem.objects.create(incident=incident, title="Kept", owner_team=team, status="done")
    return {"service": service.pk, "team": team.pk}


def address(name: str, world: dict[str, int]) -> str:
    return PAGES[name].address.format(**world)


@every_page
def test_what_is_sent_is_stored(administrator: User, world: dict[str, int], name: str) -> None:
    client, here = signed_in(administrator), address(name, world)
    answer = client.post(here, PAGES[name].sent | seen(client, here), follow=True)
    assert [code for _address, code in answer.redirect_chain] == [302]
    assert PAGES[name].sent["name"] in unescape(answer.content.decode())


@every_page
def test_what_is_wrong_is_said_and_what_was_typed_stays(
    administrator: User, world: dict[str, int], stored: Stored, name: str
) -> None:
    client, here, known = signed_in(administrator), address(name, world), stored()
    answer = client.post(here, PAGES[name].sent | seen(client, here) | PAGES[name].wrong)
    assert answer.status_code == 422
    assert PAGES[name].sentence in answer.content.decode()
    assert f'value="{PAGES[name].wrong["name"]}"' in answer.content.decode()
    assert stored()["Service"] == known["Service"]
    assert stored()["Team"] == known["Team"]


@every_page
@pytest.mark.parametrize("method", ["get", "post"])
def test_only_those_who_may_change_it(
    as_responder: Client, as_viewer: Client, world: dict[str, int], stored: Stored, name: str, method: str
) -> None:
    known, here = stored(), address(name, world)
    assert getattr(as_viewer, method)(here).status_code == 403
    refused = getattr(as_responder, method)(here)
    assert (refused.status_code == 403) == PAGES[name].is_for_administrators
    assert stored() == known


@pytest.mark.parametrize("name", [name for name in PAGES if name.endswith("_edit")])
def test_who_saves_second_sees_what_the_first_has_saved(administrator: User, world: dict[str, int], name: str) -> None:
    client, here = signed_in(administrator), address(name, world)
    mine = PAGES[name].sent | seen(client, here)
    assert client.post(here, mine | {"name": "Theirs"}).status_code == 302
    answer = client.post(here, mine)
    assert answer.status_code == 422
    assert CONFLICT in answer.content.decode()
    assert "Name: Theirs" in answer.content.decode()


def test_everybody_reads_all_of_it(as_viewer: Client, world: dict[str, int]) -> None:
    pages = {
        "/services/": ["shop", "SRE Team", "Sells things"],
        f"/services/{world['service']}/": ["shop", "Checkout is slow", "Add an alert"],
        "/teams/": ["SRE Team"],
        f"/teams/{world['team']}/": ["SRE Team", "shop", "Add an alert"],
        "/severities/": ["SEV1", "Post-mortem due in 5 working days; action items in 30 days."],
    }
    for here, words in pages.items():
        page = as_viewer.get(here).content.decode()
        assert all(word in page for word in words), here
        assert "Kept" not in page
        assert "/facts/" not in page
        assert "/new/" not in page
        assert 'href="/severities/1/"' not in page


def test_restricted_incidents_are_on_no_page(as_viewer: Client, as_responder: Client, world: dict[str, int]) -> None:
    Incident.objects.update(visibility="restricted", title="The secret one")
    ActionItem.objects.update(title="Secret action")
    for here in ("/services/", f"/services/{world['service']}/", f"/teams/{world['team']}/"):
        page = as_viewer.get(here).content.decode()
        assert "ecret" not in page
        assert "INC-" not in page
    assert '<td class="number" data-label="Ongoing incidents">0</td>' in as_viewer.get("/services/").content.decode()
    Incident.objects.update(visibility="open")
    assert '<td class="number" data-label="Ongoing incidents">1</td>' in as_viewer.get("/services/").content.decode()


def test_a_renamed_level_is_renamed_everywhere_in_its_colour(administrator: User, world: dict[str, int]) -> None:
    client = signed_in(administrator)
    client.post("/severities/3/", LEVEL | seen(client, "/severities/3/"))
    page = client.get(Incident.objects.get().get_absolute_url()).content.decode()
    assert 'data-colour="purple" title="All is down">P1 – Critical</span>' in page
    level = SeverityLevel.objects.get(level=3)
    assert (level.is_postmortem_required, level.postmortem_days, level.action_item_days) == (True, 3, 14)


def test_members_come_and_go(administrator: User, responder: User, world: dict[str, int]) -> None:
    client, here = signed_in(administrator), address("team_edit", world)
    client.post(here, {"name": "SRE Team", "members": [responder.pk]} | seen(client, here))
    assert escape(str(responder)) in client.get(f"/teams/{world['team']}/").content.decode()
    assert list(responder.teams.all()) == [Team.objects.get(pk=world["team"])]
    client.post(here, {"name": "SRE Team"} | seen(client, here))
    assert not responder.teams.exists()


def test_a_service_changes_hands(as_responder: Client, world: dict[str, int]) -> None:
    other, here = make_team("Payments"), address("service_edit", world)
    as_responder.post(here, {"name": "shop", "team": other.pk, "description": "New"} | seen(as_responder, here))
    service = Service.objects.get(pk=world["service"])
    assert (service.team, service.description) == (other, "New")
    as_responder.post(here, {"name": "shop", "team": ""} | seen(as_responder, here))
    assert Service.objects.get(pk=world["service"]).team is None


@pytest.mark.parametrize("key", ["0", "4711", "99999999999999999999"])
def test_what_is_not_there_is_not_there(administrator: User, key: str) -> None:
    client = signed_in(administrator)
    for here in ("/services/{0}/", "/services/{0}/facts/", "/teams/{0}/", "/teams/{0}/facts/", "/severities/{0}/"):
        assert client.get(here.format(key)).status_code == 404


def test_the_pages_take_as_many_queries_for_many_rows_as_for_few(
    as_viewer: Client, responder: User, world: dict[str, int], django_assert_num_queries: Any
) -> None:
    counts = {"/services/": 4, f"/services/{world['service']}/": 6, "/teams/": 5, f"/teams/{world['team']}/": 6}
    counts["/severities/"] = 3
    service, team = Service.objects.get(), Team.objects.get()
    for round_of in (range(2), range(2, 40)):
        for n in round_of:
            person = make_user(f"person {n}")
            team.members.add(person)
            make_service(f"service {n}", team=team)
            incident = make_incident(responder, f"Number {n}", now=THEN, services=[service])
            ActionItem.objects.create(incident=incident, title=f"Item {n}", owner_team=team)
        for here, count in counts.items():
            with django_assert_num_queries(count):
                assert as_viewer.get(here).status_code == 200


def test_pages_of_services_and_teams_say_when_incidents_began_and_what_is_overdue(
    as_viewer: Client, responder: User, world: dict[str, int]
) -> None:
    service, team, today = Service.objects.get(), Team.objects.get(), timezone.localdate()
    make_incident(responder, "Began in spring", now=THEN, services=[service])
    incident = make_incident(responder, "Owing", now=THEN, services=[service])
    page, of_team = f"/services/{service.pk}/", f"/teams/{team.pk}/"
    assert as_viewer.get(page).content.decode().count("10 Mar 2024") >= 2
    for due, is_overdue in ((today, False), (None, False), (today - timedelta(days=1), True)):
        ActionItem.objects.all().delete()
        ActionItem.objects.create(incident=incident, title="Mend", owner_team=team, due_date=due)
        for here in (page, of_team):
            assert ("Overdue" in as_viewer.get(here).content.decode()) == is_overdue


def test_a_person_is_put_in_teams_on_their_page(administrator: User, responder: User, world: dict[str, int]) -> None:
    client, here = signed_in(administrator), reverse("accounts:person_edit", args=[responder.pk])
    facts = {"name": "Ann", "email": "", "role": "responder", "is_active": "on"}
    client.post(here, facts | {"teams": [world["team"]]})
    assert responder.teams.count() == 1
    assert "checked" in client.get(here).content.decode().split("SRE Team")[0].rpartition("<input")[2]
    client.post(here, facts)
    assert responder.teams.count() == 0
    for key in ("x", "4711", "99999999999999999999"):
        assert client.post(here, facts | {"teams": [key]}).status_code == 422
