"""A PDF, made once for each content."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from incidents.models.incident import Incident
from incidents.models.stamps import Stamped


class RenderedDocument(Stamped):
    """The PDF of one content, named by the SHA-256 of its source; the row is the queue."""

    class Status(models.TextChoices):
        """How far the rendering is."""

        QUEUED = "queued", _("Waiting")
        RENDERING = "rendering", _("Being made")
        READY = "ready", _("Ready")
        FAILED = "failed", _("Failed")

    digest = models.CharField(max_length=64)
    incident = models.ForeignKey(Incident, models.CASCADE, related_name="rendered_documents")
    status = models.CharField(max_length=20, choices=Status, default=Status.QUEUED)
    error = models.CharField(max_length=500, blank=True)
    # What the file is called where it is taken away; the incident's reference where nothing is said.
    name = models.CharField(max_length=250, blank=True)
    started_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(name="rendered_document_is_made_once", fields=["incident", "digest"])]
        indexes = [
            # The sweep looks for those that wait or stopped midway.
            models.Index(fields=["status", "updated_at"], name="rendered_document_by_status")
        ]

    def __str__(self) -> str:
        return self.digest
