"""How a section came to say what it says."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from incidents.models.postmortem import PostmortemSection


class SectionVersion(models.Model):
    """One save of a section, as what it replaced: at `start` (in characters), `removed` made room for `added`.

    Version `number` is the text after this save; the one before is found by taking it back.
    """

    class Origin(models.TextChoices):
        """How the text came about."""

        TYPED = "typed", _("Written")
        MERGED = "merged", _("Merged")
        RESTORED = "restored", _("Brought back")
        IMPORTED = "imported", _("Imported")

    section = models.ForeignKey(PostmortemSection, models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    origin = models.CharField(max_length=20, choices=Origin, default=Origin.TYPED)
    start = models.PositiveIntegerField()
    removed = models.TextField(blank=True)
    added = models.TextField(blank=True)
    saved_at = models.DateTimeField()

    class Meta:
        ordering = ["-number"]
        constraints = [models.UniqueConstraint(name="section_version_number_is_unique", fields=["section", "number"])]

    def __str__(self) -> str:
        return f"{self.section} {self.number}"


class SectionPresence(models.Model):
    """Somebody has a section open for writing, and was heard of last at `seen_at`."""

    section = models.ForeignKey(PostmortemSection, models.CASCADE, related_name="presences")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    seen_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(name="section_presence_is_one_a_person", fields=["section", "person"])]

    def __str__(self) -> str:
        return f"{self.person} in {self.section}"
