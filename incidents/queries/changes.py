"""What was changed, for whoever may know of it: changes of an incident for those who see it, others for administrators.

Every page and file of changes begins with `visible_changes`.
"""

from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Exists, F, Model, OuterRef, Q, QuerySet
from django.utils import timezone

from accounts.audit import watched_kinds
from accounts.models import Change, User
from accounts.queries.change_words import RecordedChange, Times, describe, mentioned
from incidents.models import Incident, TimelineEvent
from lib.keyset import Key, Page, Place, read_instant, read_number, read_page, walk
from lib.moments import moment_element

PAGE_SIZE = 50
AT_ONCE = 500
KEYS = (
    Key("at", F("timestamp"), read_instant, is_descending=True),
    Key("number", F("id"), read_number, is_descending=True),
)


@dataclass(frozen=True)
class ChangeFilter:
    """Which changes are asked for; what is empty asks for nothing. Days are the reader's, both of them included."""

    person: str = ""
    door: str = ""
    kind: str = ""
    since: date | None = None
    until: date | None = None

    def parameters(self) -> dict[str, str]:
        """As they stand in an address."""
        return {name: str(value) for name, value in asdict(self).items() if value}

    def condition(self) -> Q:
        """The same for the database."""
        asked: dict[str, Any] = {"door": self.door} if self.door else {}
        if self.person:
            # A key, so that one range of the index by person holds the answer.
            asked["actor"] = User.objects.filter(username=self.person).values_list("pk", flat=True).first() or 0
        if self.kind:
            asked["content_type"] = ContentType.objects.get_for_model(watched_kinds()[self.kind])
        if self.since:
            asked["timestamp__gte"] = _midnight(self.since)
        if self.until:
            asked["timestamp__lt"] = _midnight(self.until + timedelta(days=1))
        return Q(**asked)


def visible_changes(user: User) -> QuerySet[Change]:
    """The changes that this person may know of.

    What an event says belongs to the incident that it stands in now: it may have stood in another one in between.
    """
    seen = Exists(Incident.objects.visible_to(user).filter(pk=OuterRef("incident_number")))
    visible = Q(seen) | Q(incident_number=None) if user.is_administrator else Q(seen)
    events = TimelineEvent.objects.filter(pk=OuterRef("object_id")).order_by()
    is_elsewhere = Q(content_type=ContentType.objects.get_for_model(TimelineEvent)) & Exists(
        _unseen_events(user, events)
    )
    return Change.objects.filter(visible).exclude(is_elsewhere).select_related("actor")


def list_record_changes(user: User, record: Model) -> list[RecordedChange]:
    """Every change of this record that this person may know of, newest first, in words."""
    kind = ContentType.objects.get_for_model(record)
    found = visible_changes(user).filter(content_type=kind, object_pk=str(record.pk))
    return describe_changes(user, found.order_by("-timestamp", "-pk"))


def read_changes(
    user: User, changes: QuerySet[Change], *, after: Place | None = None, before: Place | None = None
) -> tuple[Page[Change], list[RecordedChange]]:
    """A page of these changes, newest first, and the same in words."""
    page = read_page(changes, KEYS, size=PAGE_SIZE, after=after, before=before)
    return page, describe_changes(user, page.rows)


def describe_changes(user: User, changes: Iterable[Change], times: Times = moment_element) -> list[RecordedChange]:
    """The changes in words; what they say of incidents that this person does not see, or their events, is left out."""
    changes = [*changes]
    incidents, events = mentioned(changes, "incident"), mentioned(changes, "timelineevent")
    known = Incident.objects.visible_to(user).filter(pk__in=incidents).values_list("pk", flat=True) if incidents else ()
    unseen_events = _unseen_events(user, TimelineEvent.objects.filter(pk__in=events)) if events else ()
    unseen = {"incident": incidents - {*known}, "timelineevent": {event.pk for event in unseen_events}}
    return [describe(change, unseen, times) for change in changes]


def walk_changes(user: User, changes: QuerySet[Change]) -> Iterator[RecordedChange]:
    """All of these changes in words, newest first, with times in UTC; so many are in memory at once."""
    for some in walk(changes, KEYS, size=AT_ONCE):
        yield from describe_changes(user, some, write_instant)


def write_instant(instant: datetime) -> str:
    """`2024-03-10T14:03:00Z`."""
    return instant.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _unseen_events(user: User, events: QuerySet[TimelineEvent]) -> QuerySet[TimelineEvent]:
    return events.exclude(Exists(Incident.objects.visible_to(user).filter(pk=OuterRef("incident")).order_by()))


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time()))
