"""What a database is watched by."""

from pathlib import Path
from typing import Any

import pytest
from pytest_django.fixtures import Settings

from recovery.errors import RecoveryError
from recovery.models import Database
from recovery.services.thresholds import set_thresholds
from tests.factories import make_database

pytestmark = pytest.mark.django_db


def changed(database: Database, **facts: Any) -> Database:
    known = {"proof_objective_days": 8, "lag_alert_seconds": None, "watched_path": "", "disk_alert_percent": 80}
    set_thresholds(database, **known | facts)
    return Database.objects.get()


def test_all_of_it_is_set(tmp_path: Path) -> None:
    found = changed(
        make_database(),
        proof_objective_days=None,
        lag_alert_seconds=30,
        watched_path=str(tmp_path),
        disk_alert_percent=95,
    )
    assert (found.proof_objective_days, found.lag_alert_seconds) == (None, 30)
    assert (found.watched_path, found.disk_alert_percent) == (str(tmp_path), 95)


@pytest.mark.parametrize(
    ("path", "reason"),
    [("data", "Give the whole path"), ("/nowhere/at/all", "There is nothing at"), ("/a\0b", "cannot be followed")],
)
def test_a_path_that_is_none_is_refused(path: str, reason: str) -> None:
    with pytest.raises(RecoveryError, match=reason) as refused:
        changed(make_database(), watched_path=path)
    assert refused.value.field == "watched_path"
    assert Database.objects.get().watched_path == ""


def test_a_path_outside_of_what_may_be_read_is_refused(tmp_path: Path, settings: Settings) -> None:
    settings.RECOVERY_ROOTS = [tmp_path / "inside"]
    with pytest.raises(RecoveryError, match="DEBRIEF_RECOVERY_ROOTS"):
        changed(make_database(), watched_path=str(tmp_path))


def test_a_path_that_stays_is_not_looked_at() -> None:
    database = make_database(watched_path="/gone")
    assert changed(database, watched_path="/gone", disk_alert_percent=90).disk_alert_percent == 90
