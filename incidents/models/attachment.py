"""Files that belong to what was written down."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from incidents.models.incident import Incident
from incidents.models.stamps import Stamped


class Attachment(Stamped):
    """One file of an incident, stored under its SHA-256; text refers to it by its address."""

    incident = models.ForeignKey(Incident, models.CASCADE, related_name="attachments")
    name = models.CharField(_("file name"), max_length=200)
    sha256 = models.CharField(max_length=64)
    media_type = models.CharField(max_length=100)
    size_bytes = models.PositiveBigIntegerField()
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    # None: it is there. Its file is removed a while after, so that removing can be undone.
    removed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(name="attachment_name_is_not_empty", condition=~Q(name="")),
            models.UniqueConstraint(
                name="attachment_is_there_once",
                fields=["incident", "sha256", "name"],
                condition=Q(removed_at=None),
            ),
        ]

    def __str__(self) -> str:
        return self.name
