"""Registering databases and their replicas."""

import os
from pathlib import Path

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Team
from recovery.errors import RecoveryError
from recovery.methods.sqlite_file import describe_problem
from recovery.models import Database, Replica
from recovery.services.confinement import follow_path

# Its page would be the form that registers databases.
RESERVED_NAME = "new"


def register_database(
    *,
    name: str,
    path: str,
    team: Team | None = None,
    rpo_objective_seconds: int | None = None,
    rto_objective_seconds: int | None = None,
) -> Database:
    """A database under Debrief's eyes. Its file must be there, readable, and SQLite."""
    file = _find_database(path)
    if name == RESERVED_NAME:
        raise RecoveryError(_("This name has a meaning of its own in addresses; choose another."), field="name")
    with transaction.atomic():
        if Database.objects.filter(name=name).exists():
            raise RecoveryError(_("There is already a database with this name; choose another."), field="name")
        return Database.objects.create(
            name=name,
            path=str(file),
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
) -> Database:
    """The database with this path and these objectives; tests that have run keep those they were measured against.

    A path that stays is not looked at: the objectives of a database can be changed while its disk is away.
    """
    file = path if path == database.path else str(_find_database(path))
    with transaction.atomic():
        database = Database.objects.select_for_update().get(pk=database.pk)
        database.path, database.team = file, team
        database.rpo_objective_seconds, database.rto_objective_seconds = rpo_objective_seconds, rto_objective_seconds
        database.save(update_fields=["path", "team", "rpo_objective_seconds", "rto_objective_seconds", "updated_at"])
        return database


def add_replica(database: Database, *, name: str, destination: str) -> Replica:
    """A replica of the database; its folder must be there."""
    folder = _find_replica(destination)
    with transaction.atomic():
        if database.replicas.filter(name=name).exists():
            raise RecoveryError(_("This database already has a replica with this name; choose another."), field="name")
        _check_not_taken(database, folder)
        return Replica.objects.create(database=database, name=name, destination=str(folder))


def change_replica(replica: Replica, *, destination: str) -> Replica:
    """The replica in this folder, which must be there; so there is something to test."""
    folder = _find_replica(destination)
    with transaction.atomic():
        replica = Replica.objects.select_for_update().get(pk=replica.pk)
        _check_not_taken(replica.database, folder)
        replica.destination, replica.status, replica.problem = str(folder), Replica.Status.READY, ""
        replica.save(update_fields=["destination", "status", "problem", "updated_at"])
        return replica


def _find_database(path: str) -> Path:
    # Outside of any transaction, as is the folder's: a disk that answers late would keep everybody from writing.
    file = follow_path(path, field="path")
    if problem := describe_problem(file):
        raise RecoveryError(problem, field="path")
    return file


def _find_replica(destination: str) -> Path:
    folder = follow_path(destination, field="destination")
    # os.path, for unlike pathlib it never raises: a folder that may not be entered is one that cannot be seen.
    if not os.path.isdir(folder):  # noqa: PTH112
        raise RecoveryError(
            _("There is no folder %(path)s. Check the path, and that this machine can see it.") % {"path": folder},
            field="destination",
        )
    if not any(os.path.isdir(folder / part) for part in ("ltx", "generations")):  # noqa: PTH112
        raise RecoveryError(
            _("%(path)s is not a Litestream replica: it has no “ltx” folder. Give the replica's own folder.")
            % {"path": folder},
            field="destination",
        )
    return folder


def _check_not_taken(database: Database, folder: Path) -> None:
    """One folder holds one database: as a replica of another one, its tests would prove the wrong thing."""
    others = Replica.objects.filter(destination=str(folder)).exclude(database=database).select_related("database")
    if other := others.first():
        raise RecoveryError(
            _("This folder is the replica “%(replica)s” already. Give the folder that this database is replicated to.")
            % {"replica": other},
            field="destination",
        )
