"""Where the records are changed that stand in a section of a post-mortem: panels of the incident's page."""

from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Records(NamedTuple):
    """The panel's id, and what is done there."""

    panel: str
    label: str | Promise


# By the key of the section that shows them.
RECORDS = {
    "summary": Records("milestones-panel", _("Change the milestones")),
    "impact": Records("impact-panel", _("Change the figures of the impact")),
    "timeline": Records("timeline-panel", _("Add, correct, pin or unpin events")),
    "response": Records("roles-panel", _("Change the roles")),
    "root_causes": Records("cause-panel", _("Add or change causes")),
    "recovery": Records("evidence-panel", _("Attach evidence")),
    "action_items": Records("action-panel", _("Add or change action items")),
    "improvements": Records("improvement-panel", _("Add or change improvements")),
}
