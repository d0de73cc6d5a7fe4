"""What speaks for an incident's data."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from incidents.models import Incident
from lib.file_kinds import KINDS, FileKind
from recovery.models.restore_test import RestoreTest


class Evidence(models.Model):
    """A restore test, a file or a link attached to an incident; `kind` says which.

    It can be withdrawn, with a trace; a restore test itself is frozen for good. A file is stored under its SHA-256.
    """

    class Kind(models.TextChoices):
        """What was attached."""

        RESTORE_TEST = "restore_test", _("Restore test")
        FILE = "file", _("File")
        LINK = "link", _("Link")

    incident = models.ForeignKey(Incident, models.PROTECT, related_name="evidence")
    kind = models.CharField(max_length=20, choices=Kind, default=Kind.RESTORE_TEST)
    restore_test = models.ForeignKey(RestoreTest, models.PROTECT, null=True, blank=True, related_name="evidence")
    file_name = models.CharField(max_length=200, blank=True)
    file_sha256 = models.CharField(max_length=64, blank=True)
    file_type = models.CharField(max_length=100, blank=True)
    file_bytes = models.PositiveBigIntegerField(null=True, blank=True)
    url = models.CharField(max_length=2000, blank=True)
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
            models.CheckConstraint(
                name="evidence_is_what_its_kind_says",
                condition=(Q(kind="restore_test", restore_test__isnull=False, file_sha256="", url=""))
                | (Q(kind="file", restore_test=None, url="") & ~Q(file_sha256="") & ~Q(file_name=""))
                | (Q(kind="link", restore_test=None, file_sha256="") & ~Q(url="")),
            ),
        ]

    def __str__(self) -> str:
        return f"EV-{self.pk}"

    @property
    def test(self) -> RestoreTest:
        """The restore test of evidence that is one."""
        if self.restore_test is None:
            raise ValueError(f"{self} is a {self.kind}, not a restore test.")
        return self.restore_test

    @property
    def name(self) -> str:
        """What it is called: a test's reference, a file's name, a link's address."""
        if self.kind == self.Kind.FILE:
            return self.file_name
        return self.url if self.kind == self.Kind.LINK else self.test.reference

    @property
    def file_kind(self) -> FileKind | None:
        """What a file is; None for evidence that is none."""
        return KINDS.get(self.file_type)
