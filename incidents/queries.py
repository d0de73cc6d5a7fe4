"""What pages read, each in a fixed number of queries."""

from datetime import date
from itertools import groupby

from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.timezone import localdate

from incidents.models import ActionItem, Improvement, Incident, RootCause, TimelineEvent


def list_incidents() -> QuerySet[Incident]:
    """All incidents, newest first, with what a row shows."""
    owed = ActionItem.objects.filter(incident=OuterRef("pk")).exclude(status__in=("done", "not_doing")).order_by()
    # Counted for the rows of a page alone; a join would group all incidents first.
    counted = Coalesce(Subquery(owed.values("incident").annotate(count=Count("*")).values("count")), 0)
    incidents = Incident.objects.select_related("severity", "postmortem")
    return incidents.annotate(open_action_count=counted).order_by("-number")


def count_ongoing() -> int:
    """How many incidents are not over."""
    return Incident.objects.ongoing().count()


def list_events_by_day(incident: Incident) -> list[tuple[date, list[TimelineEvent]]]:
    """The incident's timeline in order, with authors, by the days of the reader's timezone."""
    events = TimelineEvent.objects.filter(incident=incident).select_related("author").order_by("occurred_at", "pk")
    by_day = groupby(events, key=lambda event: localdate(event.occurred_at))
    return [(day, list(of_day)) for day, of_day in by_day]


def list_causes(incident: Incident) -> QuerySet[RootCause]:
    """The incident's causes with the action items that address them."""
    return RootCause.objects.filter(incident=incident).prefetch_related("action_items")


def list_action_items(incident: Incident) -> QuerySet[ActionItem]:
    """The incident's action items with their owners."""
    return ActionItem.objects.filter(incident=incident).select_related("owner_person", "owner_team", "root_cause")


def list_improvements(incident: Incident) -> QuerySet[Improvement]:
    """What got better after the incident."""
    return Improvement.objects.filter(incident=incident)
