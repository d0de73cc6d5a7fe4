"""Migrations: named by what they do, complete, reversible."""

import re
from importlib import import_module
from pathlib import Path

from django.apps import apps
from django.core.management import call_command
from django.db.migrations import Migration, RunPython, RunSQL
from django.db.migrations.loader import MigrationLoader

from tests.project.sources import ROOT

# The apps of this project, unlike Django's and allauth's
OWN = {config.label for config in apps.get_app_configs() if Path(config.path).parent == ROOT}


def migrations() -> list[Migration]:
    loader = MigrationLoader(None)
    return [migration for (app, _name), migration in sorted(loader.disk_migrations.items()) if app in OWN]


def test_every_app_has_migrations_here() -> None:
    with_models = {config.label for config in apps.get_app_configs() if config.label in OWN and [*config.get_models()]}
    assert with_models
    assert {migration.app_label for migration in migrations()} == with_models


def test_every_change_of_a_model_has_its_migration(db: None) -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def test_every_migration_is_named_by_somebody() -> None:
    names = {str(migration): migration.name[5:] for migration in migrations() if migration.name[5:] != "initial"}
    by_django = {str(migration): migration.suggest_name() for migration in migrations()}
    assert [key for key, name in names.items() if name == by_django[key]] == []
    assert [key for key, name in names.items() if re.search(r"^auto_|_and_more$", name)] == []


def test_numbers_follow_each_other_and_nothing_forks() -> None:
    assert MigrationLoader(None).detect_conflicts() == {}
    for label in OWN:
        numbers = [int(migration.name[:4]) for migration in migrations() if migration.app_label == label]
        assert numbers == list(range(1, len(numbers) + 1)), label


def test_schema_and_data_change_apart() -> None:
    kinds = {
        str(migration): {isinstance(operation, RunPython | RunSQL) for operation in migration.operations}
        for migration in migrations()
    }
    assert [name for name, mixed in kinds.items() if len(mixed) != 1] == []


def test_every_migration_can_be_taken_back() -> None:
    lasting = [str(migration) for migration in migrations() for step in migration.operations if not step.reversible]
    assert lasting == []


def test_migrations_of_data_read_the_models_of_their_time() -> None:
    of_today = {model.__name__ for model in apps.get_models()}
    modules = [import_module(migration.__module__) for migration in migrations()]
    assert {module.__name__: found for module in modules if (found := of_today & set(vars(module)))} == {}
