"""Registering databases."""

import os
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Team
from recovery.errors import RecoveryError
from recovery.methods.sqlite_file import describe_problem
from recovery.models import Database
from recovery.services.confinement import check_whole, follow_path

# Its page would be the form that registers databases.
RESERVED_NAME = "new"


def register_database(
    *,
    name: str,
    path: str,
    team: Team | None = None,
    rpo_objective_seconds: int | None = None,
    rto_objective_seconds: int | None = None,
    host: str = "",
) -> Database:
    """A database under Debrief's eyes. Its file must be there, readable, and SQLite.

    With a `host` it is on that machine, and the path is not looked at.
    """
    file = check_whole(path, field="path") if host else str(_find_database(path))
    with transaction.atomic():
        check_new_name(name)
        return Database.objects.create(
            name=name,
            path=file,
            host=host,
            team=team,
            rpo_objective_seconds=rpo_objective_seconds,
            rto_objective_seconds=rto_objective_seconds,
        )


def change_database(
    database: Database,
    *,
    path: str,
    team: Team | None,
    rpo_objective_seconds: int | None,
    rto_objective_seconds: int | None,
    host: str = "",
) -> Database:
    """The database with this path and these objectives; tests that have run keep those they were measured against.

    A path that stays is not looked at: the objectives of a database can be changed while its disk is away. Nor is one
    on another `host`.
    """
    if host:
        file = check_whole(path, field="path")
    else:
        file = path if path == database.path and not database.host else str(_find_database(path))
    with transaction.atomic():
        database = Database.objects.select_for_update().get(pk=database.pk)
        database.path, database.host, database.team = file, host, team
        database.rpo_objective_seconds, database.rto_objective_seconds = rpo_objective_seconds, rto_objective_seconds
        fields = ["path", "host", "team", "rpo_objective_seconds", "rto_objective_seconds", "updated_at"]
        database.save(update_fields=fields)
        return database


def check_new_name(name: str) -> None:
    """Return for a name that a new database can have; RecoveryError otherwise."""
    if name == RESERVED_NAME:
        raise RecoveryError(_("This name has a meaning of its own in addresses; choose another."), field="name")
    if Database.objects.filter(name=name).exists():
        raise RecoveryError(_("There is already a database with this name; choose another."), field="name")


def _find_database(path: str) -> Path:
    # Outside of any transaction: a disk that answers late would keep everybody from writing.
    file = follow_path(path, field="path")
    if file == settings.OWN_DATABASE_PATH.resolve():
        # Opening and closing it here would drop the locks that this process holds on it.
        raise RecoveryError(_("This is Debrief's own database, which is registered already."), field="path")
    if problem := describe_problem(file):
        raise RecoveryError(f"{problem} {explain_absence(file)}".strip(), field="path")
    return file


def explain_absence(path: Path) -> str:
    """What to do about a path that is not on this machine; nothing about one that is."""
    # os.path, for unlike pathlib it never raises.
    if os.path.lexists(path):
        return ""
    return _("If it lies on another machine, name that as its host.")
