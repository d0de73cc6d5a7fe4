"""Saying how far a post-mortem is: every change of its status, each with an event in the timeline."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from incidents.errors import IncidentError
from incidents.models import Incident, Postmortem, TimelineEvent
from incidents.postmortem_course import check_postmortem_transition
from incidents.services.drafts import start_postmortem
from incidents.services.timeline import record
from lib.markdown_source import escape

# What a person sets; a review is asked for, and publishing makes a version.
SETTABLE = (Postmortem.Status.DRAFT, Postmortem.Status.NOT_REQUIRED)


@transaction.atomic
def change_postmortem_status(
    incident: Incident, *, status: str, actor: User, now: datetime, reason: str = ""
) -> Postmortem:
    """The incident's post-mortem with this status, begun where there was none, and a timeline event.

    One that is not required says why. Published versions stay, whatever becomes of the document.
    """
    # Under the incident's lock, as closing is: what closing counts on does not change while it looks.
    incident = Incident.objects.select_for_update().get(pk=incident.pk)
    after, reason = Postmortem.Status(status), reason.strip()
    if after not in SETTABLE:
        raise IncidentError(_("Ask for a review, or publish a version; this is not set by hand."))
    if after is Postmortem.Status.NOT_REQUIRED and not reason:
        raise IncidentError(_("Say why no post-mortem is required; the reason is kept with it."), field="reason")
    postmortem = start_postmortem(incident, actor=actor)
    move(postmortem, after, reason=reason)
    record(incident, TimelineEvent.Kind.STATUS_CHANGE, _tell(after, reason), actor=actor, at=now)
    return postmortem


def move(
    postmortem: Postmortem, after: Postmortem.Status, *, reason: str = "", published_at: datetime | None = None
) -> None:
    """The post-mortem has this status. To be called with the incident locked, by whoever records the event."""
    check_postmortem_transition(Postmortem.Status(postmortem.status), after)
    postmortem.status = after
    postmortem.reason = reason if after is Postmortem.Status.NOT_REQUIRED else ""
    postmortem.published_at = published_at
    postmortem.save(update_fields=["status", "reason", "published_at", "updated_at"])


def _tell(status: Postmortem.Status, reason: str) -> str:
    if status is Postmortem.Status.NOT_REQUIRED:
        return _("No post-mortem required: %(reason)s") % {"reason": escape(reason)}
    return _("Post-mortem back in draft.")
