"""Registering PostgreSQL databases."""

import pytest
from django.test import Client
from django.urls import reverse

from recovery.models import Database

ADDRESS = "/recovery/databases/new/?kind=postgresql"
SENT = {"name": "orders", "dsn": "host=db1 user=debrief dbname=orders", "password": "env:ORDERS_PASSWORD"}


def test_it_is_registered_and_changed(as_administrator: Client) -> None:
    assert as_administrator.get(ADDRESS).status_code == 200
    response = as_administrator.post(ADDRESS, SENT | {"rto_objective_seconds": "30"})
    assert response.url == reverse("recovery:replica_create", args=["orders"])
    database = Database.objects.get()
    assert (database.kind, database.dsn, database.path) == ("postgresql", SENT["dsn"], "")
    assert (database.secrets, database.rto_objective_seconds) == ({"password": "env:ORDERS_PASSWORD"}, 30)
    edit = reverse("recovery:database_edit", args=["orders"])
    assert 'value="env:ORDERS_PASSWORD"' in as_administrator.get(edit).content.decode()
    as_administrator.post(edit, {"dsn": "host=db9 user=debrief dbname=orders", "password": ""})
    database.refresh_from_db()
    assert (database.dsn, database.secrets) == ("host=db9 user=debrief dbname=orders", {})


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"dsn": "host=db1 user=x dbname=y password=hunter2"}, "has a password in it"),
        ({"dsn": "host=db1"}, "has no “user”"),
        ({"password": "hunter2"}, "Write where the secret is"),
        ({"name": "new"}, "meaning of its own"),
    ],
)
def test_what_cannot_be_comes_back_with_a_sentence(
    as_administrator: Client, changes: dict[str, str], words: str
) -> None:
    response = as_administrator.post(ADDRESS, SENT | changes)
    assert response.status_code == 422
    assert words in response.content.decode()
    assert not Database.objects.exists()
