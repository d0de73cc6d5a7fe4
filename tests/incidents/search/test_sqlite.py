"""What keeps the index on SQLite: triggers, which a migration may drop. What it finds: test_index.py."""

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import connection

from accounts.models import User
from incidents.queries.search import search
from incidents.search import sqlite
from incidents.search.index import restore_triggers
from tests.factories import make_event, make_incident, make_user

pytestmark = pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL's own index is in test_postgresql.py")
TABLES = ("incidents_actionitem", "incidents_incident", "incidents_postmortemsection", "incidents_timelineevent")


@pytest.fixture
def user(db: None) -> User:
    return make_user("reader")


def found(user: User, word: str) -> int:
    return search(user, word).count


def execute(*statements: str) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def test_after_all_migrations_every_table_has_its_triggers(db: None) -> None:
    """A migration that remakes a table drops them; `restore_triggers` runs after `migrate`."""
    assert sqlite.find_missing(connection) == []
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tbl_name FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'incidents_search_inc%'"
        )
        assert sorted(name for (name,) in cursor.fetchall()) == sorted(TABLES * 3)


def test_every_kind_is_indexed_where_its_model_keeps_it() -> None:
    columns = {
        model._meta.db_table: {field.column for field in model._meta.concrete_fields}
        for model in apps.get_app_config("incidents").get_models()
    }
    for source in sqlite.SOURCES.values():
        assert {source.key, *source.titles, *source.texts} <= columns[source.table]


def test_a_table_that_a_migration_remade_gets_its_triggers_again(user: User) -> None:
    execute("DROP TRIGGER incidents_search_incidents_incident_insert", "DROP VIEW incidents_search_2")
    assert {"incidents_search_incidents_incident_insert", "incidents_search_2", "incidents_search_2_fold"} == set(
        sqlite.find_missing(connection)
    )
    restore_triggers(connection)
    assert sqlite.find_missing(connection) == []
    make_incident(user, "turbopump")
    assert found(user, "turbopump") == 1


def test_no_trigger_names_a_table_that_could_be_remade(db: None) -> None:
    """SQLite refuses to rename a table while a trigger of another one names it."""
    for name, sql in sqlite._triggers(sqlite.SOURCES.values()).items():
        _head, _, body = sql.partition(" BEGIN ")
        assert not [table for table in TABLES if table in body], name


def test_what_is_missing_is_found_and_mended(user: User, capsys: pytest.CaptureFixture[str]) -> None:
    incident = make_incident(user)
    execute("DROP TRIGGER incidents_search_incidents_timelineevent_insert")
    make_event(incident, "turbopump")
    with pytest.raises(CommandError, match="search_rebuild"):
        call_command("search_rebuild", check=True)
    assert "incidents_timelineevent: 1 rows are not in the index" in capsys.readouterr().out
    assert found(user, "turbopump") == 0
    call_command("search_rebuild")
    assert found(user, "turbopump") == 1
    call_command("search_rebuild", check=True)


def test_the_index_can_be_taken_away_and_made_again(user: User) -> None:
    make_incident(user, "turbopump")
    sqlite.remove(connection)
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM sqlite_master WHERE name LIKE 'incidents_search%'")
        assert cursor.fetchall() == []
    with pytest.raises(CommandError, match="migrate"):
        call_command("search_rebuild")
    assert restore_triggers(connection) == []
    sqlite.install(connection)
    assert found(user, "turbopump") == 1
