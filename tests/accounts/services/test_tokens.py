import hashlib
import re
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.errors import AccountError
from accounts.models import ApiToken, Scope, User
from accounts.services.people import change_person
from accounts.services.tokens import create_token, recognise_token, revoke_token
from tests.factories import NOW, make_token, make_user


def test_a_token_is_nowhere_but_in_the_answer(administrator: User) -> None:
    token, text = make_token(actor=administrator)
    assert re.fullmatch(r"debrief_[0-9a-f]{72}", text)
    stored = str(ApiToken.objects.values().get())
    assert text not in stored
    assert text.removeprefix("debrief_") not in stored
    assert token.sha256 == hashlib.sha256(text.encode()).hexdigest()
    # What lists show leaves 256 bits that nobody sees.
    assert text.startswith(token.prefix)
    assert (len(text) - len(token.prefix)) * 4 >= 256


def test_no_two_tokens_are_alike(administrator: User) -> None:
    assert len({make_token(actor=administrator)[1] for _ in range(20)}) == 20


def test_a_token_is_recognised_by_its_whole_text_alone(administrator: User) -> None:
    token, text = make_token(actor=administrator)
    assert recognise_token(text, now=NOW) == token
    for other in ("", text[:-1], text + "0", text.upper(), token.sha256, token.prefix, "\udcff", "x" * 10_000):
        with pytest.raises(AccountError, match="not known"):
            recognise_token(other, now=NOW)


def test_its_use_is_noted_once_a_minute(administrator: User) -> None:
    _token, text = make_token(actor=administrator)
    moments = [NOW, NOW + timedelta(seconds=59), NOW + timedelta(seconds=60)]
    noted = []
    for moment in moments:
        recognise_token(text, now=moment)
        noted.append(ApiToken.objects.get().last_used_at)
    assert noted == [NOW, NOW, moments[2]]


def test_a_revoked_token_is_refused_for_good(administrator: User) -> None:
    token, text = make_token(actor=administrator)
    other = make_user("other", "administrator")
    revoke_token(token, actor=administrator, now=NOW)
    again = revoke_token(token, actor=other, now=NOW + timedelta(days=1))
    assert (again.revoked_at, again.revoked_by) == (NOW, administrator)
    with pytest.raises(AccountError, match="revoked"):
        recognise_token(text, now=NOW)


def test_the_token_of_somebody_who_may_not_sign_in_is_refused(administrator: User) -> None:
    other = make_user("other", "administrator")
    _token, text = make_token(actor=other)
    facts = {"name": "", "email": "", "role": "administrator"}
    other = change_person(other, **facts, is_active=False)
    with pytest.raises(AccountError, match="may no longer sign in"):
        recognise_token(text, now=NOW)
    change_person(other, **facts, is_active=True)
    recognise_token(text, now=NOW)


def test_it_works_to_the_end_of_its_last_day(administrator: User) -> None:
    _token, text = make_token(actor=administrator, last_day=date(2026, 11, 23))
    recognise_token(text, now=NOW.replace(day=23, hour=23, minute=59))
    with pytest.raises(AccountError, match="expired"):
        recognise_token(text, now=NOW.replace(day=24, hour=0))


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({"scopes": []}, "what the token allows"),
        ({"scopes": ["everything"]}, "what the token allows"),
        ({"last_day": date(2026, 11, 21)}, "day has passed"),
    ],
)
def test_what_makes_no_sense_is_refused(administrator: User, facts: dict[str, object], words: str) -> None:
    known = {"name": "agent", "scopes": [Scope.READ_RESTORE_TESTS], "actor": administrator, "now": NOW}
    with pytest.raises(AccountError, match=words):
        create_token(**known | facts)  # type: ignore[arg-type]
    assert not ApiToken.objects.exists()


def test_the_text_is_in_no_query(administrator: User) -> None:
    with CaptureQueriesContext(
        connection,
    ) as queries:
        _token, text = make_token(actor=administrator)
        recognise_token(text, now=NOW)
    assert queries.captured_queries
    assert text not in str(queries.captured_queries)
