"""The files of an incident."""

from django.db.models import Q, QuerySet

from incidents.models import Attachment, Incident, Publication


def list_attachments(incident: Incident) -> QuerySet[Attachment]:
    """Those that are there, the newest first, with who sent them."""
    return Attachment.objects.filter(incident=incident, removed_at=None).select_related("uploaded_by").order_by("-pk")


def is_published(attachment: Attachment) -> bool:
    """True where a published version of the incident's post-mortem shows the file or leads to it."""
    shown = Q(content__contains=attachment.sha256) | Q(content__contains=f"/attachments/{attachment.pk}/")
    return Publication.objects.filter(shown, postmortem__incident=attachment.incident_id).exists()
