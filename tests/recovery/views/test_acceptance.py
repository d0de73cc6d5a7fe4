"""Accepting a failed result on its page."""

import pytest
from django.test import Client
from django.urls import reverse

from recovery.models import RestoreTest
from tests.factories import make_restore_test

SHRUNK = [{"name": "no_shrinkage", "passed": False, "outcome": "failed", "message": "Rows are gone."}]


@pytest.fixture
def shrunk(db: None) -> RestoreTest:
    return make_restore_test(status="failed", checks=SHRUNK)


def address_of(test: RestoreTest) -> str:
    return reverse("recovery:test_acceptance", args=[test.number])


def test_it_is_accepted_and_taken_back(as_administrator: Client, shrunk: RestoreTest) -> None:
    assert "Accept as how it should be" in as_administrator.get(shrunk.get_absolute_url()).content.decode()
    page = as_administrator.post(address_of(shrunk), follow=True).content.decode()
    assert "Accepted as how it should be by" in page
    shrunk.replica.refresh_from_db()
    assert shrunk.replica.accepted_test == shrunk
    page = as_administrator.post(address_of(shrunk), {"undo": "yes"}, follow=True).content.decode()
    assert "Accept as how it should be" in page
    shrunk.replica.refresh_from_db()
    assert shrunk.replica.accepted_test is None


def test_what_cannot_be_accepted_says_why(as_administrator: Client, db: None) -> None:
    passed = make_restore_test()
    assert "Accept as how it should be" not in as_administrator.get(passed.get_absolute_url()).content.decode()
    assert "cannot be accepted" in as_administrator.post(address_of(passed), follow=True).content.decode()


def test_only_administrators_accept(as_responder: Client, shrunk: RestoreTest) -> None:
    assert "Accept as how it should be" not in as_responder.get(shrunk.get_absolute_url()).content.decode()
    assert as_responder.post(address_of(shrunk)).status_code == 403
