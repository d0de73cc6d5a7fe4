from pathlib import Path

import pytest
from pytest_django.fixtures import Settings

from recovery.models import Database, Replica
from recovery.services.own_database import register_own_database

pytestmark = pytest.mark.django_db


def test_the_own_database_and_its_replica_are_registered(settings: Settings) -> None:
    register_own_database()
    database = Database.objects.get()
    replica = database.replicas.get()
    assert (database.name, database.path) == ("debrief", str(settings.OWN_DATABASE_PATH))
    assert (replica.destination, replica.status) == (str(settings.OWN_REPLICA_DIR), Replica.Status.READY)
    assert (database.rpo_objective_seconds, database.rto_objective_seconds) == (60, 600)


def test_a_second_start_changes_nothing() -> None:
    register_own_database()
    Database.objects.update(rpo_objective_seconds=5)
    before = [*Database.objects.values(), *Replica.objects.values()]
    register_own_database()
    assert [*Database.objects.values(), *Replica.objects.values()] == before


def test_after_the_data_folder_has_moved_the_new_place_is_tested(settings: Settings, tmp_path: Path) -> None:
    register_own_database()
    Database.objects.update(rpo_objective_seconds=5)
    settings.OWN_DATABASE_PATH, settings.OWN_REPLICA_DIR = tmp_path / "debrief.sqlite3", tmp_path / "replica"
    register_own_database()
    replica = Replica.objects.select_related("database").get()
    assert (replica.database.path, replica.destination) == (
        str(tmp_path / "debrief.sqlite3"),
        str(tmp_path / "replica"),
    )
    assert replica.database.rpo_objective_seconds == 5
