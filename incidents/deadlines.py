"""By when an incident is to be learnt from: what its severity promises, counted from its resolution. No database."""

import zoneinfo
from collections.abc import Collection
from datetime import date, datetime, timedelta
from typing import Protocol

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

SATURDAY = 5


class Promises(Protocol):
    """What a severity level asks for."""

    is_postmortem_required: bool
    postmortem_days: int
    action_item_days: int


class Resolvable(Protocol):
    """What the days are counted from; `time_zone` empty is the installation's."""

    @property
    def resolved_at(self) -> datetime | None:
        """When it was over; None while it goes on."""

    @property
    def time_zone(self) -> str:
        """Where it was handled."""


def add_working_days(start: date, count: int, holidays: Collection[date] = ()) -> date:
    """The day that is `count` working days (Monday to Friday, without `holidays`) after `start`."""
    day, end = start, _add_weekdays(start, count)
    # Each working day that was a holiday is worked later, where there may be another.
    while missed := sum(1 for holiday in holidays if day < holiday <= end and holiday.weekday() < SATURDAY):
        day, end = end, _add_weekdays(end, missed)
    return end


def is_working_day(day: date, holidays: Collection[date] = ()) -> bool:
    """True from Monday to Friday, but not on `holidays`."""
    return day.weekday() < SATURDAY and day not in holidays


def _add_weekdays(start: date, count: int) -> date:
    weeks, rest = divmod(count, 5)
    day = start + timedelta(weeks=weeks)
    # A whole week later is the same weekday; one that falls on a weekend counts as the Friday before.
    if day.weekday() >= SATURDAY and (weeks or rest):
        day -= timedelta(days=day.weekday() - SATURDAY + 1)
    while rest:
        day += timedelta(days=1)
        rest -= day.weekday() < SATURDAY
    return day


def postmortem_due(incident: Resolvable, severity: Promises) -> date | None:
    """The last day for publishing the post-mortem; None while the incident goes on, and where none is required."""
    if not severity.is_postmortem_required:
        return None
    resolved = _resolution_day(incident)
    return resolved and add_working_days(resolved, severity.postmortem_days, settings.HOLIDAYS)


def action_items_due(incident: Resolvable, severity: Promises) -> date | None:
    """The last day for the incident's action items; None while the incident goes on."""
    resolved = _resolution_day(incident)
    return resolved and resolved + timedelta(days=severity.action_item_days)


def describe_promises(severity: Promises) -> str:
    """What follows from choosing this level, in a sentence."""
    days = severity.postmortem_days
    if severity.is_postmortem_required:
        postmortem = ngettext(
            "Post-mortem due in %(count)d working day", "Post-mortem due in %(count)d working days", days
        ) % {"count": days}
    else:
        postmortem = _("No post-mortem required")
    items = severity.action_item_days
    action_items = ngettext("action items in %(count)d day", "action items in %(count)d days", items) % {"count": items}
    return f"{postmortem}; {action_items}."


def day_there(instant: datetime, time_zone: str) -> date:
    """The day it was where an incident was handled; a `time_zone` that is empty is the installation's."""
    zone = zoneinfo.ZoneInfo(time_zone) if time_zone else timezone.get_default_timezone()
    return instant.astimezone(zone).date()


def _resolution_day(incident: Resolvable) -> date | None:
    """The day of the resolution where the incident was handled."""
    return day_there(incident.resolved_at, incident.time_zone) if incident.resolved_at else None
