from collections.abc import Callable
from itertools import product
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from accounts.errors import AccountError
from accounts.models import Role, User
from accounts.models.user import validate_time_zone
from accounts.queries import has_administrator_with_password, list_active_people, list_people, list_teams
from accounts.services.people import (
    add_person,
    change_person,
    first_administrator,
    first_administrator_link_path,
    password_link_path,
)
from tests.factories import make_team, make_user

FACTS: dict[str, Any] = {"name": "Ann", "email": "ann@example.org", "role": "responder"}


@pytest.fixture
def stored(db: None) -> Callable[[], list[dict[str, Any]]]:
    return lambda: list(User.objects.order_by("pk").values())


@pytest.mark.parametrize(("role", "is_active"), list(product(Role, [True, False])))
def test_roles_say_who_writes_and_who_administers(role: Role, is_active: bool) -> None:
    user = User(role=role, is_active=is_active)
    assert user.is_writer == (is_active and role is not Role.VIEWER)
    assert user.is_administrator == (is_active and role is Role.ADMINISTRATOR)


def test_a_person_is_called_by_name_or_else_by_user_name() -> None:
    assert (str(User(username="ann")), str(User(username="ann", name="Ann"))) == ("ann", "Ann")


@pytest.mark.parametrize(("name", "is_good"), [("Asia/Bangkok", True), ("UTC", True), ("Mars", False), ("../x", False)])
def test_a_timezone_is_one_that_the_database_knows(name: str, is_good: bool) -> None:
    if is_good:
        validate_time_zone(name)
    else:
        with pytest.raises(ValidationError, match="is not a timezone; use a name such as Asia/Bangkok"):
            validate_time_zone(name)


@pytest.mark.django_db
def test_somebody_new_has_no_password_yet() -> None:
    person = add_person(username="ann", **FACTS)
    assert (person.username, person.name, person.email, person.role) == ("ann", "Ann", "ann@example.org", "responder")
    assert not person.has_usable_password()


@pytest.mark.parametrize(
    ("username", "email", "field"),
    [("ANN", "", "username"), ("ann", "x@example.org", "username"), ("bob", "Ann@Example.org", "email")],
)
def test_names_and_addresses_are_taken_once(stored: Any, username: str, email: str, field: str) -> None:
    add_person(username="ann", **FACTS)
    known = stored()
    with pytest.raises(AccountError) as refusal:
        add_person(username=username, **FACTS | {"email": email})
    assert refusal.value.field == field
    assert stored() == known


@pytest.mark.django_db
def test_several_people_may_have_no_address() -> None:
    for username in ("ann", "bob"):
        add_person(username=username, **FACTS | {"email": ""})
    assert User.objects.filter(email="").count() == 2


@pytest.mark.parametrize(("role", "is_active"), [("responder", True), ("viewer", True), ("administrator", False)])
def test_the_last_administrator_stays_one(administrator: User, stored: Any, role: str, is_active: bool) -> None:
    make_user("gone", Role.ADMINISTRATOR, is_active=False)
    known = stored()
    with pytest.raises(AccountError, match="This is the last administrator") as refusal:
        change_person(administrator, name="", email="", role=role, is_active=is_active)
    assert refusal.value.field == "role"
    assert stored() == known
    make_user("second", Role.ADMINISTRATOR)
    changed = change_person(administrator, name="", email="", role=role, is_active=is_active)
    assert (changed.role, changed.is_active) == (role, is_active)


def test_an_address_of_somebody_else_is_refused(administrator: User, stored: Any) -> None:
    add_person(username="ann", **FACTS)
    known = stored()
    facts: dict[str, Any] = {"name": "", "role": "administrator", "is_active": True}
    with pytest.raises(AccountError) as refusal:
        change_person(administrator, email="ANN@example.org", **facts)
    assert refusal.value.field == "email"
    assert stored() == known
    assert change_person(administrator, email="own@example.org", **facts).email == "own@example.org"
    assert change_person(administrator, email="OWN@example.org", **facts)


@pytest.mark.django_db
def test_a_new_installation_has_one_link_until_a_password_is_set() -> None:
    assert not has_administrator_with_password()
    link = first_administrator_link_path()
    person = User.objects.get()
    assert link
    assert (person.username, person.role) == ("admin", "administrator")
    assert first_administrator_link_path()
    assert User.objects.count() == 1
    person.set_password("a good password")
    person.save()
    assert has_administrator_with_password()
    assert first_administrator_link_path() is None


@pytest.mark.django_db
def test_the_first_administrator_takes_a_name_that_is_free_and_may_sign_in() -> None:
    make_user("admin", Role.VIEWER)
    make_user("gone", Role.ADMINISTRATOR, is_active=False)
    made = first_administrator()
    assert made.username not in ("admin", "gone")
    assert first_administrator() == made
    assert not has_administrator_with_password()


def test_each_link_belongs_to_one_person_and_one_password(administrator: User, viewer: User) -> None:
    first = password_link_path(viewer)
    assert first != password_link_path(administrator)
    viewer.set_password("another good password")
    viewer.save()
    assert password_link_path(viewer) != first


def test_lists_are_in_order_and_leave_out_who_may_not_sign_in(administrator: User) -> None:
    make_user("zoe", name="Ann")
    make_user("gone", name="Aaron", is_active=False)
    assert [person.username for person in list_people()] == ["administrator", "gone", "zoe"]
    assert [person.username for person in list_active_people()] == ["administrator", "zoe"]
    for name in ("b", "a"):
        make_team(name)
    assert [str(team) for team in list_teams()] == ["a", "b"]


def test_a_role_out_of_nowhere_is_refused_by_the_database(viewer: User) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.update(role="king")
