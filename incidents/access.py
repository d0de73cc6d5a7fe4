"""The only place that turns user input into records of this app: unknown is 404, read-only is 403."""

from django.shortcuts import get_object_or_404

from accounts.access import check_writer
from accounts.models import User
from incidents.models import (
    ActionItem,
    Improvement,
    Incident,
    Postmortem,
    PostmortemSection,
    RenderedDocument,
    RootCause,
    TimelineEvent,
)


def get_visible_incident(user: User, number: int) -> Incident:
    """The incident for reading; a restricted one that does not name this person is not there."""
    incidents = Incident.objects.visible_to(user).select_related("severity", "declared_by", "postmortem")
    incidents = incidents.prefetch_related("services")
    return get_object_or_404(incidents, number=number)


def get_editable_incident(user: User, number: int) -> Incident:
    """The incident for changing."""
    incident = get_visible_incident(user, number)
    check_writer(user)
    return incident


def get_editable_event(user: User, number: int, pk: int) -> TimelineEvent:
    """A timeline event for correcting."""
    return get_object_or_404(TimelineEvent, incident=get_editable_incident(user, number), pk=pk)


def get_editable_cause(user: User, number: int, pk: int) -> RootCause:
    """A cause for changing."""
    return get_object_or_404(RootCause, incident=get_editable_incident(user, number), pk=pk)


def get_editable_action_item(user: User, number: int, item: int) -> ActionItem:
    """An action item for changing."""
    return get_object_or_404(ActionItem, incident=get_editable_incident(user, number), number=item)


def get_editable_improvement(user: User, number: int, pk: int) -> Improvement:
    """An improvement for changing."""
    return get_object_or_404(Improvement, incident=get_editable_incident(user, number), pk=pk)


def get_visible_postmortem(user: User, number: int) -> Postmortem:
    """The post-mortem for reading."""
    return get_object_or_404(Postmortem, incident=get_visible_incident(user, number))


def get_editable_section(user: User, number: int, key: str) -> PostmortemSection:
    """A section of the post-mortem for writing."""
    incident = get_editable_incident(user, number)
    sections = PostmortemSection.objects.select_related("postmortem")
    return get_object_or_404(sections, postmortem__incident=incident, key=key)


def get_visible_rendering(user: User, number: int, digest: str) -> RenderedDocument:
    """A PDF made of the incident's post-mortem."""
    return get_object_or_404(RenderedDocument, incident=get_visible_incident(user, number), digest=digest)
