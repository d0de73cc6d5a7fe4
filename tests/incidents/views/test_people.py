"""A person's page, and the page that says what roles are: who reads what of whom."""

from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from incidents.models import ActionItem, Incident, IncidentRole, RoleAssignment
from incidents.services.roles import assign_role, release_role
from tests.conftest import signed_in
from tests.factories import make_incident, make_team, make_user
from tests.incidents.conftest import THEN

ROLES = "/roles/"
LATER = THEN + timedelta(hours=1)


@pytest.fixture
def nok(db: None) -> User:
    return make_user("nok", name="Nok <b>", email="nok@example.org")


def page_of(client: Client, person: User) -> str:
    answer = client.get(person.get_absolute_url())
    assert answer.status_code == 200
    return unescape(answer.content.decode())


def part(page: str, name: str) -> str:
    """One section of the page."""
    return page.partition(f'aria-labelledby="{name}-title"')[2].partition("</section>")[0]


def test_everybody_reads_who_somebody_is(as_viewer: Client, nok: User) -> None:
    make_team("Payments").members.add(nok)
    retired = make_team("Gone")
    retired.members.add(nok)
    retired.retired_at = THEN
    retired.save()
    page = page_of(as_viewer, nok)
    assert "Nok &lt;b&gt;" in as_viewer.get(nok.get_absolute_url()).content.decode()
    for said in ("nok", "Responder", "Declares incidents and works on them.", "Payments"):
        assert said in part(page, "facts")
    assert "Gone" not in page
    assert "Deactivated" not in page


def test_addresses_are_for_administrators_and_oneself(as_viewer: Client, as_administrator: Client, nok: User) -> None:
    assert [nok.email in page_of(client, nok) for client in (as_viewer, as_administrator, signed_in(nok))] == [
        *(False, True, True)
    ]


def test_only_administrators_are_led_to_the_form(as_viewer: Client, as_administrator: Client, nok: User) -> None:
    form = reverse("accounts:person_edit", args=[nok.pk])
    assert [form in page_of(client, nok) for client in (as_viewer, as_administrator, signed_in(nok))] == [
        *(False, True, False)
    ]


def test_who_was_deactivated_still_has_a_page(as_viewer: Client, nok: User) -> None:
    nok.is_active = False
    nok.save()
    page = page_of(as_viewer, nok)
    assert "Deactivated" in page
    assert "May not sign in any more." in page


def test_parts_are_those_of_now_and_those_before(as_viewer: Client, nok: User, responder: User) -> None:
    now, before, over = (make_incident(responder, title, now=THEN) for title in ("Slow", "Hot", "Wet"))
    for incident in (now, before, over):
        assign_role(incident, role="scribe", person=nok, actor=nok, now=THEN)
    release_role(before.role_assignments.get(), actor=nok, now=LATER)
    Incident.objects.filter(pk=over.pk).update(status="resolved", resolved_at=LATER)
    page = page_of(as_viewer, nok)
    assert [title in part(page, "held") for title in ("Slow", "Hot", "Wet")] == [True, False, False]
    assert [title in part(page, "former") for title in ("Slow", "Hot", "Wet")] == [False, True, True]
    assert "10 Mar 2024, 15:00" in part(page, "former")
    assert part(page, "former").count("the end") == 1


def test_what_is_owed_is_there_and_what_is_late_is_marked(as_viewer: Client, nok: User, viewer: User) -> None:
    incident, today = make_incident(nok, now=THEN), timezone.localdate()
    for title, facts in {
        "Late": {"due_date": today - timedelta(days=9)},
        "Timely": {"due_date": today + timedelta(days=9)},
        "Done": {"status": "done"},
        "Theirs": {"owner_person": viewer},
    }.items():
        ActionItem.objects.create(incident=incident, title=title, **{"owner_person": nok, **facts})
    owed = part(page_of(as_viewer, nok), "owed")
    assert [title in owed for title in ("Late", "Timely", "Done", "Theirs")] == [True, True, False, False]
    assert owed.count("overdue since") == 1
    assert owed.index("Late") < owed.index("overdue since") < owed.index("Timely")


def test_the_newest_twenty_that_were_declared_and_the_way_to_all(as_viewer: Client, nok: User) -> None:
    made = [make_incident(nok, f"Number {n} of them", now=THEN) for n in range(21)]
    declared = part(page_of(as_viewer, nok), "declared")
    assert [n for n in range(21) if f"Number {n} of" in declared] == [*range(1, 21)]
    there = declared.partition("/incidents/?")[2].partition('"')[0]
    assert there == "person=nok&part=declared"
    assert f">{made[0].reference}<" in as_viewer.get(f"/incidents/?{there}").content.decode()


def test_nothing_of_what_is_restricted_is_told(as_viewer: Client, nok: User, responder: User) -> None:
    incident = make_incident(nok, "The secret one", now=THEN)
    for role in IncidentRole:
        RoleAssignment.objects.create(incident=incident, role=role, person=nok, taken_at=THEN)
    gone = {"released_at": LATER, "taken_at": THEN}
    RoleAssignment.objects.create(incident=incident, role="scribe", person=nok, **gone)
    ActionItem.objects.create(incident=incident, title="Secret action", owner_person=nok)
    assert page_of(as_viewer, nok).count("ecret") == len(IncidentRole) + 3
    assert as_viewer.get(ROLES).content.decode().count(incident.reference) == len(IncidentRole)
    Incident.objects.update(visibility="restricted")
    assert "ecret" not in page_of(as_viewer, nok)
    assert "INC-" not in page_of(as_viewer, nok)
    assert "INC-" not in as_viewer.get(ROLES).content.decode()


def test_the_roles_are_explained_with_those_who_hold_them_now(as_viewer: Client, nok: User, responder: User) -> None:
    ongoing, over = make_incident(responder, now=THEN), make_incident(responder, now=THEN)
    assign_role(ongoing, role="scribe", person=nok, actor=nok, now=THEN)
    assign_role(over, role="deputy", person=nok, actor=nok, now=THEN)
    Incident.objects.filter(pk=over.pk).update(status="resolved", resolved_at=LATER)
    page = unescape(as_viewer.get(ROLES).content.decode())
    for role in IncidentRole:
        assert str(role.label) in page
        assert role.duty in page
    assert [page.count(f">{incident.reference}<") for incident in (ongoing, over)] == [1, 0]
    assert nok.get_absolute_url() in page


def test_an_incident_leads_to_its_people_and_to_what_roles_are(as_viewer: Client, nok: User, responder: User) -> None:
    incident = make_incident(responder, now=THEN)
    assign_role(incident, role="commander", person=nok, actor=nok, now=THEN)
    ActionItem.objects.create(incident=incident, title="Add an alert", owner_person=nok)
    page = as_viewer.get(incident.get_absolute_url()).content.decode()
    roles = page.partition('id="roles-panel"')[2].partition("</section>")[0]
    items = page.partition('id="action-panel"')[2].partition("</section>")[0]
    assert nok.get_absolute_url() in roles
    assert nok.get_absolute_url() in items
    assert f'href="{ROLES}"' in roles


@pytest.mark.parametrize("key", ["0", "4711", "99999999999999999999"])
def test_who_is_not_there_is_not_there(as_viewer: Client, key: str) -> None:
    assert as_viewer.get(f"/people/{key}/overview/").status_code == 404


@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_they_are_only_read(as_administrator: Client, client: Client, nok: User, method: str) -> None:
    for here in (nok.get_absolute_url(), ROLES):
        assert getattr(as_administrator, method)(here).status_code == 405
        assert client.get(here).headers["Location"] == f"/accounts/login/?next={here}"


def test_the_pages_take_as_many_queries_for_many_rows_as_for_few(
    as_viewer: Client, nok: User, django_assert_num_queries: Any
) -> None:
    counts = {nok.get_absolute_url(): 9, ROLES: 3}
    for round_of in (range(2), range(2, 40)):
        for n in round_of:
            make_team(f"Team {n}").members.add(nok)
            incident, another = make_incident(nok, f"Number {n}", now=THEN), make_user(f"person {n}")
            ActionItem.objects.create(incident=incident, title=f"Item {n}", owner_person=nok)
            former = {"released_at": LATER, "taken_at": THEN}
            RoleAssignment.objects.create(incident=incident, role="scribe", person=nok, **former)
            for person in (nok, another):
                RoleAssignment.objects.create(incident=incident, role="expert", person=person, taken_at=THEN)
        for here, count in counts.items():
            with django_assert_num_queries(count):
                assert as_viewer.get(here).status_code == 200
