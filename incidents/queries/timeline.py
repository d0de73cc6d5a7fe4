"""What happened when."""

from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime
from itertools import groupby

from django.db.models import Q, QuerySet, prefetch_related_objects
from django.utils.timezone import localdate

from incidents.models import Incident, TimelineEvent
from lib.compiled import CompiledRecords

_ANY_NUMBER = -102
_events = CompiledRecords[TimelineEvent](lambda: list_events(Incident(pk=_ANY_NUMBER)))


def list_events(incident: Incident) -> QuerySet[TimelineEvent]:
    """The incident's timeline in order, hidden events too, with authors."""
    # A few people write hundreds of events: each of them is read once.
    return TimelineEvent.objects.filter(incident=incident).prefetch_related("author").order_by("occurred_at", "pk")


def read_events(incident: Incident) -> list[TimelineEvent]:
    """The same as a list, compiled once: it is what every page of an incident begins with."""
    events = _events.fetch({_ANY_NUMBER: incident.pk})
    prefetch_related_objects(events, "author")
    return events


def group_by_day(events: list[TimelineEvent]) -> list[tuple[date, list[TimelineEvent]]]:
    """Events in order, by the days of the reader's timezone."""
    by_day = groupby(events, key=lambda event: localdate(event.occurred_at))
    return [(day, list(of_day)) for day, of_day in by_day]


def tally(marks: Iterable[tuple[bool, str]]) -> dict[str, int]:
    """How many events show, how many of those the system wrote, and the same of the hidden ones.

    `marks` are, of each event, whether it is hidden and its source.
    """
    counts = Counter((is_hidden, source == TimelineEvent.Source.SYSTEM) for is_hidden, source in marks)
    return {
        "event_count": counts[False, False] + counts[False, True],
        "system_count": counts[False, True],
        "hidden_count": counts[True, False] + counts[True, True],
        "hidden_system_count": counts[True, True],
    }


def count_events(incident: Incident) -> dict[str, int]:
    """The tally of the incident's events."""
    return tally(TimelineEvent.objects.filter(incident=incident).values_list("is_hidden", "source"))


def find_neighbours(event: TimelineEvent) -> tuple[datetime | None, datetime | None]:
    """When the events that show before and after this one happened; None at either end."""
    others, at = TimelineEvent.objects.filter(incident=event.incident_id, is_hidden=False), event.occurred_at
    before = others.filter(Q(occurred_at__lt=at) | Q(occurred_at=at, pk__lt=event.pk))
    after = others.filter(Q(occurred_at__gt=at) | Q(occurred_at=at, pk__gt=event.pk))
    return (
        before.order_by("-occurred_at", "-pk").values_list("occurred_at", flat=True).first(),
        after.order_by("occurred_at", "pk").values_list("occurred_at", flat=True).first(),
    )
