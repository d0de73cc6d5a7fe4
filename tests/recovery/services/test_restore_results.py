"""What a row says of a run."""

import os
import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from pytest_django import Settings

from recovery.models import Database, Replica, RestoreTest
from tests.recovery.backups import make_backup_files
from tests.recovery.runs import run

pytestmark = pytest.mark.django_db


def test_a_long_name_of_a_file_fits_the_row(tmp_path: Path, settings: Settings) -> None:
    settings.SCRATCH_DIR = tmp_path / "scratch"
    replica = make_backup_files(tmp_path, now=timezone.now() - timedelta(hours=1), ages=(timedelta(0),))
    name = "application-production-database-of-the-shop-2026-11-22T03.db"
    Path(replica.destination, "0.db").rename(Path(replica.destination, name))
    test = run(replica)
    # PostgreSQL would refuse the whole result.
    assert len(test.restored_txid) == RestoreTest._meta.get_field("restored_txid").max_length
    assert name.endswith(test.restored_txid)
    assert test.status == "passed"


@pytest.mark.parametrize(("objective", "expected"), [(None, "passed"), (3600, "inconclusive")])
def test_the_time_of_a_copy_without_its_log_is_no_recovery_point(
    tmp_path: Path, settings: Settings, objective: int | None, expected: str
) -> None:
    settings.SCRATCH_DIR = tmp_path / "scratch"
    replica = make_backup_files(tmp_path, now=timezone.now() - timedelta(hours=1), ages=(timedelta(0),))
    with closing(sqlite3.connect(Path(replica.destination, "0.db"))) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
    two_hours_ago = (timezone.now() - timedelta(hours=2)).timestamp()
    os.utime(Path(replica.destination, "0.db"), (two_hours_ago, two_hours_ago))
    Replica.objects.update(method=Replica.Method.FILE_COPY)
    Database.objects.update(rpo_objective_seconds=objective)
    replica.refresh_from_db()
    test = run(replica)
    assert test.rpo_seconds is None
    assert "without its -wal" in test.rpo_reason
    assert test.status == expected
