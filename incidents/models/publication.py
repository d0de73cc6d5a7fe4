"""A post-mortem as it was published."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from incidents.models.postmortem import Postmortem


class Publication(models.Model):
    """One frozen version: the whole document tree as canonical JSON, for readers inside and outside.

    `sha256` is of `content`, `external_sha256` of `external_content`. Nothing of it changes any more.
    """

    postmortem = models.ForeignKey(Postmortem, models.CASCADE, related_name="publications")
    number = models.PositiveIntegerField(_("version"))
    content = models.TextField()
    sha256 = models.CharField(max_length=64)
    # People are roles in it.
    external_content = models.TextField()
    external_sha256 = models.CharField(max_length=64)
    what_changed = models.CharField(_("what changed"), max_length=1000, blank=True)
    published_at = models.DateTimeField(_("published"))
    published_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(name="publication_number_is_unique", fields=["postmortem", "number"]),
            models.CheckConstraint(name="publication_says_what_changed", condition=Q(number=1) | ~Q(what_changed="")),
        ]

    def __str__(self) -> str:
        return f"{self.postmortem}, version {self.number}"

    def get_absolute_url(self) -> str:
        """The version, to be read."""
        return reverse("incidents:publication", args=[self.postmortem.incident_id, self.number])
