from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Role, User
from tests.factories import make_team, make_user
from tests.lib.hostile import danger_in_page

ATTACK = "<script>alert(1)</script> [x](javascript:alert(1))"
NEW = {"username": "ann", "name": "Ann", "email": "ann@example.org", "role": "responder"}


@pytest.fixture
def stored(db: None) -> Callable[[], list[dict[str, Any]]]:
    return lambda: list(User.objects.order_by("pk").values())


def address(name: str, person: User) -> str:
    return reverse(f"accounts:{name}", args=[person.pk] if name in ("person_edit", "person_link_create") else [])


PAGES = ["person_list", "person_create", "person_edit", "person_link_create"]


@pytest.mark.parametrize("name", [name for name in PAGES if name != "person_list"])
@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("role", [Role.VIEWER, Role.RESPONDER])
def test_people_are_changed_by_administrators_alone(
    client: Client, administrator: User, stored: Any, name: str, method: str, role: Role
) -> None:
    client.force_login(make_user("somebody", role))
    known = stored()
    response = getattr(client, method)(address(name, administrator), NEW)
    wrong_method = (name, method) == ("person_link_create", "get")
    assert response.status_code == (405 if wrong_method else 403)
    assert wrong_method or "Only administrators change this. Ask one of them." in response.content.decode()
    assert stored() == known


def test_everybody_reads_who_there_is_and_administrators_who_there_was(
    as_viewer: Client, as_administrator: Client, viewer: User
) -> None:
    make_team("Payments").members.add(viewer)
    gone = make_user("gone", is_active=False)
    read, changed = (client.get("/people/").content.decode() for client in (as_viewer, as_administrator))
    assert viewer.get_absolute_url() in read
    assert "Payments" in read
    for kept in (gone.get_absolute_url(), "Last signed in", "/people/new/", address("person_edit", viewer) + '"'):
        assert (kept in read, kept in changed) == (False, True), kept
    assert "<form method" not in read.partition("<main")[2]


@pytest.mark.parametrize("name", [*PAGES, "profile_edit"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_nothing_is_shown_to_whoever_is_not_signed_in(
    client: Client, administrator: User, name: str, method: str
) -> None:
    here = address(name, administrator)
    assert getattr(client, method)(here).headers["Location"] == f"/accounts/login/?next={here}"


@pytest.mark.parametrize("name", [*PAGES, "profile_edit"])
@pytest.mark.parametrize("method", ["put", "delete"])
def test_no_other_method_is_taken(as_administrator: Client, administrator: User, name: str, method: str) -> None:
    assert getattr(as_administrator, method)(address(name, administrator)).status_code == 405


@pytest.mark.parametrize("name", ["person_edit", "person_link_create"])
@pytest.mark.parametrize("pk", ["0", "4711", "99999999999999999999"])
def test_an_unknown_person_is_not_there(as_administrator: Client, name: str, pk: str) -> None:
    here = reverse(f"accounts:{name}", args=[1]).replace("/1/", f"/{pk}/")
    assert as_administrator.post(here, NEW).status_code == 404


def test_the_list_names_everyone_in_as_many_queries_however_many_they_are(
    as_administrator: Client, django_assert_num_queries: Any
) -> None:
    for numbers in (range(3), range(3, 60)):
        for n in numbers:
            make_team(f"Team {n % 5}").members.add(make_user(f"person{n}"))
        with django_assert_num_queries(4):
            page = as_administrator.get(reverse("accounts:person_list")).content.decode()
        assert all(f"person{n}" in page for n in numbers)


def test_somebody_is_added_and_their_link_shown_once(as_administrator: Client, client: Client) -> None:
    response = as_administrator.post(reverse("accounts:person_create"), NEW)
    page = response.content.decode()
    assert response.status_code == 200
    link = page.partition("<code>")[2].partition("</code>")[0]
    assert link.startswith("http://testserver/accounts/password/")
    assert "Choose a password" in client.get(link.removeprefix("http://testserver"), follow=True).content.decode()
    assert User.objects.get(username="ann").role == "responder"


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"username": ""}, "This field is required."),
        ({"username": "a b"}, "Enter a valid username."),
        ({"username": "ADMINISTRATOR"}, "There is already somebody with this user name; choose another."),
        ({"name": ""}, "This field is required."),
        ({"email": "nobody"}, "Enter a valid email address."),
        ({"role": "king"}, "Select a valid choice."),
        ({"name": "x" * 121}, "Ensure this value has at most 120 characters"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(
    as_administrator: Client, stored: Any, wrong: dict[str, str], sentence: str
) -> None:
    known, typed = stored(), NEW | wrong
    response = as_administrator.post(reverse("accounts:person_create"), typed)
    page = response.content.decode()
    assert response.status_code == 422
    assert sentence in page
    assert all(f'value="{typed[name]}"' in page for name in ("username", "name", "email") if typed[name])
    assert stored() == known


def test_somebody_is_changed(as_administrator: Client, viewer: User) -> None:
    sent = {"name": "Vera", "email": "", "role": "responder"}
    response = as_administrator.post(address("person_edit", viewer), sent)
    assert response.headers["Location"] == reverse("accounts:person_list")
    viewer.refresh_from_db()
    assert (viewer.name, viewer.role, viewer.is_active) == ("Vera", "responder", False)
    assert "may not sign in" in as_administrator.get(reverse("accounts:person_list")).content.decode()


def test_the_last_administrator_stays_one(as_administrator: Client, administrator: User, stored: Any) -> None:
    known = stored()
    response = as_administrator.post(address("person_edit", administrator), {"name": "typed", "role": "viewer"})
    page = response.content.decode()
    assert response.status_code == 422
    assert "This is the last administrator. Make somebody else administrator first." in page
    assert 'value="typed"' in page
    assert stored() == known


def test_a_role_taken_away_is_gone_at_once(as_responder: Client, as_administrator: Client, responder: User) -> None:
    assert as_responder.get("/incidents/new/").status_code == 200
    sent = {"name": "x", "role": "viewer", "is_active": "on"}
    assert as_administrator.post(address("person_edit", responder), sent).status_code == 302
    assert as_responder.get("/incidents/new/").status_code == 403
    as_administrator.post(address("person_edit", responder), sent | {"is_active": ""})
    responder.refresh_from_db()
    assert as_responder.get("/").status_code == (200 if responder.is_active else 302)


def test_people_set_their_name_and_timezone(as_viewer: Client, viewer: User, stored: Any) -> None:
    here = reverse("accounts:profile_edit")
    known = stored()
    assert as_viewer.get(here).status_code == 200
    response = as_viewer.post(here, {"name": "typed", "time_zone": "Mars/Phobos"})
    assert response.status_code == 422
    assert 'value="typed"' in response.content.decode()
    assert stored() == known
    assert as_viewer.post(here, {"name": "Vera", "time_zone": "Asia/Bangkok"}, follow=True).status_code == 200
    viewer.refresh_from_db()
    assert (viewer.name, viewer.time_zone, viewer.role) == ("Vera", "Asia/Bangkok", "viewer")


def test_nobody_raises_their_own_role(as_viewer: Client, viewer: User) -> None:
    as_viewer.post(reverse("accounts:profile_edit"), {"name": "", "role": "administrator", "is_superuser": "on"})
    viewer.refresh_from_db()
    assert (viewer.role, viewer.is_superuser) == ("viewer", False)


def test_names_that_attack_stay_text(as_administrator: Client, administrator: User) -> None:
    administrator.name = ATTACK
    administrator.email = '"<script>"@example.org'
    administrator.save()
    for name in ("person_list", "person_create", "person_edit", "profile_edit"):
        page = as_administrator.get(address(name, administrator)).content.decode()
        assert danger_in_page(page) == []
        assert "&lt;script&gt;" in page
    sent = NEW | {"name": ATTACK, "username": ATTACK}
    assert danger_in_page(as_administrator.post(reverse("accounts:person_create"), sent).content.decode()) == []
