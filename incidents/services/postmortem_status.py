"""Saying how far a post-mortem is."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from incidents.errors import IncidentError
from incidents.models import Incident, Postmortem, TimelineEvent
from incidents.services.postmortems import start_postmortem
from incidents.services.timeline import record
from lib.markdown_source import escape

# What a person sets; a review has a course of its own.
SETTABLE = (Postmortem.Status.DRAFT, Postmortem.Status.PUBLISHED, Postmortem.Status.NOT_REQUIRED)


@transaction.atomic
def change_postmortem_status(
    incident: Incident, *, status: str, actor: User, now: datetime, reason: str = ""
) -> Postmortem:
    """The incident's post-mortem with this status, begun where there was none, and a timeline event.

    One that is not required says why; one that is published says since when.
    """
    # Under the incident's lock, as closing is: what closing counts on does not change while it looks.
    incident = Incident.objects.select_for_update().get(pk=incident.pk)
    after, reason = Postmortem.Status(status), reason.strip()
    if after is Postmortem.Status.NOT_REQUIRED and not reason:
        raise IncidentError(_("Say why no post-mortem is required; the reason is kept with it."), field="reason")
    postmortem = start_postmortem(incident, actor=actor)
    if postmortem.status == after:
        words = {"status": after.label}
        raise IncidentError(_("The post-mortem is “%(status)s” already; look at it again.") % words)
    postmortem.status = after
    postmortem.reason = reason if after is Postmortem.Status.NOT_REQUIRED else ""
    postmortem.published_at = now if after is Postmortem.Status.PUBLISHED else None
    postmortem.save(update_fields=["status", "reason", "published_at", "updated_at"])
    record(incident, TimelineEvent.Kind.STATUS_CHANGE, _tell(after, reason), actor=actor, at=now)
    return postmortem


def _tell(status: Postmortem.Status, reason: str) -> str:
    if status is Postmortem.Status.PUBLISHED:
        return _("Post-mortem published.")
    if status is Postmortem.Status.NOT_REQUIRED:
        return _("No post-mortem required: %(reason)s") % {"reason": escape(reason)}
    return _("Post-mortem back in draft.")
