"""The files of an incident."""

from django.db.models import QuerySet

from incidents.models import Attachment, Incident


def list_attachments(incident: Incident) -> QuerySet[Attachment]:
    """Those that are there, the newest first, with who sent them."""
    return Attachment.objects.filter(incident=incident, removed_at=None).select_related("uploaded_by").order_by("-pk")
