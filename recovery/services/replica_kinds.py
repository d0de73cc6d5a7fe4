"""The kinds of backup a person can choose from: a method, and for Litestream the kind of place."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from recovery.methods.litestream_destinations import SCHEMES, Option
from recovery.models import Database, Replica

Method = Replica.Method
Words = str | Promise
PATTERN = Option("pattern", _("File names"), _("Such as app-*.db.gz; a star stands for anything."), is_required=True)
PASSWORD = Option("password", _("Password"), is_secret=True)


@dataclass(frozen=True)
class ReplicaKind:
    """What one kind is called, how its destination is written, and what else can be set for it."""

    key: str
    method: Method
    label: Words
    destination_label: Words
    example: str
    options: tuple[Option, ...] = ()
    help: Words = ""


_LITESTREAM = tuple(
    ReplicaKind(
        scheme.name,
        Method.LITESTREAM,
        scheme.label,
        _("Folder of the Litestream replica") if scheme.name == "file" else "URL",
        scheme.example,
        scheme.options,
        _("The folder that Litestream writes to; it has a folder “ltx” in it.") if scheme.name == "file" else "",
    )
    for scheme in SCHEMES.values()
)
_FILES = (
    ReplicaKind(
        "backup-files",
        Method.SQLITE_BACKUP,
        _("Files made with .backup or VACUUM INTO"),
        _("Folder"),
        "/backups/app",
        (PATTERN,),
        _("Plain, or packed with gzip or zstd."),
    ),
    ReplicaKind(
        "file-copies",
        Method.FILE_COPY,
        _("Copies of the file"),
        _("Folder"),
        "/backups/app",
        (PATTERN,),
        _("As cron makes them with cp, with the -wal beside the copy where there is one."),
    ),
)
_STANDBY = (
    ReplicaKind(
        "standby",
        Method.POSTGRESQL_STREAMING,
        _("PostgreSQL standby"),
        _("Connection string of the standby"),
        "host=db2 port=5432 user=debrief dbname=shop",
        (PASSWORD,),
        _("Without the password, which is read from the secret named below."),
    ),
)
KINDS: dict[str, ReplicaKind] = {kind.key: kind for kind in (*_LITESTREAM, *_FILES, *_STANDBY)}


def list_kinds(database: Database) -> list[ReplicaKind]:
    """Those that a database of this kind can have."""
    is_postgresql = database.kind == Database.Kind.POSTGRESQL
    return [kind for kind in KINDS.values() if (kind.method == Method.POSTGRESQL_STREAMING) == is_postgresql]


def kind_of(replica: Replica) -> ReplicaKind:
    """The kind that an existing replica is of."""
    if replica.method == Method.LITESTREAM:
        scheme = replica.destination.partition("://")[0] if "://" in replica.destination else "file"
        return KINDS[scheme]
    return next(kind for kind in KINDS.values() if kind.method == replica.method)
