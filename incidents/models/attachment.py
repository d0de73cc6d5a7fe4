"""Files that belong to what was written down."""

from pathlib import Path
from typing import BinaryIO

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from incidents.models.incident import Incident
from incidents.models.stamps import Stamped
from lib.file_kinds import KINDS, FileKind
from lib.file_store import FileStore
from lib.markdown_source import escape

PICTURE_TYPES = [kind.media_type for kind in KINDS.values() if kind.is_picture]


def attachment_store() -> FileStore:
    """Where the files of incidents lie."""
    return FileStore(Path(settings.ATTACHMENTS_DIR), settings.EVIDENCE_FILE_LIMIT)


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
    # Removed, and found to be shown by a published version: it is kept for good, and nobody looks again.
    is_published = models.BooleanField(default=False, db_default=False)

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

    def get_absolute_url(self) -> str:
        """The file itself."""
        return reverse("incidents:attachment", args=[self.incident_id, self.pk])

    @property
    def kind(self) -> FileKind | None:
        """What it is; None for what is no longer taken."""
        return KINDS.get(self.media_type)

    def open(self) -> BinaryIO:
        """The file for reading. Raises FileLostError where it is not what was attached."""
        return attachment_store().open(self.sha256)

    @property
    def markdown(self) -> str:
        """What shows the file in a text: a picture as such, anything else as a link."""
        link = f"[{escape(self.name)}]({self.get_absolute_url()})"
        return f"!{link}" if self.media_type in PICTURE_TYPES else link
