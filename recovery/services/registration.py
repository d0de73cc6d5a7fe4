"""Registering databases and their replicas."""

from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Team
from recovery.errors import RecoveryError
from recovery.methods.sqlite_file import describe_problem
from recovery.models import Database, Replica


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
    file = _confined(path, field="path")
    if problem := describe_problem(file):
        raise RecoveryError(problem, field="path")
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
    folder = _confined(destination, field="destination")
    if not folder.is_dir():
        raise RecoveryError(
            _("There is no folder %(path)s. Check the path, and that this machine can see it.") % {"path": folder},
            field="destination",
        )
    if not any((folder / part).is_dir() for part in ("ltx", "generations")):
        raise RecoveryError(
            _("%(path)s is not a Litestream replica: it has no “ltx” folder. Give the replica's own folder.")
            % {"path": folder},
            field="destination",
        )
    if database.replicas.filter(name=name).exists():
        raise RecoveryError(_("This database already has a replica with this name; choose another."), field="name")
    return Replica.objects.create(database=database, name=name, destination=str(folder))


def _confined(text: str, *, field: str) -> Path:
    """An absolute path that lies, with links followed, under one of the folders the settings allow."""
    path = Path(text)
    if not path.is_absolute():
        raise RecoveryError(_("Give the whole path, beginning with “/”."), field=field)
    try:
        real = path.resolve()
    except (OSError, RuntimeError, ValueError):
        raise RecoveryError(_("This path cannot be followed. Check it."), field=field) from None
    if not any(real.is_relative_to(root.resolve()) for root in settings.RECOVERY_ROOTS):
        raise RecoveryError(
            _("%(path)s is outside the folders that recovery may read (DEBRIEF_RECOVERY_ROOTS).") % {"path": real},
            field=field,
        )
    return real
