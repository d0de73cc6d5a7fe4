"""Writing and correcting the timeline."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from accounts.models import User
from incidents.lifecycle import check_not_in_future
from incidents.models import Incident, TimelineEvent
from lib.edits import check_unchanged, values_of


def next_revision(incident: Incident) -> int:
    """The incident's revision, one higher than before: those who watch its page are shown what carries it.

    To be called inside the transaction of the change; the incident counts as updated now.
    """
    found = Incident.objects.filter(pk=incident.pk)
    found.update(revision=F("revision") + 1, updated_at=Now())
    return found.values_list("revision", flat=True)[0]


def record(incident: Incident, kind: TimelineEvent.Kind, text: str, *, actor: User, at: datetime) -> TimelineEvent:
    """An event the system adds by itself; it stays out of the post-mortem until somebody takes it in."""
    return TimelineEvent.objects.create(
        incident=incident,
        kind=kind,
        text=text,
        author=actor,
        occurred_at=at,
        source=TimelineEvent.Source.SYSTEM,
        is_pinned=False,
        revision=next_revision(incident),
    )


@transaction.atomic
def add_event(
    incident: Incident,
    *,
    text: str,
    actor: User,
    now: datetime,
    occurred_at: datetime | None = None,
    **marks: Any,
) -> TimelineEvent:
    """A new event by a person; now, where no time is given. `marks` are kind and is_pinned."""
    occurred_at = occurred_at or now
    check_not_in_future(occurred_at, now=now, label=_("When"), field="occurred_at")
    return TimelineEvent.objects.create(
        incident=incident,
        text=text,
        author=actor,
        occurred_at=occurred_at,
        revision=next_revision(incident),
        **marks,
    )


def event_values(event: TimelineEvent) -> dict[str, Any]:
    """What a form over the event is filled with."""
    return values_of(event, ("text", "occurred_at", "kind", "is_pinned"))


@transaction.atomic
def correct_event(
    event: TimelineEvent, *, now: datetime, text: str, occurred_at: datetime, seen: str | None = None, **marks: Any
) -> TimelineEvent:
    """The event with its time and text corrected; its version is one higher. `marks` are kind and is_pinned.

    Raises EditConflict when somebody corrected it since it was `seen`.
    """
    event = TimelineEvent.objects.select_for_update().get(pk=event.pk)
    check_unchanged(event_values(event), seen)
    check_not_in_future(occurred_at, now=now, label=_("When"), field="occurred_at")
    event.text, event.occurred_at = text, occurred_at
    event.kind, event.is_pinned = marks["kind"], marks["is_pinned"]
    event.version += 1
    event.revision = next_revision(event.incident)
    event.save(update_fields=["text", "kind", "occurred_at", "is_pinned", "version", "revision", "updated_at"])
    return event
