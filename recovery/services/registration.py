"""Registering databases and their replicas."""

import os

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Team
from recovery.errors import RecoveryError
from recovery.methods.sqlite_file import describe_problem
from recovery.models import Database, Replica
from recovery.services.confinement import follow_path

# Its page would be the form that registers databases.
RESERVED_NAME = "new"


@transaction.atomic
def register_database(
    *,
    name: str,
    path: str,
    team: Team | None = None,
    rpo_objective_seconds: int | None = None,
    rto_objective_seconds: int | None = None,
) -> Database:
    """A database under Debrief's eyes. Its file must be there, readable, and SQLite."""
    file = follow_path(path, field="path")
    if problem := describe_problem(file):
        raise RecoveryError(problem, field="path")
    if name == RESERVED_NAME:
        raise RecoveryError(_("This name has a meaning of its own in addresses; choose another."), field="name")
    if Database.objects.filter(name=name).exists():
        raise RecoveryError(_("There is already a database with this name; choose another."), field="name")
    return Database.objects.create(
        name=name,
        path=str(file),
        team=team,
        rpo_objective_seconds=rpo_objective_seconds,
        rto_objective_seconds=rto_objective_seconds,
    )


@transaction.atomic
def change_objectives(
    database: Database, *, team: Team | None, rpo_objective_seconds: int | None, rto_objective_seconds: int | None
) -> Database:
    """The database with these objectives; tests that have run keep the ones they were measured against."""
    database = Database.objects.select_for_update().get(pk=database.pk)
    database.team = team
    database.rpo_objective_seconds, database.rto_objective_seconds = rpo_objective_seconds, rto_objective_seconds
    database.save(update_fields=["team", "rpo_objective_seconds", "rto_objective_seconds", "updated_at"])
    return database


@transaction.atomic
def add_replica(database: Database, *, name: str, destination: str) -> Replica:
    """A replica of the database; its folder must be there."""
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
    if database.replicas.filter(name=name).exists():
        raise RecoveryError(_("This database already has a replica with this name; choose another."), field="name")
    return Replica.objects.create(database=database, name=name, destination=str(folder))
