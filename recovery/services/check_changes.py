"""Adding, changing and switching the checks of a database."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from recovery.errors import RecoveryError
from recovery.models import Check, Database
from recovery.queries import list_known_tables

Kind, Origin = Check.Kind, Check.Origin
# What a test learns by itself is no person's to write.
LEARNT_ALONE = (Kind.IDENTITY, Kind.SCHEMA)
MOST_NAMED = 5


def list_addable_kinds(database: Database) -> list[Check.Kind]:
    """The kinds that a person can add; of PostgreSQL, content is never compared with the source."""
    left_out = {*LEARNT_ALONE, Kind.NO_SHRINKAGE}
    if database.kind != Database.Kind.SQLITE:
        left_out.add(Kind.SOURCE_CONTENT)
    return [kind for kind in Kind if kind not in left_out]


def add_check(database: Database, *, kind: str, actor: User, **parameters: Any) -> Check:
    """A check of every restore of this database from now on."""
    check_parameters(kind, parameters)
    check_tables(database, parameters)
    return Check.objects.create(database=database, kind=kind, parameters=parameters, created_by=actor)


@transaction.atomic
def change_check(check: Check, **parameters: Any) -> Check:
    """The check with these parameters; tests that have run keep those they were judged by."""
    check = Check.objects.select_for_update().get(pk=check.pk)
    if check.origin == Origin.LEARNT:
        # The next test that passes would write over what a person changed.
        raise RecoveryError(
            _("This check is learnt from passing tests; it can be switched off, not changed. Add one of your own.")
        )
    check_parameters(check.kind, parameters)
    check_tables(check.database, parameters)
    if check.parameters != parameters:
        check.parameters = parameters
        check.save(update_fields=["parameters", "updated_at"])
    return check


@transaction.atomic
def switch_check(check: Check, *, is_enabled: bool) -> Check:
    """The check counts, or does not, from the next test on."""
    check = Check.objects.select_for_update().get(pk=check.pk)
    if check.is_enabled != is_enabled:
        check.is_enabled = is_enabled
        check.save(update_fields=["is_enabled", "updated_at"])
    return check


@transaction.atomic
def remove_check(check: Check) -> None:
    """The check is gone. Only what a person added can be: the others would come back with the next test."""
    if check.origin != Origin.PERSON:
        raise RecoveryError(_("This check is on from the start; switch it off instead."))
    check.delete()


def check_parameters(kind: str, parameters: Mapping[str, Any]) -> None:
    """Return for parameters that make sense; RecoveryError with the field otherwise."""
    if kind == Kind.SQL_ASSERTION:
        words = str(parameters["sql"]).strip().rstrip(";")
        begins_with, *_rest = words.split(maxsplit=1) or [""]
        if begins_with.upper() not in ("SELECT", "WITH", "VALUES") or ";" in words:
            raise RecoveryError(
                _("Write one query that gives one value, beginning with SELECT. It can only read."), field="sql"
            )


def check_tables(database: Database, parameters: Mapping[str, Any]) -> None:
    """Return where tests have found the tables, or have not found any yet; RecoveryError with the field otherwise."""
    found = list_known_tables(database)
    field = "tables" if "tables" in parameters else "table"
    asked = parameters.get("tables", [parameters.get("table", "")])
    # Those whose rows nobody counts are known as well.
    learnt = Check.objects.filter(database=database, kind=Kind.REQUIRED_TABLES, origin=Origin.LEARNT).first()
    known = {_plain(name, database) for name in (*found, *(learnt.parameters["tables"] if learnt else ()))}
    unknown = next((name for name in asked if name and _plain(name, database) not in known), None)
    if not found or unknown is None:
        return
    named = ", ".join(found[:MOST_NAMED]) + (", …" if len(found) > MOST_NAMED else "")
    message = _("The last test found no table %(table)s. It found: %(known)s.")
    raise RecoveryError(message % {"table": unknown, "known": named}, field=field)


def _plain(name: str, database: Database) -> str:
    """The name as the database compares it: SQLite heeds no case, PostgreSQL looks into the schema public itself."""
    return name.lower() if database.kind == Database.Kind.SQLITE else name.removeprefix("public.")
