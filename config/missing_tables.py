"""What a management command says where the database it looks at was never set up: most often it is another one."""

from collections.abc import Callable
from typing import Any

from django.db import DatabaseError, OperationalError
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created

UNDEFINED_TABLE = "42P01"


class MissingTablesError(OperationalError):
    """A table is not there; the sentence says which database was looked at."""


def watch_connections() -> None:
    """From now on each connection of this process tells of a missing table with a MissingTablesError."""
    connection_created.connect(_watch, dispatch_uid="missing tables")


def name_database(connection: BaseDatabaseWrapper) -> str:
    """The file, or name and server, without a password."""
    known = connection.settings_dict
    if connection.vendor == "sqlite":
        return str(known["NAME"])
    port = f":{known['PORT']}" if known["PORT"] else ""
    return f"{known['NAME']} on {known['HOST'] or 'this computer'}{port}"


def _watch(*, connection: BaseDatabaseWrapper, **_about: object) -> None:
    if _explain not in connection.execute_wrappers:
        connection.execute_wrappers.append(_explain)


def _explain(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
    try:
        return execute(sql, params, many, context)
    except DatabaseError as error:
        if not _is_table_missing(error):
            raise
        reason, where = str(error).splitlines()[0], name_database(context["connection"])
        raise MissingTablesError(
            f"{reason}. The database {where} has not been set up, or is another one than the server's: "
            "set DEBRIEF_DATA_DIR and DATABASE_URL as for the server. A new one is set up with `manage.py migrate`."
        ) from error


def _is_table_missing(error: DatabaseError) -> bool:
    return str(error).startswith("no such table") or getattr(error.__cause__, "sqlstate", "") == UNDEFINED_TABLE
