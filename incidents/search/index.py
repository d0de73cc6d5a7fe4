"""The index of the database in use."""

from types import ModuleType

from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper

from incidents.search import postgresql, sqlite


def engine(database: BaseDatabaseWrapper = connection) -> ModuleType:
    """The module that keeps and reads the index on this database; both have the same functions."""
    return postgresql if database.vendor == "postgresql" else sqlite


def restore_triggers(database: BaseDatabaseWrapper) -> list[str]:
    """The triggers that keep the index are there, if it is there; the names of those that were not."""
    kept = engine(database)
    return list(kept.restore_triggers(database)) if kept.is_installed(database) else []
