"""One module a noun."""

from incidents.models.action_item import ActionItem
from incidents.models.attachment import Attachment
from incidents.models.grant import IncidentGrant
from incidents.models.improvement import Improvement
from incidents.models.incident import DataLoss, Incident, Mode, Visibility
from incidents.models.link import IncidentLink
from incidents.models.postmortem import Postmortem, PostmortemSection
from incidents.models.rendered_document import RenderedDocument
from incidents.models.role import IncidentRole, RoleAssignment
from incidents.models.root_cause import RootCause
from incidents.models.service import Service
from incidents.models.severity import SeverityLevel
from incidents.models.tag import Tag
from incidents.models.timeline_event import TimelineEvent

__all__ = [
    "ActionItem",
    "Attachment",
    "DataLoss",
    "Improvement",
    "Incident",
    "IncidentGrant",
    "IncidentLink",
    "IncidentRole",
    "Mode",
    "Postmortem",
    "PostmortemSection",
    "RenderedDocument",
    "RoleAssignment",
    "RootCause",
    "Service",
    "SeverityLevel",
    "Tag",
    "TimelineEvent",
    "Visibility",
]
