"""From a row to the backup that it describes."""

from pathlib import Path

import pytest
from pytest_django import Settings

from recovery.errors import RestoreInconclusive
from recovery.services.backups import open_backup
from tests.factories import make_database, make_replica

pytestmark = pytest.mark.django_db


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
