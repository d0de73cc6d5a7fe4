"""One module a noun."""

from incidents.models.action_item import ActionItem
from incidents.models.improvement import Improvement
from incidents.models.incident import Incident, Mode
from incidents.models.postmortem import Postmortem, PostmortemSection
from incidents.models.rendered_document import RenderedDocument
from incidents.models.root_cause import RootCause
from incidents.models.service import Service
from incidents.models.severity import SeverityLevel
from incidents.models.timeline_event import TimelineEvent

__all__ = [
    "ActionItem",
    "Improvement",
    "Incident",
    "Mode",
    "Postmortem",
    "PostmortemSection",
    "RenderedDocument",
    "RootCause",
    "Service",
    "SeverityLevel",
    "TimelineEvent",
]
