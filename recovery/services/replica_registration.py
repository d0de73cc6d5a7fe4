"""Registering and correcting the replicas of a database."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from lib.secret_references import check_reference
from recovery.errors import RecoveryError
from recovery.methods.backup_folder import check_pattern
from recovery.methods.litestream_destination import parse_destination
from recovery.methods.postgresql_address import check_dsn
from recovery.models import Database, Replica, RestoreTest
from recovery.services.confinement import check_whole, follow_path
from recovery.services.replica_holding import hold_replica

Method = Replica.Method


def add_replica(
    database: Database,
    *,
    name: str,
    destination: str,
    method: str = Method.LITESTREAM,
    options: Mapping[str, Any] | None = None,
    secrets: Mapping[str, str] | None = None,
) -> Replica:
    """A replica of the database. A folder must be there; what is elsewhere is looked at by its first restore test.

    `secrets` are references by name; raises SecretError for one that leads to no secret that may be read.
    """
    place = _check(database, method, destination, options or {}, secrets or {})
    with transaction.atomic():
        if database.replicas.filter(name=name).exists():
            raise RecoveryError(_("This database already has a replica with this name; choose another."), field="name")
        _check_not_taken(database, place)
        return Replica.objects.create(
            database=database,
            name=name,
            method=method,
            destination=place,
            options=dict(options or {}),
            secrets=dict(secrets or {}),
        )


def change_replica(
    replica: Replica,
    *,
    destination: str,
    options: Mapping[str, Any] | None = None,
    secrets: Mapping[str, str] | None = None,
) -> Replica:
    """The replica in this place, with these options and secrets; so there is something to test.

    Not while a test of it runs: its record would name a place that it did not restore from. Raises RecoveryError.
    """
    place = _check(replica.database, replica.method, destination, options or {}, secrets or {})
    with transaction.atomic():
        replica = hold_replica(replica.pk)
        _check_idle(replica)
        _check_not_taken(replica.database, place)
        replica.destination, replica.status, replica.problem = place, Replica.Status.READY, ""
        replica.options, replica.secrets = dict(options or {}), dict(secrets or {})
        replica.save(update_fields=["destination", "status", "problem", "options", "secrets", "updated_at"])
        return replica


def _check(
    database: Database, method: str, destination: str, options: Mapping[str, Any], secrets: Mapping[str, str]
) -> str:
    """The destination as it is kept. Outside of any transaction: a disk that answers late would keep others waiting."""
    for reference in secrets.values():
        check_reference(reference)
    if method == Method.POSTGRESQL_STREAMING:
        check_dsn(destination)
        return destination
    if method == Method.LITESTREAM and "://" in destination and not destination.startswith("file://"):
        return parse_destination(destination, options).url
    if "pattern" in options:
        check_pattern(options["pattern"])
    folder = destination.removeprefix("file://")
    if database.host:
        return check_whole(folder, field="destination")
    return str(_find_litestream_folder(folder) if method == Method.LITESTREAM else _find_folder(folder))


def _find_folder(destination: str) -> Path:
    folder = follow_path(destination, field="destination")
    # os.path, for unlike pathlib it never raises: a folder that may not be entered is one that cannot be seen.
    if not os.path.isdir(folder):  # noqa: PTH112
        raise RecoveryError(
            _("There is no folder %(path)s. Check the path, and that this machine can see it.") % {"path": folder},
            field="destination",
        )
    return folder


def _find_litestream_folder(destination: str) -> Path:
    folder = _find_folder(destination)
    if not any(os.path.isdir(folder / part) for part in ("ltx", "generations")):  # noqa: PTH112
        raise RecoveryError(
            _("%(path)s is not a Litestream replica: it has no “ltx” folder. Give the replica's own folder.")
            % {"path": folder},
            field="destination",
        )
    return folder


def _check_idle(replica: Replica) -> None:
    if test := replica.restore_tests.filter(status=RestoreTest.Status.RUNNING).first():
        raise RecoveryError(_("%(test)s of this replica is running. Wait for its result.") % {"test": test.reference})


def _check_not_taken(database: Database, place: str) -> None:
    """One place holds one database: as a replica of another one, its tests would prove the wrong thing."""
    others = Replica.objects.filter(destination=place).exclude(database=database)
    if "://" not in place:
        # A folder of another machine is another one.
        others = others.filter(database__host=database.host)
    if other := others.exclude(method__in=(Method.SQLITE_BACKUP, Method.FILE_COPY)).select_related("database").first():
        raise RecoveryError(
            _("This place is the replica “%(replica)s” already. Give the one that this database is replicated to.")
            % {"replica": other},
            field="destination",
        )
