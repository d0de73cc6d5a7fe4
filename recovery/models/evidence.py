"""What speaks for an incident's data."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from incidents.models import Incident
from recovery.models.restore_test import RestoreTest


class Evidence(models.Model):
    """A restore test attached to an incident. It can be withdrawn, with a trace; the test itself is frozen for good."""

    incident = models.ForeignKey(Incident, models.PROTECT, related_name="evidence")
    restore_test = models.ForeignKey(RestoreTest, models.PROTECT, related_name="evidence")
    caption = models.CharField(_("caption"), max_length=300)
    attached_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    attached_at = models.DateTimeField()
    withdrawn_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["attached_at", "pk"]
        verbose_name_plural = "evidence"
        constraints = [
            models.UniqueConstraint(
                name="evidence_is_attached_once", fields=["incident", "restore_test"], condition=Q(withdrawn_at=None)
            ),
            models.CheckConstraint(name="evidence_caption_is_not_empty", condition=~Q(caption="")),
        ]

    def __str__(self) -> str:
        return f"EV-{self.pk}"
