"""From a replica's row to the backup that can be read and restored."""

from collections.abc import Mapping
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _

from lib.secret_references import SecretError, describe_unreadable, read_secret
from recovery.errors import RestoreInconclusive
from recovery.methods.backup import Backup, Secrets
from recovery.methods.file_copy import FileCopies
from recovery.methods.litestream_replica import LitestreamReplica
from recovery.methods.postgresql import Standby
from recovery.methods.sqlite_backup import BackupFiles
from recovery.models import Database, Replica
from recovery.services.confinement import check_still_allowed

Method = Replica.Method


def open_backup(replica: Replica) -> Backup:
    """The backup that the row describes, its secrets read and its paths still allowed.

    Raises RestoreInconclusive where Debrief does not reach it, a secret cannot be read or a path may not be read.
    """
    database = replica.database
    if not replica.is_reached:
        raise RestoreInconclusive(describe_unreached(replica))
    if replica.method == Method.POSTGRESQL_STREAMING:
        return _open_standby(replica)
    # A file of the same name on this machine is another one.
    source = None if database.is_file_elsewhere else Path(database.path)
    if source:
        check_still_allowed(source)
    if replica.method == Method.LITESTREAM:
        return _open_litestream(replica, source)
    folder = Path(replica.destination)
    check_still_allowed(folder)
    kind = BackupFiles if replica.method == Method.SQLITE_BACKUP else FileCopies
    return kind(folder, str(replica.options.get("pattern", "*")), source)


def describe_unreached(replica: Replica) -> str:
    """Why Debrief itself cannot restore the replica, which is not one of those that are reached."""
    database = replica.database
    if database.is_demonstration:
        return _("This is demonstration data; there is nothing behind it to restore.")
    return _(
        "%(replica)s is in a folder of %(host)s, where an agent tests it; Debrief itself reaches only replicas with an "
        "address, such as s3:// or sftp://."
    ) % {"replica": replica, "host": database.host}


def read_secrets(references: Mapping[str, str], *, prefix: str = "") -> dict[str, str]:
    """The secrets behind the references, by name. Raises RestoreInconclusive with what is missing, never a secret."""
    secrets = {}
    for name, reference in references.items():
        try:
            secrets[f"{prefix}{name}"] = read_secret(reference)
        except SecretError as error:
            raise RestoreInconclusive(describe_unreadable(f"{prefix}{name}".replace("_", " "), error)) from None
    return secrets


def _open_litestream(replica: Replica, source: Path | None) -> Backup:
    backup = LitestreamReplica(
        replica.destination,
        options=replica.options,
        secrets=Secrets(read_secrets(replica.secrets)),
        source=source,
        is_private_allowed=settings.RECOVERY_PRIVATE_ENDPOINTS,
    )
    if backup.destination.path:
        check_still_allowed(backup.destination.path)
    return backup


def _open_standby(replica: Replica) -> Backup:
    database: Database = replica.database
    standby = read_secrets(replica.secrets, prefix="standby_")
    primary = read_secrets(database.secrets, prefix="primary_")
    heartbeat = (database.heartbeat_table, database.heartbeat_column) if database.heartbeat_table else None
    return Standby(
        replica.destination, primary_dsn=database.dsn, secrets=Secrets({**standby, **primary}), heartbeat=heartbeat
    )
