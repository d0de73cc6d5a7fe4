"""What stands in the way of closing an incident; other apps add requirements of theirs when they start."""

from collections.abc import Callable
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from incidents.models import Incident, Mode, Postmortem


@dataclass(frozen=True)
class Obstacle:
    """One reason, a sentence; `url` is where it can be put right, and `link` says what is done there."""

    reason: str
    url: str
    link: str


Requirement = Callable[[Incident], Obstacle | None]
_requirements: list[Requirement] = []


def register_requirement(requirement: Requirement) -> None:
    """From now on, an incident for which `requirement` returns an obstacle is not closed."""
    if requirement not in _requirements:
        _requirements.append(requirement)


def list_obstacles(incident: Incident) -> list[Obstacle]:
    """All that stands in the way of closing this incident, whatever its status is now."""
    found = (requirement(incident) for requirement in (_require_postmortem, *_requirements))
    return [obstacle for obstacle in found if obstacle]


def owes_postmortem(incident: Incident) -> bool:
    """True where its severity requires one, begun or not."""
    # An exercise is no failure of a service, and of a duplicate the original tells the story.
    is_told_elsewhere = incident.mode == Mode.DRILL or incident.duplicate_of_id is not None
    return incident.severity.is_postmortem_required and not is_told_elsewhere


def _require_postmortem(incident: Incident) -> Obstacle | None:
    if not owes_postmortem(incident):
        return None
    postmortem: Postmortem | None = getattr(incident, "postmortem", None)
    if postmortem and postmortem.status in (Postmortem.Status.PUBLISHED, Postmortem.Status.NOT_REQUIRED):
        return None
    names = {"severity": incident.severity.name}
    if postmortem is None:
        reason = _("A post-mortem is required at %(severity)s and has not been begun.") % names
        return Obstacle(reason, reverse("incidents:postmortem_status_edit", args=[incident.pk]), _("Begin or waive it"))
    reason = _("A post-mortem is required at %(severity)s and has not been published.") % names
    return Obstacle(reason, postmortem.get_absolute_url(), _("Open the post-mortem"))
