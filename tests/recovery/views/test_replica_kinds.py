"""Adding a replica of every kind."""

from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from recovery.models import Database, Replica
from recovery.services.replica_kinds import KINDS
from tests.factories import make_database, make_replica

ADDRESS = "recovery:replica_create"
S3 = {
    "name": "offsite",
    "destination": "s3://bucket/app",
    "option-endpoint": "https://minio.example.org:9000",
    "option-force-path-style": "yes",
    "option-sign-payload": "no",
    "secret-access-key-id": "env:SHOP_KEY_ID",
    "secret-secret-access-key": "env:SHOP_KEY",
}


@pytest.fixture
def database(db: None) -> Database:
    return make_database("shop")


@pytest.fixture
def orders(db: None) -> Database:
    return make_database("orders", path="", kind="postgresql", dsn="host=db1 user=debrief dbname=orders")


def address(database: Database, kind: str = "") -> str:
    return reverse(ADDRESS, args=[database.name]) + (f"?kind={kind}" if kind else "")


def test_every_kind_of_a_sqlite_database_is_offered_and_has_a_form(
    as_administrator: Client, database: Database
) -> None:
    page = as_administrator.get(address(database)).content.decode()
    for key, kind in KINDS.items():
        is_offered = kind.method != Replica.Method.POSTGRESQL_STREAMING
        assert (f'href="?kind={key}"' in page) == is_offered
        if is_offered:
            form = as_administrator.get(address(database, key)).content.decode()
            assert str(kind.example) in form
            assert all(f"-{option.name}" in form for option in kind.options)


def test_an_s3_replica_keeps_its_options_and_only_names_its_secrets(
    as_administrator: Client, database: Database
) -> None:
    assert as_administrator.post(address(database, "s3"), S3).url == database.get_absolute_url()
    replica = Replica.objects.get()
    assert (replica.method, replica.destination) == ("litestream", "s3://bucket/app")
    assert replica.options == {
        "endpoint": "https://minio.example.org:9000",
        "force-path-style": True,
        "sign-payload": False,
    }
    assert replica.secrets == {"access-key-id": "env:SHOP_KEY_ID", "secret-access-key": "env:SHOP_KEY"}
    edit = reverse("recovery:replica_edit", args=["shop", "offsite"])
    form = as_administrator.get(edit).context["form"]
    again = {name: form[name].value() or "" for name in form.fields}
    assert as_administrator.post(edit, again).status_code == 302
    replica.refresh_from_db()
    assert (replica.options["sign-payload"], replica.secrets["access-key-id"]) == (False, "env:SHOP_KEY_ID")


def test_a_secret_that_cannot_be_read_now_is_warned_of_and_saved_all_the_same(
    as_administrator: Client, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SHOP_KEY_ID", "id")
    monkeypatch.delenv("SHOP_KEY", raising=False)
    page = as_administrator.post(address(database, "s3"), S3, follow=True).content.decode()
    warning = "The secret “secret-access-key” cannot be read. The environment variable SHOP_KEY is not set."
    assert warning in page
    assert "“access-key-id” cannot be read" not in page
    assert Replica.objects.exists()
    edit = reverse("recovery:replica_edit", args=["shop", "offsite"])
    form = as_administrator.get(edit).context["form"]
    again = {name: form[name].value() or "" for name in form.fields}
    assert warning in as_administrator.post(edit, again, follow=True).content.decode()
    monkeypatch.setenv("SHOP_KEY", "key")
    assert "cannot be read" not in as_administrator.post(edit, again, follow=True).content.decode()


@pytest.mark.parametrize(
    ("kind", "changes", "words"),
    [
        ("s3", {"secret-secret-access-key": "hunter2"}, "Write where the secret is"),
        ("s3", {"secret-secret-access-key": "env:DEBRIEF_SECRET_KEY"}, "own setting"),
        ("s3", {"secret-secret-access-key": ""}, "This field is required"),
        ("s3", {"destination": "ftp://host/app"}, "no kind that Litestream knows"),
        ("backup-files", {"destination": "/nowhere/at/all", "option-pattern": "*.db"}, "There is no folder"),
        ("backup-files", {"destination": "/tmp", "option-pattern": ""}, "This field is required"),
    ],
)
def test_what_cannot_be_comes_back_with_a_sentence(
    as_administrator: Client, database: Database, kind: str, changes: dict[str, str], words: str
) -> None:
    response = as_administrator.post(address(database, kind), S3 | changes)
    assert response.status_code == 422
    assert words in response.content.decode()
    assert not Replica.objects.exists()


def test_backup_files_have_a_folder_and_a_pattern(as_administrator: Client, database: Database, tmp_path: Path) -> None:
    sent = {"name": "nightly", "destination": str(tmp_path), "option-pattern": "app-*.db.gz"}
    assert as_administrator.post(address(database, "backup-files"), sent).status_code == 302
    replica = Replica.objects.get()
    assert (replica.method, replica.options) == ("sqlite_backup", {"pattern": "app-*.db.gz"})


def test_a_postgresql_database_has_standbys_alone(as_administrator: Client, orders: Database) -> None:
    sent = {
        "name": "standby",
        "destination": "host=db2 user=debrief dbname=orders",
        "secret-password": "env:ORDERS_PASSWORD",
    }
    assert as_administrator.get(address(orders)).context["kind"].key == "standby"
    assert as_administrator.get(address(orders, "s3")).status_code == 200
    with_password = sent | {"destination": "host=db2 user=debrief dbname=orders password=hunter2"}
    refused = as_administrator.post(address(orders), with_password)
    assert refused.status_code == 422
    assert "has a password in it" in refused.content.decode()
    assert as_administrator.post(address(orders), sent).status_code == 302
    replica = Replica.objects.get()
    assert (replica.method, replica.secrets) == ("postgresql_streaming", {"password": "env:ORDERS_PASSWORD"})


def test_a_place_is_one_databases(as_administrator: Client, database: Database) -> None:
    make_replica(make_database("blog"), "s3://bucket/app")
    response = as_administrator.post(address(database, "s3"), S3)
    assert response.status_code == 422
    assert "is the replica “blog/local” already" in response.content.decode()


def test_who_is_no_administrator_adds_none(as_responder: Client, database: Database) -> None:
    assert as_responder.get(address(database)).status_code == 403
    assert as_responder.post(address(database, "s3"), S3).status_code == 403


@pytest.mark.parametrize("typed", ["wJalrXUtnFEMI/hush", "env:hush-hush"])
def test_a_secret_typed_in_place_of_a_reference_does_not_come_back(
    as_administrator: Client, database: Database, typed: str
) -> None:
    response = as_administrator.post(address(database, "s3"), S3 | {"secret-secret-access-key": typed})
    page = response.content.decode()
    assert response.status_code == 422
    assert "Write where the secret is" in page
    assert "hush" not in page
    # What else was typed stays, other references among it.
    assert 'value="env:SHOP_KEY_ID"' in page
    assert 'value="s3://bucket/app"' in page


def test_a_page_that_could_not_be_saved_shows_no_secret_that_was_typed(administrator: User, database: Database) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(administrator)
    page = client.post(address(database, "s3"), S3 | {"secret-secret-access-key": "hush"}).content.decode()
    assert "s3://bucket/app" in page
    assert "hush" not in page


def test_a_password_in_an_address_does_not_come_back(as_administrator: Client, orders: Database) -> None:
    typed = {"name": "standby", "destination": "host=db2 user=me password=hush dbname=orders"}
    response = as_administrator.post(address(orders, "standby"), typed)
    page = response.content.decode()
    assert response.status_code == 422
    assert "hush" not in page
    assert 'value="host=db2 user=me dbname=orders"' in page
