"""What a person sees when a request never reached its page."""

import pytest
from django.db import OperationalError
from django.test import Client, RequestFactory

from config.views import trouble
from tests.conftest import signed_in
from tests.factories import make_user

TYPED = "A long text about <what> happened"


def test_a_form_from_before_the_last_sign_in_shows_what_was_typed(db: None) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(make_user(), backend="allauth.account.auth_backends.AuthenticationBackend")
    response = client.post("/incidents/new/", {"title": TYPED, "csrfmiddlewaretoken": "stale"})
    assert response.status_code == 403
    assert "A long text about &lt;what&gt; happened" in response.content.decode()
    assert "stale" not in response.content.decode()


def test_an_address_that_is_not_allowed_names_the_setting(client: Client) -> None:
    response = client.get("/", headers={"host": "debrief.example.net"})
    assert response.status_code == 400
    assert "DEBRIEF_ALLOWED_HOSTS" in response.content.decode()


def test_more_than_twelve_megabytes_are_refused_with_a_sentence(db: None) -> None:
    client = signed_in(make_user())
    response = client.post("/incidents/new/", {"summary": "x" * 13 * 1024 * 1024})
    assert response.status_code == 400
    assert "larger than 12 MB" in response.content.decode()


def test_a_database_that_is_gone_before_the_page_is_reached_shows_what_was_typed() -> None:
    request = RequestFactory().post("/incidents/new/", {"title": TYPED, "password": "hidden word"})
    try:
        raise OperationalError("connection refused")
    except OperationalError:
        response = trouble(request)
    page = response.content.decode()
    assert response.status_code == 503
    assert "could not be reached" in page
    assert "A long text about &lt;what&gt; happened" in page
    assert "hidden word" not in page


def test_any_other_error_is_the_plain_page() -> None:
    request = RequestFactory().get("/")
    with pytest.raises(ZeroDivisionError):
        _divide()
    try:
        _divide()
    except ZeroDivisionError:
        assert trouble(request).status_code == 500


def _divide() -> float:
    return 1 / 0
