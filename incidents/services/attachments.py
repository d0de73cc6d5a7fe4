"""Files of an incident: attaching, removing, bringing back, and what is left of removed ones after a while."""

from datetime import datetime, timedelta
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from incidents.errors import IncidentError
from incidents.models import Attachment, Incident
from incidents.models.attachment import attachment_store
from incidents.queries.attachments import is_published
from incidents.services.timeline import next_revision

# So long, removing a file can be undone.
KEPT_AFTER_REMOVAL = timedelta(days=7)


def attach_file(incident: Incident, *, file: "UploadedFile[Any]", actor: User) -> Attachment:
    """The file belongs to the incident; the same file under the same name is there once.

    Raises FileRefusedError for the field `file` where it is none that can be taken.
    """
    store = attachment_store()
    # Before the transaction, which others wait for.
    kept = store.keep(file)
    with transaction.atomic():
        store.settle_after_commit(kept.sha256)
        # Two who send the same file at once: the second one waits here, and gets the first one's.
        incident = Incident.objects.select_for_update().get(pk=incident.pk)
        same = {"incident": incident, "sha256": kept.sha256, "name": kept.name}
        if known := Attachment.objects.filter(removed_at=None, **same).first():
            return known
        next_revision(incident)
        return Attachment.objects.create(
            media_type=kept.kind.media_type, size_bytes=kept.size, uploaded_by=actor, **same
        )


@transaction.atomic
def remove_attachment(attachment: Attachment, *, now: datetime) -> Attachment:
    """The file is no longer there for anybody; for a week that can be undone."""
    # First, as everywhere: two who lock one each in the other order would wait for each other.
    incident = Incident.objects.select_for_update().get(pk=attachment.incident_id)
    attachment = Attachment.objects.select_for_update().get(pk=attachment.pk)
    if attachment.removed_at is None:
        attachment.removed_at = now
        attachment.save(update_fields=["removed_at", "updated_at"])
        next_revision(incident)
    return attachment


@transaction.atomic
def restore_attachment(attachment: Attachment) -> Attachment:
    """The removed file is there again. Raises IncidentError where it has been attached anew meanwhile."""
    incident = Incident.objects.select_for_update().get(pk=attachment.incident_id)
    attachment = Attachment.objects.select_for_update().get(pk=attachment.pk)
    if attachment.removed_at is None:
        return attachment
    same = Attachment.objects.filter(incident=incident, sha256=attachment.sha256, name=attachment.name)
    if same.filter(removed_at=None).exists():
        raise IncidentError(_("This file has been attached again meanwhile; nothing needs to be undone."))
    attachment.removed_at = None
    attachment.save(update_fields=["removed_at", "updated_at"])
    next_revision(incident)
    return attachment


def sweep_attachments(*, now: datetime) -> None:
    """Files removed a week ago are forgotten, and their content an hour later unless another one has it too."""
    store = attachment_store()
    old = Attachment.objects.filter(removed_at__lt=now - KEPT_AFTER_REMOVAL, is_published=False).order_by("pk")
    for removed in old[:500]:
        if is_published(removed):
            # What a published version shows is shown by it for good.
            Attachment.objects.filter(pk=removed.pk).update(is_published=True)
            continue
        # Announced first: should this end in between, the sweep finds that the file is named, and leaves it.
        store.announce(removed.sha256)
        with transaction.atomic():
            locked = Attachment.objects.select_for_update().filter(pk=removed.pk, removed_at=removed.removed_at).first()
            if locked:
                locked.delete()
    store.sweep(lambda digest: Attachment.objects.filter(sha256=digest).exists(), now=now)
