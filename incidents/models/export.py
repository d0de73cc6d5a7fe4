"""Many post-mortems in one file, made in the background."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from incidents.models.stamps import Stamped


class Export(Stamped):
    """A ZIP file that somebody asked for: of which incidents, in which formats, how far it is. The row is the queue."""

    class Status(models.TextChoices):
        """How far it is."""

        QUEUED = "queued", _("Waiting")
        RUNNING = "running", _("Being made")
        READY = "ready", _("Ready")
        FAILED = "failed", _("Failed")

    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    # Numbers of incidents, as they were found when it was asked for.
    numbers = models.JSONField(default=list)
    formats = models.JSONField(default=list)
    is_external = models.BooleanField(default=False)
    status = models.CharField(max_length=20, choices=Status, default=Status.QUEUED)
    done = models.PositiveIntegerField(default=0)
    error = models.CharField(max_length=500, blank=True)
    # When whoever makes it was heard of last.
    heard_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-pk"]
        # The sweep looks for those that wait or stopped midway.
        indexes = [models.Index(fields=["status", "updated_at"], name="export_by_status")]

    def __str__(self) -> str:
        return f"Export {self.pk}"
