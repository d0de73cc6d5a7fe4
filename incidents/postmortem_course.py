"""The course of a post-mortem: which status follows which. A review and a publication go through here too."""

from django.utils.translation import gettext as _

from incidents.errors import IncidentError
from incidents.models.postmortem import Postmortem

Status = Postmortem.Status
# Publishing the next version leaves a published one published, as asking for a review of that version does.
TRANSITIONS: dict[Status, tuple[Status, ...]] = {
    Status.DRAFT: (Status.IN_REVIEW, Status.PUBLISHED, Status.NOT_REQUIRED),
    Status.IN_REVIEW: (Status.PUBLISHED, Status.DRAFT, Status.NOT_REQUIRED),
    Status.PUBLISHED: (Status.PUBLISHED, Status.DRAFT),
    Status.NOT_REQUIRED: (Status.DRAFT,),
}


def check_postmortem_transition(before: Status, after: Status) -> None:
    """Refuses a status that may not follow the one that stands."""
    if after in TRANSITIONS[before]:
        return
    if before == after:
        sentence = _("The post-mortem is “%(before)s” already; look at it again.")
    else:
        sentence = _("A post-mortem that is “%(before)s” cannot become “%(after)s”; choose one of: %(next)s.")
    names = ", ".join(str(status.label) for status in TRANSITIONS[before])
    raise IncidentError(sentence % {"before": before.label, "after": after.label, "next": names})
