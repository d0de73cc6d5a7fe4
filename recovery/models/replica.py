"""One backup of a database."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from recovery.models.database import NAME, Database


class ReplicaQuerySet(models.QuerySet["Replica"]):
    """Ways to ask for replicas."""

    def reached(self) -> "ReplicaQuerySet":
        """Those that Debrief itself restores and watches, as `is_within_reach` has it; no demonstration's."""
        is_address = Q(destination__contains="://") & ~Q(destination__startswith="file://")
        is_server = Q(database__kind=Database.Kind.POSTGRESQL)
        return self.filter(Q(database__host="") | is_server | is_address, database__is_demonstration=False)


def is_within_reach(destination: str, *, host: str, kind: str) -> bool:
    """Whether a backup there can be read from here, where its database lies on `host` ("": here) and is of this kind.

    A folder is one of the database's machine; what has an address is the same place from everywhere.
    """
    is_address = "://" in destination and not destination.startswith("file://")
    return not host or kind == Database.Kind.POSTGRESQL or is_address


class Replica(models.Model):
    """Where one backup lies and how it is made.

    `options` are what the method needs beside the destination (an endpoint, a pattern of file names); `secrets` names
    where each secret is read from (`env:NAME` or `file:/path`) and never holds one. What the watch saw last is kept in
    `checked_at` and the fields after it.
    """

    class Method(models.TextChoices):
        """How the backup is made."""

        LITESTREAM = "litestream", "Litestream"
        SQLITE_BACKUP = "sqlite_backup", _("SQLite backup files")
        FILE_COPY = "file_copy", _("File copy")
        POSTGRESQL_STREAMING = "postgresql_streaming", _("PostgreSQL streaming")

    class Status(models.TextChoices):
        """Whether there is something to restore from."""

        PREPARING = "preparing", _("Being prepared")
        READY = "ready", _("Ready")
        BROKEN = "broken", _("Could not be made")

    database = models.ForeignKey(Database, models.CASCADE, related_name="replicas")
    name = models.CharField(_("name"), max_length=80, validators=[NAME])
    method = models.CharField(_("method"), max_length=30, choices=Method, default=Method.LITESTREAM)
    destination = models.CharField(_("destination"), max_length=1000)
    options = models.JSONField(default=dict, blank=True)
    secrets = models.JSONField(default=dict, blank=True)
    status = models.CharField(_("status"), max_length=20, choices=Status, default=Status.READY)
    problem = models.CharField(max_length=500, blank=True)

    # A test that failed and was accepted as how it should be: later ones are compared with it.
    accepted_test = models.ForeignKey("recovery.RestoreTest", models.SET_NULL, null=True, blank=True, related_name="+")
    accepted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    accepted_at = models.DateTimeField(null=True, blank=True)

    checked_at = models.DateTimeField(null=True, blank=True)
    newest_at = models.DateTimeField(_("last sync"), null=True, blank=True)
    lag_seconds = models.FloatField(_("lag"), null=True, blank=True)
    lag_reason = models.CharField(max_length=500, blank=True)
    size_bytes = models.PositiveBigIntegerField(_("size"), null=True, blank=True)

    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = ReplicaQuerySet.as_manager()

    class Meta:
        ordering = ["database__name", "name"]
        constraints = [models.UniqueConstraint(name="replica_name_is_unique", fields=["database", "name"])]

    def __str__(self) -> str:
        return f"{self.database.name}/{self.name}"

    @property
    def is_reached(self) -> bool:
        """Whether Debrief itself restores and watches it; one by one what `reached` finds."""
        database = self.database
        is_near = is_within_reach(self.destination, host=database.host, kind=database.kind)
        return is_near and not database.is_demonstration
