"""An incident that somebody opens, and what somebody who watches it has yet to see."""

from functools import cache

from django.db.models import QuerySet, prefetch_related_objects

from accounts.models import User
from incidents.models import Incident, TimelineEvent
from incidents.queries.timeline import list_events
from lib.compiled import CompiledQuery, CompiledRecords, compile_query

_ANY_PERSON, _ANY_NUMBER = -101, -102
# No database counts further.
_NUMBERS = range(1, 2**63)
_whole = CompiledRecords[Incident](
    lambda: (
        Incident.objects.visible_to(User(pk=_ANY_PERSON))
        .filter(pk=_ANY_NUMBER)
        .order_by()
        .select_related("severity", "declared_by", "postmortem")
    )
)


def find_visible_incident(user: User, number: int) -> Incident | None:
    """The incident with what its pages say of it; None where this person does not know of such an incident."""
    found = _whole.fetch({_ANY_PERSON: user.pk, _ANY_NUMBER: number}) if number in _NUMBERS else []
    prefetch_related_objects(found, "services", "tags")
    return found[0] if found else None


def find_revision(user: User, number: int) -> int | None:
    """The incident's revision now; None where this person does not know of such an incident."""
    row = _revisions().first({_ANY_PERSON: user.pk, _ANY_NUMBER: number})
    return row[0] if row else None


def list_changed_events(incident: Incident, since: int) -> QuerySet[TimelineEvent]:
    """The events that changed after this revision, in order, with authors."""
    return list_events(incident).filter(revision__gt=since)


def list_event_keys(incident: Incident) -> list[int]:
    """The keys of all events that stand in the timeline: a row of any other one has left it."""
    return list(TimelineEvent.objects.filter(incident=incident).order_by("pk").values_list("pk", flat=True))


@cache
def _revisions() -> CompiledQuery:
    visible = Incident.objects.visible_to(User(pk=_ANY_PERSON))
    return compile_query(visible.filter(pk=_ANY_NUMBER).order_by().values_list("revision"))
