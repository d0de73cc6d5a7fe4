"""One module a noun."""

from incidents.models.action_item import ActionItem
from incidents.models.attachment import Attachment
from incidents.models.export import Export
from incidents.models.grant import IncidentGrant
from incidents.models.improvement import Improvement
from incidents.models.incident import DataLoss, Incident, Mode, Visibility
from incidents.models.link import IncidentLink
from incidents.models.postmortem import Postmortem, PostmortemSection
from incidents.models.postmortem_template import PostmortemTemplate, TemplateSection
from incidents.models.publication import Publication
from incidents.models.rendered_document import RenderedDocument
from incidents.models.review import ChecklistAnswer, Review, SectionComment
from incidents.models.role import IncidentRole, RoleAssignment
from incidents.models.root_cause import RootCause
from incidents.models.section_version import SectionPresence, SectionVersion
from incidents.models.service import Service
from incidents.models.severity import SeverityLevel
from incidents.models.tag import Tag
from incidents.models.timeline_event import TimelineEvent
from incidents.models.wording import WordingDismissal, WordingRule

__all__ = [
    "ActionItem",
    "Attachment",
    "ChecklistAnswer",
    "DataLoss",
    "Export",
    "Improvement",
    "Incident",
    "IncidentGrant",
    "IncidentLink",
    "IncidentRole",
    "Mode",
    "Postmortem",
    "PostmortemSection",
    "PostmortemTemplate",
    "Publication",
    "RenderedDocument",
    "Review",
    "RoleAssignment",
    "RootCause",
    "SectionComment",
    "SectionPresence",
    "SectionVersion",
    "Service",
    "SeverityLevel",
    "Tag",
    "TemplateSection",
    "TimelineEvent",
    "Visibility",
    "WordingDismissal",
    "WordingRule",
]
