import re

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import ApiToken, Role, User
from tests.factories import make_token, make_user
from tests.lib.hostile import danger_in_page

LIST, CREATE = reverse("accounts:token_list"), reverse("accounts:token_create")
FACTS = {"name": "agent on db1", "scopes": ["restore-tests:report"]}
TEXT = re.compile(r"debrief_[0-9a-f]{72}")
ATTACK = "<script>alert(1)</script>"


def revocation(token: ApiToken) -> str:
    return reverse("accounts:token_revocation", args=[token.pk])


def test_the_token_is_shown_once_and_works(as_administrator: Client) -> None:
    response = as_administrator.post(CREATE, FACTS)
    page = response.content.decode()
    (text,) = set(TEXT.findall(page))
    assert "no-store" in response["Cache-Control"]
    assert f"--debrief {settings.BASE_URL} --token-file" in page
    assert ApiToken.objects.get().prefix == text[:16]
    for address in (LIST, CREATE):
        assert text not in as_administrator.get(address).content.decode()


def test_a_token_for_reading_is_shown_without_the_agent(as_administrator: Client) -> None:
    page = as_administrator.post(CREATE, FACTS | {"scopes": ["restore-tests:read"]}).content.decode()
    assert TEXT.search(page)
    assert "restore-test-agent.py" not in page


def test_the_list_says_what_each_is_and_whether_it_is_used(as_administrator: Client) -> None:
    token, _text = make_token()
    page = as_administrator.get(LIST).content.decode()
    for words in (token.prefix, "agent on db1", "Report restore tests (for agents)", "never", "Revoke"):
        assert words in page
    assert "No token has been made yet." not in page


def test_a_revoked_token_stays_in_the_list_with_who_did_it(as_administrator: Client) -> None:
    token, _text = make_token()
    page = as_administrator.post(revocation(token), follow=True).content.decode()
    assert "agent on db1 is revoked." in page
    assert "revoked by administrator" in page
    assert revocation(token) not in page


def test_the_token_of_somebody_who_left_is_shown_as_refused(as_administrator: Client) -> None:
    make_token(actor=make_user("nok", Role.ADMINISTRATOR))
    assert "refused" not in as_administrator.get(LIST).content.decode()
    User.objects.filter(username="nok").update(is_active=False)
    assert "refused: nok may no longer sign in" in as_administrator.get(LIST).content.decode()


@pytest.mark.parametrize("facts", [{"name": ""}, {"scopes": []}, {"scopes": ["all"]}, {"last_day": "2020-01-01"}])
def test_what_is_wrong_is_said_and_nothing_is_made(as_administrator: Client, facts: dict[str, object]) -> None:
    response = as_administrator.post(CREATE, FACTS | facts)
    assert response.status_code == 422
    assert "errorlist" in response.content.decode()
    assert not ApiToken.objects.exists()


@pytest.mark.parametrize("role", [Role.VIEWER, Role.RESPONDER])
def test_tokens_are_for_administrators_alone(client: Client, administrator: User, role: Role) -> None:
    token, _text = make_token(actor=administrator)
    client.force_login(make_user("somebody", role))
    answers = [client.get(LIST), client.get(CREATE), client.post(CREATE, FACTS), client.post(revocation(token))]
    assert [answer.status_code for answer in answers] == [403] * 4
    assert ApiToken.objects.get().revoked_at is None


@pytest.mark.parametrize(("address", "method"), [(LIST, "post"), (CREATE, "put"), ("/tokens/1/revocation/", "get")])
def test_no_other_method_is_taken(as_administrator: Client, address: str, method: str) -> None:
    assert getattr(as_administrator, method)(address).status_code == 405


def test_an_unknown_token_is_not_there(as_administrator: Client) -> None:
    assert as_administrator.post("/tokens/4711/revocation/").status_code == 404


def test_hostile_names_do_no_harm(as_administrator: Client) -> None:
    made = as_administrator.post(CREATE, FACTS | {"name": ATTACK}).content.decode()
    assert not danger_in_page(made)
    assert not danger_in_page(as_administrator.get(LIST).content.decode())


def test_the_list_takes_the_same_queries_for_many(as_administrator: Client) -> None:
    counts = []
    for _ in range(2):
        for _ in range(5):
            make_token()
        with CaptureQueriesContext(connection) as queries:
            as_administrator.get(LIST)
        counts.append(len(queries))
    assert counts[0] == counts[1]
