"""The only place that turns user input into records of this app: unknown is 404, read-only is 403."""

from dataclasses import dataclass

from django.contrib.contenttypes.models import ContentType
from django.db.models import Model, QuerySet
from django.http import Http404
from django.shortcuts import get_list_or_404, get_object_or_404

from accounts.access import check_administrator, check_writer
from accounts.audit import watched_kinds
from accounts.models import Change, User
from accounts.models.change_log import incident_number_of
from incidents.models import (
    ActionItem,
    Attachment,
    Export,
    Improvement,
    Incident,
    IncidentLink,
    Postmortem,
    PostmortemSection,
    PostmortemTemplate,
    RenderedDocument,
    RoleAssignment,
    RootCause,
    Service,
    SeverityLevel,
    Tag,
    TemplateSection,
    TimelineEvent,
    WordingDismissal,
    WordingRule,
)
from incidents.queries.attachments import is_published
from incidents.queries.changes import visible_changes
from incidents.queries.tags import list_counted_tags
from incidents.queries.transcripts import list_seen_import
from incidents.queries.watching import find_visible_incident


def get_visible_incident(user: User, number: int) -> Incident:
    """The incident for reading; a restricted one that does not name this person is not there."""
    incident = find_visible_incident(user, number)
    if incident is None:
        raise Http404
    return incident


def get_editable_incident(user: User, number: int) -> Incident:
    """The incident for changing."""
    incident = get_visible_incident(user, number)
    check_writer(user)
    return incident


def get_visible_event(user: User, number: int, pk: int) -> TimelineEvent:
    """A timeline event for reading."""
    events = TimelineEvent.objects.select_related("author")
    event = get_object_or_404(events, incident=(incident := get_visible_incident(user, number)), pk=pk)
    event.incident = incident
    return event


def get_editable_event(user: User, number: int, pk: int) -> TimelineEvent:
    """A timeline event for correcting."""
    return get_object_or_404(TimelineEvent, incident=get_editable_incident(user, number), pk=pk)


def get_editable_role(user: User, number: int, pk: int) -> RoleAssignment:
    """One who holds or held a role, for changing."""
    assignments = RoleAssignment.objects.select_related("incident", "person")
    return get_object_or_404(assignments, incident=get_editable_incident(user, number), pk=pk)


def get_editable_cause(user: User, number: int, pk: int) -> RootCause:
    """A cause for changing."""
    return get_object_or_404(RootCause, incident=get_editable_incident(user, number), pk=pk)


def get_editable_action_item(user: User, number: int, item: int) -> ActionItem:
    """An action item for changing."""
    return get_object_or_404(ActionItem, incident=get_editable_incident(user, number), number=item)


def get_editable_improvement(user: User, number: int, pk: int) -> Improvement:
    """An improvement for changing."""
    return get_object_or_404(Improvement, incident=get_editable_incident(user, number), pk=pk)


def get_visible_attachment(user: User, number: int, pk: int) -> Attachment:
    """A file of the incident for reading; a removed one is there only where a published version shows it."""
    incident = get_visible_incident(user, number)
    attachment = get_object_or_404(Attachment.objects.select_related("incident"), incident=incident, pk=pk)
    if attachment.removed_at and not is_published(attachment):
        raise Http404
    return attachment


def get_editable_attachment(user: User, number: int, pk: int) -> Attachment:
    """A file of the incident for removing, or bringing back where it is removed."""
    incident = get_editable_incident(user, number)
    return get_object_or_404(Attachment.objects.select_related("incident"), incident=incident, pk=pk)


def get_visible_import(user: User, number: int, key: str) -> tuple[Incident, list[TimelineEvent]]:
    """The incident, and what one paste became on its timeline."""
    incident = get_visible_incident(user, number)
    return incident, get_list_or_404(list_seen_import(user, incident, key).order_by("occurred_at", "pk"))


def get_visible_postmortem(user: User, number: int) -> Postmortem:
    """The post-mortem for reading."""
    return get_object_or_404(Postmortem, incident=get_visible_incident(user, number))


def get_editable_postmortem(user: User, number: int) -> Postmortem:
    """The post-mortem for changing."""
    postmortem = get_visible_postmortem(user, number)
    check_writer(user)
    return postmortem


def get_visible_section(user: User, number: int, key: str) -> PostmortemSection:
    """A section of the post-mortem for reading."""
    sections = PostmortemSection.objects.select_related("postmortem")
    return get_object_or_404(sections, postmortem=get_visible_postmortem(user, number), key=key)


def get_editable_section(user: User, number: int, key: str) -> PostmortemSection:
    """A section of the post-mortem for writing."""
    incident = get_editable_incident(user, number)
    sections = PostmortemSection.objects.select_related("postmortem")
    return get_object_or_404(sections, postmortem__incident=incident, key=key)


def get_editable_heading(user: User, number: int, key: str) -> PostmortemSection:
    """A section of the post-mortem, for its title and its place; a removed one for bringing back."""
    incident = get_editable_incident(user, number)
    sections = PostmortemSection.with_removed.select_related("postmortem__incident")
    return get_object_or_404(sections, postmortem__incident=incident, key=key)


def get_visible_rendering(user: User, number: int, digest: str) -> RenderedDocument:
    """A PDF made of the incident's post-mortem."""
    return get_object_or_404(RenderedDocument, incident=get_visible_incident(user, number), digest=digest)


def get_own_export(user: User, pk: int) -> Export:
    """A file of many post-mortems for whoever asked for it; nobody else may see what they saw."""
    return get_object_or_404(Export, requested_by=user, pk=pk)


def get_editable_link(user: User, number: int, pk: int) -> IncidentLink:
    """A link of the incident for changing."""
    return get_object_or_404(IncidentLink, incident=get_editable_incident(user, number), pk=pk)


def get_visible_service(user: User, pk: int) -> Service:  # noqa: ARG001  # everybody with an account sees services
    """The service for reading."""
    return get_object_or_404(Service.objects.select_related("team"), pk=pk)


def get_editable_service(user: User, pk: int) -> Service:
    """The service for changing."""
    check_writer(user)
    return get_visible_service(user, pk)


def get_editable_severity(user: User, level: int) -> SeverityLevel:
    """The severity level for changing, which is for administrators."""
    check_administrator(user)
    return get_object_or_404(SeverityLevel, level=level)


def get_editable_template(user: User, pk: int) -> PostmortemTemplate:
    """The template for changing, which is for administrators; a removed one for bringing back."""
    check_administrator(user)
    return get_object_or_404(PostmortemTemplate.with_removed, pk=pk)


def get_editable_template_section(user: User, pk: int, section: int) -> TemplateSection:
    """A section of the template for changing; a removed one for bringing back."""
    template = get_editable_template(user, pk)
    return get_object_or_404(TemplateSection.with_removed.select_related("template"), template=template, pk=section)


def get_editable_dismissal(user: User, number: int, key: str, pk: int) -> WordingDismissal:
    """A mark that somebody left as it is, for taking that back."""
    dismissals = WordingDismissal.objects.select_related("section__postmortem__incident")
    return get_object_or_404(dismissals, section=get_editable_section(user, number, key), pk=pk)


def get_editable_wording_rule(user: User, pk: int) -> WordingRule:
    """The team's rule of wording, for changing; one that was removed, for bringing it back."""
    check_writer(user)
    return get_object_or_404(WordingRule.with_removed, pk=pk)


def get_editable_tag(user: User, pk: int) -> Tag:
    """The tag for changing, with its number of incidents; one that is on none that this person sees is not there."""
    check_writer(user)
    return get_object_or_404(list_counted_tags(user), pk=pk)


@dataclass(frozen=True)
class AuditedRecord:
    """A record, which may be gone, and its changes as far as the reader may know of them."""

    name: str
    kind: str
    incident_number: int | None
    changes: QuerySet[Change]


def get_audited_record(user: User, kind: str, key: str) -> AuditedRecord:
    """A record of an incident for whoever sees that, any other one for administrators; 404 for everyone else.

    Of one that is gone, the changes that may be seen say whether there ever was such a record.
    """
    model = watched_kinds().get(kind)
    if model is None:
        raise Http404
    record = _find(model, key)
    found = visible_changes(user).filter(content_type=ContentType.objects.get_for_model(model))
    found = found.filter(object_pk=str(record.pk) if record else key)
    newest = found.order_by("-timestamp", "-pk").first()
    if record is None:
        if newest is None:
            raise Http404
        return AuditedRecord(newest.object_repr, str(model._meta.verbose_name), newest.incident_number, found)
    number = incident_number_of(record)
    if not (user.is_administrator if number is None else Incident.objects.visible_to(user).filter(pk=number).exists()):
        raise Http404
    return AuditedRecord(str(record), str(model._meta.verbose_name), number, found)


def _find(model: type[Model], key: str) -> Model | None:
    try:
        return model._base_manager.filter(pk=key).first()
    except ValueError:
        return None
