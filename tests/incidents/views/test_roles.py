import re
from html import unescape
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from incidents.models import Incident, IncidentGrant, RoleAssignment
from incidents.services.roles import assign_role
from tests.conftest import signed_in
from tests.factories import NOW, make_incident, make_user

COMMANDER = {"role": "commander"}


@pytest.fixture
def incident(responder: User) -> Incident:
    return make_incident(responder)


def page(client: Client, incident: Incident) -> str:
    return unescape(client.get(incident.get_absolute_url()).content.decode())


def address(incident: Incident) -> str:
    return reverse("incidents:roles_edit", args=[incident.number])


def test_command_is_taken_with_one_click_while_it_is_free(
    as_responder: Client, responder: User, incident: Incident
) -> None:
    assert "Take command" in page(as_responder, incident)
    answer = as_responder.post(address(incident), COMMANDER | {"person": responder.pk})
    assert (answer.status_code, answer["Location"]) == (302, incident.get_absolute_url())
    assert incident.role_assignments.get().person == responder
    assert "Take command" not in page(as_responder, incident)


def test_the_first_command_loads_the_page_anew_and_a_handover_the_panel_and_the_head(
    as_responder: Client, responder: User, administrator: User, incident: Incident, htmx: dict[str, str]
) -> None:
    first = as_responder.post(address(incident), COMMANDER | {"person": responder.pk}, headers=htmx)
    assert first["HX-Redirect"] == incident.get_absolute_url()
    sent = COMMANDER | {"person": administrator.pk, "seen": str(incident.role_assignments.get().pk)}
    second = as_responder.post(address(incident), sent, headers=htmx)
    text = second.content.decode()
    assert second.status_code == 200
    assert text.count("<section") == 1
    assert re.search(r'id="incident-head"[^>]* hx-swap-oob="true"', text)
    assert incident.role_assignments.get(released_at=None).person == administrator


@pytest.mark.parametrize("is_htmx", [True, False])
def test_who_comes_second_reads_who_was_quicker_and_may_hand_over_all_the_same(
    as_responder: Client, responder: User, administrator: User, incident: Incident, htmx: dict[str, str], is_htmx: bool
) -> None:
    held = assign_role(incident, role="commander", person=administrator, actor=administrator, now=NOW)
    sent, headers = COMMANDER | {"person": responder.pk}, htmx if is_htmx else None
    answer = as_responder.post(address(incident), sent, headers=headers)
    text = unescape(answer.content.decode())
    assert answer.status_code == 422
    assert "Somebody else was quicker: administrator holds this role now" in text
    assert f'name="seen" value="{held.pk}"' in text
    assert f'<option value="{responder.pk}" selected>' in text
    assert as_responder.post(address(incident), sent | {"seen": str(held.pk)}).status_code == 302


def test_a_role_is_released_once(as_responder: Client, responder: User, incident: Incident) -> None:
    held = assign_role(incident, role="scribe", person=responder, actor=responder, now=NOW)
    release = reverse("incidents:role_release", args=[incident.number, held.pk])
    assert as_responder.post(release).status_code == 302
    again = as_responder.post(release)
    assert again.status_code == 422
    assert "released or handed over already" in again.content.decode()
    elsewhere = reverse("incidents:role_release", args=[make_incident(responder).number, held.pk])
    assert as_responder.post(elsewhere).status_code == 404
    assert as_responder.get(release).status_code == 405


def test_the_history_says_who_held_what_and_when(as_viewer: Client, responder: User, incident: Incident) -> None:
    first = assign_role(incident, role="commander", person=responder, actor=responder, now=NOW)
    assign_role(incident, role="commander", person=make_user("next"), actor=responder, now=NOW, seen=[first.pk])
    text = page(as_viewer, incident)
    assert "Incident commander: responder, " in text
    assert "Incident commander: next, " in text


def test_viewers_see_the_roles_and_change_none(as_viewer: Client, responder: User, incident: Incident) -> None:
    held = assign_role(incident, role="deputy", person=responder, actor=responder, now=NOW)
    text = as_viewer.get(address(incident)).content.decode()
    assert "responder" in text
    assert "<form" not in text.partition('id="roles-panel"')[2].partition("</section>")[0]
    assert as_viewer.post(address(incident), COMMANDER | {"person": responder.pk}).status_code == 403
    assert as_viewer.post(reverse("incidents:role_release", args=[incident.number, held.pk])).status_code == 403
    assert RoleAssignment.objects.get().released_at is None


@pytest.mark.parametrize(
    "wrong",
    [{"role": "king"}, {"role": "commander", "person": "x"}, {"role": "commander", "person": 10**30}, {}],
)
def test_what_nobody_can_choose_is_refused(as_responder: Client, incident: Incident, wrong: dict[str, Any]) -> None:
    answer = as_responder.post(address(incident), wrong)
    assert answer.status_code == 422
    assert 'role="alert"' in answer.content.decode()


def test_a_restricted_incident_offers_only_those_who_see_it_and_says_so(
    as_responder: Client, responder: User, administrator: User, incident: Incident
) -> None:
    Incident.objects.filter(pk=incident.pk).update(visibility="restricted")
    IncidentGrant.objects.create(incident=incident, person=responder)
    panel = as_responder.get(address(incident)).content.decode().partition('id="roles-panel"')[2]
    assert "only people who may see it can be chosen" in panel
    assert f'<option value="{responder.pk}"' in panel
    assert "administrator" not in panel
    refused = as_responder.post(address(incident), COMMANDER | {"person": administrator.pk})
    assert refused.status_code == 422
    assert signed_in(administrator).get(address(incident)).status_code == 404


def test_more_people_and_longer_histories_take_no_more_queries(
    as_responder: Client, responder: User, incident: Incident, django_assert_num_queries: Any
) -> None:
    with django_assert_num_queries(7):
        as_responder.get(address(incident))
    for number in range(20):
        person = make_user(f"person {number}")
        seen = incident.role_assignments.values_list("pk", flat=True)
        assign_role(incident, role="commander", person=person, actor=responder, now=NOW, seen=list(seen))
        assign_role(incident, role="expert", person=person, actor=responder, now=NOW)
    with django_assert_num_queries(7):
        as_responder.get(address(incident))


def test_the_form_is_opened_by_a_link_and_closed_again(as_responder: Client, incident: Incident) -> None:
    text = page(as_responder, incident)
    assert f'href="{address(incident)}"' in text
    assert 'id="role_person"' in as_responder.get(address(incident)).content.decode()
    assert 'id="role_person"' not in text
    assert 'id="role_person"' not in as_responder.get(f"{address(incident)}?cancel").content.decode()


def menu(text: str) -> str:
    return text.partition('<details class="menu"')[2].partition("</details>")[0]


def opened(client: Client, incident: Incident) -> str:
    """The menu of somebody who opened it, with what the page then asks for."""
    closed = menu(page(client, incident))
    asked = re.search(r'hx-get="([^"]+)"\s+hx-trigger="toggle', closed)
    assert asked
    return closed + client.get(asked[1], headers={"HX-Request": "true"}).content.decode()


def test_command_is_handed_over_with_one_click_on_the_page(
    as_responder: Client, responder: User, administrator: User, incident: Incident
) -> None:
    assert not menu(page(as_responder, incident))
    held = assign_role(incident, role="commander", person=responder, actor=responder, now=NOW)
    offered = opened(as_responder, incident)
    # All that is sent stands in the menu: nothing is asked on another page.
    sent = dict(re.findall(r'<input type="hidden" name="(role|seen)" value="(\w+)">', offered))
    assert sent == {"role": "commander", "seen": str(held.pk)}
    assert re.findall(r'name="person" value="(\d+)">([^<]+)<', offered) == [(str(administrator.pk), "administrator")]
    answer = as_responder.post(address(incident), sent | {"person": administrator.pk})
    assert (answer.status_code, answer["Location"]) == (302, incident.get_absolute_url())
    text = "Incident commander: handed over from responder to administrator."
    assert incident.events.latest("pk").text == text
    assert text in page(as_responder, incident)
    assert f'value="{responder.pk}">Take it myself' in menu(page(as_responder, incident))


def test_the_menu_comes_again_with_the_head_after_a_handover(
    as_responder: Client, responder: User, administrator: User, incident: Incident, htmx: dict[str, str]
) -> None:
    held = assign_role(incident, role="commander", person=responder, actor=responder, now=NOW)
    sent = COMMANDER | {"person": administrator.pk, "seen": str(held.pk)}
    answer = as_responder.post(address(incident), sent, headers=htmx).content.decode()
    assert f'name="seen" value="{incident.role_assignments.get(released_at=None).pk}"' in menu(answer)


def test_the_menu_is_for_those_who_write_while_it_goes_on(
    as_responder: Client, as_viewer: Client, responder: User, incident: Incident
) -> None:
    assign_role(incident, role="commander", person=responder, actor=responder, now=NOW)
    assert menu(page(as_responder, incident))
    assert not menu(page(as_viewer, incident))
    Incident.objects.filter(pk=incident.pk).update(status="resolved", resolved_at=NOW)
    assert not menu(page(as_responder, incident))


def test_the_menu_begins_with_those_who_have_a_part_and_names_only_those_who_see_it(
    as_responder: Client, responder: User, incident: Incident
) -> None:
    assign_role(incident, role="commander", person=responder, actor=responder, now=NOW)
    people = [make_user(f"person {number:02}") for number in range(40)]
    assign_role(incident, role="expert", person=people[37], actor=responder, now=NOW)
    names = re.findall(r'name="person" value="\d+">([^<]+)<', opened(as_responder, incident))
    assert names[:3] == ["person 37", "person 00", "person 01"]
    assert len(names) == 1 + 30
    Incident.objects.filter(pk=incident.pk).update(visibility="restricted")
    for person in (responder, people[37], people[38]):
        IncidentGrant.objects.create(incident=incident, person=person)
    names = re.findall(r'name="person" value="\d+">([^<]+)<', opened(as_responder, incident))
    assert names == ["person 37", "person 38"]


def test_the_menu_costs_no_query_until_it_is_opened(as_responder: Client, responder: User, incident: Incident) -> None:
    def count() -> int:
        page(as_responder, incident)
        with CaptureQueriesContext(connection) as queries:
            page(as_responder, incident)
        return len(queries)

    free = count()
    assign_role(incident, role="commander", person=responder, actor=responder, now=NOW)
    assign_role(incident, role="expert", person=make_user("expert"), actor=responder, now=NOW)
    assert count() == free


def test_without_scripts_the_form_asks_who_else_it_could_be(
    as_responder: Client, as_viewer: Client, incident: Incident
) -> None:
    successors = reverse("incidents:role_successors", args=[incident.number])
    assert as_responder.get(successors)["Location"] == address(incident)
    assert as_viewer.get(successors).status_code == 403


def test_what_was_seen_may_be_nonsense_of_any_length(as_responder: Client, responder: User, incident: Incident) -> None:
    sent = {"role": "commander", "person": responder.pk, "seen": f"x {'9' * 5_000} ² 1"}
    address = reverse("incidents:roles_edit", args=[incident.number])
    assert as_responder.post(address, sent).status_code == 302
