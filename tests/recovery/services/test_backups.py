"""From a row to the backup that it describes."""

from pathlib import Path

import pytest
from pytest_django import Settings

from recovery.errors import RestoreInconclusive
from recovery.methods.litestream_replica import LitestreamReplica
from recovery.services.backups import open_backup, read_secrets
from tests.factories import make_database, make_replica

pytestmark = pytest.mark.django_db


def test_of_a_database_elsewhere_no_path_here_is_its_source(tmp_path: Path, settings: Settings) -> None:
    settings.RECOVERY_ROOTS = []
    far = make_replica(make_database(path=tmp_path / "shop.db", host="db7"), "s3://backup/shop")
    backup = open_backup(far)
    assert isinstance(backup, LitestreamReplica)
    assert backup.source is None


@pytest.mark.parametrize("method", ["litestream", "sqlite_backup", "file_copy"])
def test_a_folder_of_another_host_is_not_opened_here(tmp_path: Path, method: str) -> None:
    replica = make_replica(make_database(host="db7"), tmp_path, method=method)
    with pytest.raises(RestoreInconclusive, match="in a folder of db7, where an agent tests it"):
        open_backup(replica)


@pytest.mark.parametrize("scheme", ["", "file://"])
def test_a_folder_outside_the_roots_is_not_read_however_it_is_written(
    tmp_path: Path, settings: Settings, scheme: str
) -> None:
    settings.RECOVERY_ROOTS = [tmp_path / "allowed"]
    replica = make_replica(make_database(path=tmp_path / "allowed" / "shop.db"), f"{scheme}{tmp_path}/outside")
    with pytest.raises(RestoreInconclusive, match="DEBRIEF_RECOVERY_ROOTS"):
        open_backup(replica)
    replica.destination = f"{scheme}{tmp_path}/allowed/replica"
    open_backup(replica)


def test_a_secret_that_is_not_there_is_named_with_where_it_should_be(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHOP_ID", "id")
    monkeypatch.delenv("SHOP_KEY", raising=False)
    secrets = {"access-key-id": "env:SHOP_ID", "secret-access-key": "env:SHOP_KEY"}
    with pytest.raises(RestoreInconclusive, match=r"“secret-access-key” cannot be read\. .* SHOP_KEY is not set"):
        read_secrets(secrets)
    with pytest.raises(RestoreInconclusive, match="“primary password” cannot be read"):
        read_secrets({"password": "env:SHOP_KEY"}, prefix="primary_")
    monkeypatch.setenv("SHOP_KEY", "key")
    assert read_secrets(secrets) == {"access-key-id": "id", "secret-access-key": "key"}
