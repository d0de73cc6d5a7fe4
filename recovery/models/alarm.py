"""Something about a backup that somebody must know of."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from recovery.models.database import Database
from recovery.models.replica import Replica


class Alarm(models.Model):
    """One trouble from its beginning to its end; each of the two is told once.

    `subject` says what it is about beside the kind, so that of each trouble one alarm is open at most.
    """

    class Kind(models.TextChoices):
        """What is wrong."""

        FAILED = "failed", _("A restore test failed")
        LAPSED = "lapsed", _("Not proven restorable for too long")
        LAGGING = "lagging", _("The replica is behind, or nobody can tell")
        DISK = "disk", _("The disk is nearly full")

    kind = models.CharField(max_length=20, choices=Kind)
    database = models.ForeignKey(Database, models.CASCADE, related_name="alarms")
    replica = models.ForeignKey(Replica, models.CASCADE, null=True, blank=True, related_name="alarms")
    subject = models.CharField(max_length=1100)
    reason = models.TextField()
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-opened_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                name="alarm_is_open_once", fields=["kind", "subject"], condition=Q(closed_at__isnull=True)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.subject}"
