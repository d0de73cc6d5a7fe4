"""What in the timeline rests on which evidence."""

from django.conf import settings
from django.db import models

from incidents.models import TimelineEvent
from recovery.models.evidence import Evidence


class EventEvidence(models.Model):
    """One event of an incident's timeline points to one piece of that incident's evidence."""

    event = models.ForeignKey(TimelineEvent, models.CASCADE, related_name="+")
    evidence = models.ForeignKey(Evidence, models.CASCADE, related_name="event_links")
    linked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    linked_at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(name="event_points_to_evidence_once", fields=["event", "evidence"])]

    def __str__(self) -> str:
        return f"{self.evidence}"
