from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from accounts.models import User
from recovery.models import Database, Replica
from tests.factories import make_database, make_replica
from tests.faults.backup import Backup

pytestmark = pytest.mark.django_db
IMPORT = "/recovery/litestream-import/"


@pytest.fixture
def text(tmp_path: Path) -> str:
    backup = Backup(tmp_path)
    backup.write(1)
    replica = "{url: 's3://bucket/app', access-key-id: '${KEY}', secret-access-key: hunter22}"
    return f"dbs:\n- path: {backup.source}\n  replica: {replica}\n"


def test_a_configuration_is_shown_and_then_registered(client: Client, administrator: User, text: str) -> None:
    client.force_login(administrator)
    assert client.get(IMPORT).status_code == 200
    page = client.post(IMPORT, {"text": text})
    assert page.status_code == 200
    assert "What would be registered" in page.content.decode()
    assert "hunter22" not in page.content.decode()
    assert not Database.objects.exists()
    page = client.post(IMPORT, {"text": page.context["text"], "confirm": "yes"}, follow=True)
    assert "2 things were registered." in page.content.decode()
    assert Replica.objects.get().secrets["access-key-id"] == "env:KEY"
    assert "nothing new in it" in client.post(IMPORT, {"text": text}).content.decode()


def test_a_file_is_taken_as_well(client: Client, administrator: User, text: str) -> None:
    client.force_login(administrator)
    page = client.post(IMPORT, {"file": SimpleUploadedFile("litestream.yml", text.encode())})
    assert page.context["found"].new_count == 2


@pytest.mark.parametrize("said", [{}, {"text": "dbs: 7"}, {"file": b"\xff"}])
def test_what_is_no_configuration_is_refused(client: Client, administrator: User, said: dict[str, object]) -> None:
    client.force_login(administrator)
    data = {
        name: SimpleUploadedFile("litestream.yml", value) if isinstance(value, bytes) else value
        for name, value in said.items()
    }
    page = client.post(IMPORT, data)
    assert page.status_code == 422
    assert page.context["form"].errors


def test_only_administrators_import(client: Client, responder: User, text: str) -> None:
    assert client.get(IMPORT).status_code == 302
    client.force_login(responder)
    assert client.get(IMPORT).status_code == 403
    assert client.post(IMPORT, {"text": text, "confirm": "yes"}).status_code == 403
    assert not Database.objects.exists()


def test_what_could_not_be_registered_stays_on_the_page(client: Client, administrator: User) -> None:
    client.force_login(administrator)
    page = client.post(IMPORT, {"text": "dbs: [{path: /nowhere/app.db}]", "confirm": "yes"})
    assert "cannot be registered" in page.content.decode()


def test_files_for_replication_are_ready(client: Client, responder: User, tmp_path: Path) -> None:
    database = make_database("shop", tmp_path / "shop.db")
    make_replica(database, tmp_path / "replica")
    client.force_login(responder)
    address = f"{database.get_absolute_url()}replication/"
    page = client.get(address)
    assert f"path: {tmp_path}/replica" in page.content.decode()
    example = client.get(address, {"place": "example-s3"}).content.decode()
    assert "${SHOP_ACCESS_KEY_ID}" in example
    assert "retention: 72h" in example
    for name in page.context["files"]:
        saved = client.get(f"{address}{name}/")
        assert saved["Content-Disposition"] == f'attachment; filename="{name}"'
        assert saved.content.decode() == page.context["files"][name]
    assert client.get(f"{address}passwd/").status_code == 404


def test_a_postgresql_database_has_no_such_page(client: Client, responder: User) -> None:
    database = Database.objects.create(name="pg", kind="postgresql", dsn="host=db1 dbname=shop")
    client.force_login(responder)
    assert client.get(f"{database.get_absolute_url()}replication/").status_code == 404


def test_the_configuration_of_another_machine_keeps_its_host_through_the_preview(as_administrator: Client) -> None:
    text = "dbs: [{path: /data/app.db, replica: {url: 's3://backup/app'}}]"
    page = as_administrator.post(IMPORT, {"text": text, "host": "db7"})
    assert '<input type="hidden" name="host" value="db7">' in page.content.decode()
    as_administrator.post(IMPORT, {"text": page.context["text"], "host": page.context["host"], "confirm": "yes"})
    assert (Database.objects.get().host, Replica.objects.count()) == ("db7", 1)
