"""Pages of databases and their replicas: everybody reads, administrators administer."""

from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

from recovery.models import Database, Replica
from tests.factories import make_database, make_replica, make_restore_test, make_team
from tests.recovery.methods.sqlite_files import make_database as make_file

LIST, CREATE = reverse("recovery:database_list"), reverse("recovery:database_create")


@pytest.fixture
def database(db: None) -> Database:
    return make_database("shop")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    (tmp_path / "backup" / "ltx").mkdir(parents=True)
    return make_file(tmp_path / "shop.db", "CREATE TABLE users (id); INSERT INTO users VALUES (1);")


def pages(database: Database) -> dict[str, str]:
    """The addresses that only administrators may open."""
    return {
        "create": CREATE,
        "edit": reverse("recovery:database_edit", args=[database.name]),
        "replica": reverse("recovery:replica_create", args=[database.name]),
    }


def test_everybody_reads_what_is_protected(as_viewer: Client, database: Database) -> None:
    make_database("untouched")
    test = make_restore_test(make_replica(database), rto_objective_seconds=1, rpo_objective_seconds=1)
    page = as_viewer.get(LIST).content.decode()
    assert [
        words in page
        for words in ("shop", "untouched", "Passed", "Never tested", "missed, objective 1 s", "met, objective 1 s")
    ] == [True] * 6
    detail = as_viewer.get(database.get_absolute_url()).content.decode()
    assert test.reference in detail
    assert "Run a restore test" not in detail
    assert "Add a replica" not in detail


def test_nothing_registered_yet_is_said(as_viewer: Client) -> None:
    assert "No database is registered yet." in as_viewer.get(LIST).content.decode()


def test_pages_for_writers_and_administrators_offer_what_they_may_do(
    as_responder: Client, as_administrator: Client, database: Database
) -> None:
    make_replica(database)
    offered = [as_responder.get(database.get_absolute_url()), as_administrator.get(database.get_absolute_url())]
    assert ["Run a restore test" in page.content.decode() for page in offered] == [True, True]
    assert ["Add a replica" in page.content.decode() for page in offered] == [False, True]


def test_a_database_and_a_replica_are_registered(as_administrator: Client, file: Path) -> None:
    sent = {"name": "shop", "path": str(file), "rpo_objective_seconds": "5", "rto_objective_seconds": ""}
    response = as_administrator.post(CREATE, sent)
    database = Database.objects.get()
    assert response.url == reverse("recovery:replica_create", args=["shop"])
    assert (database.path, database.rpo_objective_seconds, database.rto_objective_seconds) == (str(file), 5, None)
    response = as_administrator.post(
        f"{response.url}?kind=file", {"name": "local", "destination": str(file.parent / "backup")}
    )
    assert response.url == database.get_absolute_url()
    assert Replica.objects.get().destination == str(file.parent / "backup")


def test_path_objectives_and_owner_are_changed(as_administrator: Client, database: Database, file: Path) -> None:
    team = make_team()
    sent = {"path": str(file), "rpo_objective_seconds": "0", "rto_objective_seconds": "60", "team": str(team.pk)}
    address = pages(database)["edit"]
    assert as_administrator.post(address, sent).url == database.get_absolute_url()
    database.refresh_from_db()
    assert (database.rpo_objective_seconds, database.rto_objective_seconds, database.team) == (0, 60, team)
    assert database.path == str(file)
    assert 'value="60"' in as_administrator.get(address).content.decode()


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({"name": "shop", "path": "/gone/shop.db"}, "There is no file /gone/shop.db"),
        ({"name": "shop", "path": "/etc/hosts"}, "is not a SQLite database"),
        ({"name": "shop", "path": "shop.db"}, "Give the whole path"),
        ({"name": "shop", "path": "javascript:alert(1)"}, "Give the whole path"),
        ({"name": "<script>alert(1)</script>", "path": "/gone"}, "Use letters, digits"),
        ({"name": "new", "path": "FILE"}, "choose another"),
        ({"name": "taken", "path": "FILE"}, "already a database with this name"),
        ({"name": "ok", "path": "FILE", "rto_objective_seconds": "0"}, "greater than or equal to 1"),
        ({"name": "ok", "path": "FILE", "rpo_objective_seconds": "99999999999999999999"}, "less than or equal to"),
        ({"name": "ok", "path": "FILE", "team": "99999999999999999999"}, "valid choice"),
        ({"name": "ok", "path": "a\0b"}, "Null characters"),
        ({"name": "", "path": ""}, "This field is required"),
        ({"name": "x" * 81, "path": "FILE"}, "at most 80 characters"),
    ],
)
def test_what_cannot_be_registered_comes_back_with_what_was_typed(
    as_administrator: Client, file: Path, htmx: dict[str, str], sent: dict[str, str], words: str
) -> None:
    make_database("taken")
    sent = {name: text.replace("FILE", str(file)) for name, text in sent.items()}
    for headers in ({}, htmx):
        response = as_administrator.post(CREATE, sent, headers=headers)
        page = response.content.decode()
        assert response.status_code == 422
        assert words in page
        assert "<script>alert" not in page
        typed = [text.replace("<", "&lt;").replace(">", "&gt;") for text in sent.values() if "\0" not in text]
        assert [text for text in typed if f'value="{text}"' not in page and f'value="{text}" selected' not in page] in (
            [],
            ["99999999999999999999"],
        )
    assert Database.objects.count() == 1


@pytest.mark.parametrize(
    ("destination", "words"),
    [
        ("/gone/replica", "There is no folder /gone/replica"),
        ("/etc", "is not a Litestream replica"),
        ("/" + "x" * 300, "There is no folder"),
        ("<script>alert(1)</script>", "Give the whole path"),
    ],
)
def test_what_is_no_replica_comes_back_with_what_was_typed(
    as_administrator: Client, database: Database, destination: str, words: str
) -> None:
    sent = {"name": "local", "destination": destination}
    response = as_administrator.post(f"{pages(database)['replica']}?kind=file", sent)
    page = response.content.decode()
    assert response.status_code == 422
    assert words in page
    assert destination.replace("<", "&lt;").replace(">", "&gt;") in page
    assert "<script>alert" not in page
    assert not Replica.objects.exists()


def test_objectives_that_are_none_come_back(as_administrator: Client, database: Database) -> None:
    sent = {"path": "/typed/shop.db", "rpo_objective_seconds": "-1", "rto_objective_seconds": "soon"}
    response = as_administrator.post(pages(database)["edit"], sent)
    page = response.content.decode()
    assert response.status_code == 422
    assert 'value="-1"' in page
    assert 'value="/typed/shop.db"' in page
    assert 'value="soon"' in page


def test_a_path_that_is_none_comes_back(as_administrator: Client, database: Database) -> None:
    response = as_administrator.post(pages(database)["edit"], {"path": "/gone/other.db"})
    page = response.content.decode()
    assert response.status_code == 422
    assert "There is no file /gone/other.db" in page
    assert 'value="/gone/other.db"' in page


@pytest.mark.parametrize("page", ["create", "edit", "replica"])
def test_only_administrators_administer(
    as_viewer: Client, as_responder: Client, as_administrator: Client, database: Database, page: str
) -> None:
    address = pages(database)[page]
    assert as_administrator.get(address).status_code == 200
    for client in (as_viewer, as_responder):
        assert client.get(address).status_code == client.post(address).status_code == 403


@pytest.mark.parametrize("route", ["database", "database_edit", "replica_create"])
def test_an_unknown_database_is_404(as_administrator: Client, route: str) -> None:
    for name in ("gone", "<script>", "ไทย", "x" * 300):
        assert as_administrator.get(reverse(f"recovery:{route}", args=[name])).status_code == 404


def test_nobody_reads_without_signing_in(client: Client, database: Database) -> None:
    for address in (LIST, database.get_absolute_url(), *pages(database).values()):
        for response in (client.get(address), client.post(address)):
            assert response.status_code == 302
            assert response.url.startswith(reverse("account_login"))


def test_wrong_methods_are_405(as_administrator: Client, database: Database) -> None:
    for address in (LIST, database.get_absolute_url()):
        assert as_administrator.post(address).status_code == 405
    for address in pages(database).values():
        assert as_administrator.put(address).status_code == 405
