"""The records of one post-mortem, read at once, and as plain values for who reads the document back."""

from collections.abc import Iterable
from dataclasses import dataclass, fields
from typing import Any, TypeVar

from accounts.models import User
from incidents.documents.records import (
    ActionRecord,
    CauseRecord,
    EventRecord,
    ImprovementRecord,
    IncidentRecord,
    PersonRecord,
    Records,
    RoleRecord,
    SectionRecord,
)
from incidents.models import (
    ActionItem,
    Improvement,
    Incident,
    Postmortem,
    PostmortemSection,
    RoleAssignment,
    RootCause,
    TimelineEvent,
)

MANY = ("services", "tags")
Record = TypeVar("Record")


@dataclass(frozen=True)
class Loaded:
    """Everything of this app that a document is made of."""

    postmortem: Postmortem
    incident: Incident
    events: list[TimelineEvent]
    causes: list[RootCause]
    items: list[ActionItem]
    improvements: list[Improvement]
    assignments: list[RoleAssignment]
    sections: list[PostmortemSection]

    @property
    def rows(self) -> Iterable[Any]:
        """All of them, each with the instant it last changed."""
        yield from (self.postmortem, self.incident)
        for rows in (self.events, self.causes, self.items, self.improvements, self.assignments, self.sections):
            yield from rows


def load(postmortem: Postmortem) -> Loaded:
    """The records of the post-mortem, in a fixed number of queries."""
    incident = Incident.objects.select_related("severity").prefetch_related(*MANY).get(pk=postmortem.incident_id)
    return Loaded(
        postmortem=postmortem,
        incident=incident,
        events=list(incident.events.select_related("author")),
        causes=list(incident.root_causes.prefetch_related("leads_to")),
        items=list(incident.action_items.select_related("owner_person", "owner_team")),
        improvements=list(incident.improvements.all()),
        assignments=list(incident.role_assignments.select_related("person")),
        sections=list(postmortem.sections.all()),
    )


def records_of(loaded: Loaded) -> Records:
    """The same as plain values."""
    places = {cause.pk: place for place, cause in enumerate(loaded.causes)}
    return Records(
        incident=_incident(loaded.incident),
        postmortem_status=loaded.postmortem.status,
        reason=loaded.postmortem.reason,
        published_at=loaded.postmortem.published_at,
        sections=tuple(SectionRecord(each.key, bool(each.body.strip())) for each in loaded.sections),
        events=tuple(_copy(EventRecord, event) for event in loaded.events if event.is_pinned and not event.is_hidden),
        causes=tuple(_cause(cause, places) for cause in loaded.causes),
        action_items=tuple(_action(item, places) for item in loaded.items),
        improvements=tuple(_copy(ImprovementRecord, improvement) for improvement in loaded.improvements),
        roles=tuple(_copy(RoleRecord, each, person=_person(each.person)) for each in loaded.assignments),
    )


def _incident(incident: Incident) -> IncidentRecord:
    named = {many: tuple(sorted(each.name for each in getattr(incident, many).all())) for many in MANY}
    return _copy(IncidentRecord, incident, **named)


def _cause(cause: RootCause, places: dict[int, int]) -> CauseRecord:
    leads_to = tuple(sorted(places[other.pk] for other in cause.leads_to.all() if other.pk in places))
    return _copy(CauseRecord, cause, whys=tuple(map(str, cause.whys)), leads_to=leads_to)


def _action(item: ActionItem, places: dict[int, int]) -> ActionRecord:
    return _copy(
        ActionRecord,
        item,
        person=_person(item.owner_person) if item.owner_person else None,
        team=item.owner_team.name if item.owner_team else "",
        cause=places.get(item.root_cause_id) if item.root_cause_id else None,
    )


def _person(person: User) -> PersonRecord:
    return PersonRecord(person.username, person.name)


def _copy(kind: type[Record], row: Any, **known: Any) -> Record:
    """The record with the fields of the row that have the same names."""
    names = [field.name for field in fields(kind) if field.name not in known]  # type: ignore[arg-type]
    return kind(**{name: getattr(row, name) for name in names}, **known)
