"""What happened when."""

from datetime import date
from itertools import groupby

from django.utils.timezone import localdate

from incidents.models import Incident, TimelineEvent


def list_events_by_day(incident: Incident) -> list[tuple[date, list[TimelineEvent]]]:
    """The incident's timeline in order, with authors, by the days of the reader's timezone."""
    events = TimelineEvent.objects.filter(incident=incident).select_related("author").order_by("occurred_at", "pk")
    by_day = groupby(events, key=lambda event: localdate(event.occurred_at))
    return [(day, list(of_day)) for day, of_day in by_day]
