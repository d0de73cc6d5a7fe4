import pytest
from django.contrib.auth import SESSION_KEY
from django.test import Client
from django.urls import NoReverseMatch, reverse

from accounts.models import User
from accounts.services.people import add_person, first_administrator_link_path, password_link_path

PASSWORD = "correct horse battery staple"
LOGIN = "/accounts/login/"


def is_signed_in(client: Client) -> bool:
    return SESSION_KEY in client.session


def follow(client: Client, link: str, password: str = PASSWORD) -> str:
    """Open a password link and send its form; the page after that."""
    opened = client.get(link, follow=True)
    assert "Choose a password" in opened.content.decode()
    address = opened.redirect_chain[-1][0]
    return client.post(address, {"password1": password, "password2": password}, follow=True).content.decode()


@pytest.mark.django_db
def test_the_first_administrators_link_works_once(client: Client) -> None:
    link = first_administrator_link_path()
    assert link
    follow(client, link)
    assert is_signed_in(client)
    assert client.get(reverse("accounts:person_list")).status_code == 200
    assert first_administrator_link_path() is None
    again = Client().get(link, follow=True).content.decode()
    assert "This link no longer works" in again
    assert "It was used before, or is older than three days." in again
    assert 'name="password1"' not in again


@pytest.mark.parametrize("link", ["/accounts/password/1-abc-def/", "/accounts/password/zzzzzzzzzzzzz-x/"])
@pytest.mark.django_db
def test_a_link_that_was_never_made_says_so(client: Client, link: str) -> None:
    assert "This link no longer works" in client.get(link, follow=True).content.decode()


def test_a_link_ends_after_three_days(client: Client, viewer: User, settings: object) -> None:
    link = password_link_path(viewer)
    settings.PASSWORD_RESET_TIMEOUT = -1  # type: ignore[attr-defined]
    assert "This link no longer works" in client.get(link, follow=True).content.decode()


@pytest.mark.parametrize("password", ["short", "password123", "1234567890"])
def test_a_weak_password_is_refused_and_the_link_still_works(client: Client, viewer: User, password: str) -> None:
    link = password_link_path(viewer)
    page = follow(client, link, password)
    assert "This password is too" in page
    assert not is_signed_in(client)
    follow(client, link)
    assert is_signed_in(client)


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["ann", "ANN", "ann@example.org", "Ann@Example.org"])
def test_people_sign_in_by_user_name_or_address(client: Client, name: str) -> None:
    person = add_person(username="ann", name="Ann", email="ann@example.org", role="viewer")
    person.set_password(PASSWORD)
    person.save()
    response = client.post(LOGIN, {"login": name, "password": PASSWORD})
    assert (response.status_code, response.headers["Location"]) == (302, "/")
    assert is_signed_in(client)


@pytest.mark.parametrize(("login", "password"), [("viewer", "wrong"), ("nobody", "a good password"), ("viewer", "")])
def test_a_wrong_password_is_told_without_saying_whether_the_name_exists(
    client: Client, viewer: User, login: str, password: str
) -> None:
    page = client.post(LOGIN, {"login": login, "password": password}).content.decode()
    assert not is_signed_in(client)
    assert f'value="{login}"' in page
    assert "a good password" not in page
    if password:
        assert "The username and/or password you specified are not correct." in page


@pytest.mark.parametrize("is_by_link", [True, False])
def test_who_may_not_sign_in_is_told_so(client: Client, viewer: User, is_by_link: bool) -> None:
    viewer.is_active = False
    viewer.save()
    if is_by_link:
        page = follow(client, password_link_path(viewer))
    else:
        page = client.post(LOGIN, {"login": "viewer", "password": "a good password"}, follow=True).content.decode()
    assert "You may not sign in at the moment. Ask an administrator to let you in again." in page
    assert not is_signed_in(client)


def test_a_session_ends_when_somebody_may_no_longer_sign_in(as_viewer: Client, viewer: User) -> None:
    assert as_viewer.get("/").status_code == 200
    viewer.is_active = False
    viewer.save()
    assert as_viewer.get("/").status_code == 302


@pytest.mark.parametrize(
    ("wanted", "reached"),
    [
        ("/profile/", "/profile/"),
        ("//evil.example/", "/"),
        ("https://evil.example/", "/"),
        ("javascript:alert(1)", "/"),
    ],
)
def test_sign_in_leads_back_to_where_one_was_going_and_nowhere_else(
    client: Client, viewer: User, wanted: str, reached: str
) -> None:
    sent = {"login": "viewer", "password": "a good password", "next": wanted}
    assert client.post(LOGIN, sent).headers["Location"] == reached


@pytest.mark.parametrize("path", ["signup", "email", "password/reset", "inactive", "confirm-email", "social/signup"])
@pytest.mark.django_db
def test_nobody_signs_up_by_themselves(client: Client, as_administrator: Client, path: str) -> None:
    for visitor in (client, as_administrator):
        assert visitor.get(f"/accounts/{path}/").status_code == 404
        assert visitor.post(f"/accounts/{path}/", {"username": "x", "password1": PASSWORD}).status_code == 404
    with pytest.raises(NoReverseMatch):
        reverse("account_signup")
    assert User.objects.count() == 1


def test_signing_out_takes_a_click_and_ends_the_session(as_viewer: Client) -> None:
    assert "Sign out?" in as_viewer.get("/accounts/logout/").content.decode()
    assert is_signed_in(as_viewer)
    assert as_viewer.post("/accounts/logout/").headers["Location"] == LOGIN
    assert not is_signed_in(as_viewer)


def test_a_password_is_changed_by_whoever_knows_the_old_one(as_viewer: Client, viewer: User) -> None:
    sent = {"oldpassword": "wrong", "password1": PASSWORD, "password2": PASSWORD}
    assert "Please type your current password." in as_viewer.post("/accounts/password/", sent).content.decode()
    assert as_viewer.post("/accounts/password/", sent | {"oldpassword": "a good password"}).status_code == 302
    viewer.refresh_from_db()
    assert viewer.check_password(PASSWORD)
    assert as_viewer.get("/").status_code == 200


def test_forms_from_elsewhere_are_refused(viewer: User, administrator: User) -> None:
    visitor = Client(enforce_csrf_checks=True)
    visitor.force_login(administrator)
    for address in ("/incidents/new/", "/people/new/", "/profile/", "/accounts/logout/"):
        assert visitor.post(address, {"title": "x"}).status_code == 403
