"""Writing and correcting the timeline."""

import hashlib
from contextlib import suppress
from datetime import datetime
from functools import partial
from typing import Any

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.queries.changes import last_writer
from incidents.errors import IncidentError, SentElsewhereError
from incidents.lifecycle import check_not_in_future
from incidents.models import Incident, TimelineEvent
from lib.edits import check_unchanged, values_of


def next_revision(incident: Incident) -> int:
    """The incident's revision, one higher than before: those who watch its page are shown what carries it.

    To be called inside the transaction of the change; the incident counts as updated now.
    """
    found = Incident.objects.filter(pk=incident.pk)
    # Not the database's own now: SQLite's has fewer digits, and lists are sorted by this text.
    found.update(revision=F("revision") + 1, updated_at=timezone.now())
    return found.values_list("revision", flat=True)[0]


def record(
    incident: Incident, kind: TimelineEvent.Kind, text: str, *, actor: User, at: datetime, is_pinned: bool = False
) -> TimelineEvent:
    """An event the system adds by itself; unless pinned, it stays out of the post-mortem until somebody takes it in."""
    return TimelineEvent.objects.create(
        incident=incident,
        kind=kind,
        text=text,
        author=actor,
        occurred_at=at,
        source=TimelineEvent.Source.SYSTEM,
        is_pinned=is_pinned,
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
    submission_key: str = "",
    **marks: Any,
) -> TimelineEvent:
    """A new event by a person; now, where no time is given. `marks` are further fields of the event.

    What was sent before under the same `submission_key` with the same text is returned as it stands now, and nothing
    is added: however often a browser or program repeats itself, there is one event.
    """
    if submission_key:
        submission_key = _key_of(submission_key, text)
        if sent := _find_sent(incident, submission_key, actor):
            return sent
    occurred_at = occurred_at or now
    _check_times(occurred_at, marks.get("ended_at"), now=now)
    return TimelineEvent.objects.create(
        incident=incident,
        text=text,
        author=actor,
        occurred_at=occurred_at,
        submission_key=submission_key,
        revision=next_revision(incident),
        **marks,
    )


CORRECTED = ("text", "occurred_at", "ended_at", "kind", "grading", "is_pinned")


def event_values(event: TimelineEvent) -> dict[str, Any]:
    """What a form over the event is filled with."""
    return values_of(event, CORRECTED)


@transaction.atomic
def correct_event(
    event: TimelineEvent, *, now: datetime, text: str, occurred_at: datetime, seen: str | None = None, **marks: Any
) -> TimelineEvent:
    """The event corrected; its version is one higher. `marks` are further fields of the event.

    Raises EditConflict when somebody corrected it since it was `seen`. Where nothing is different, nothing is written.
    """
    event = lock_event(event)
    check_unchanged(event_values(event), seen, find_writer=partial(last_writer, event, CORRECTED))
    _check_times(occurred_at, marks.get("ended_at", event.ended_at), now=now)
    values = {"text": text, "occurred_at": occurred_at, **marks}
    changed = [name for name, value in values.items() if getattr(event, name) != value]
    # The timezone that a time was typed in is no correction by itself.
    if set(changed) <= {"time_zone"}:
        return event
    event.version += 1
    return _save(event, {name: values[name] for name in changed}, "version")


@transaction.atomic
def mark_event(event: TimelineEvent, **marks: bool) -> TimelineEvent:
    """The event pinned or not (`is_pinned`), hidden or not (`is_hidden`); that is no correction of it."""
    return _save(lock_event(event), marks)


@transaction.atomic
def mark_system_events(incident: Incident, *, is_hidden: bool) -> int:
    """All that the system wrote into this timeline is hidden, or shows again; how many of them changed."""
    Incident.objects.select_for_update().get(pk=incident.pk)
    events = TimelineEvent.objects.filter(incident=incident, source=TimelineEvent.Source.SYSTEM)
    others = list(events.exclude(is_hidden=is_hidden))
    # One by one, so that the history of each says so.
    for event in others:
        _save(event, {"is_hidden": is_hidden})
    return len(others)


def lock_event(event: TimelineEvent) -> TimelineEvent:
    """The event as it stands now, and its incident; until the transaction ends, nobody else changes either.

    The incident comes first, as it does for whoever moves or marks many events: two who lock one each in the other
    order would wait for each other.
    """
    while True:
        with suppress(_MovedError), transaction.atomic():
            return _lock_in(_incident_of(event), event)


class _MovedError(Exception):
    """The event went to another incident while its own was waited for; leaving the block has given that free again."""


def _incident_of(event: TimelineEvent) -> int:
    return TimelineEvent.objects.values_list("incident_id", flat=True).get(pk=event.pk)


def _lock_in(number: int, event: TimelineEvent) -> TimelineEvent:
    incident = Incident.objects.select_for_update().get(pk=number)
    if _incident_of(event) != number:
        raise _MovedError
    # Not joined with its incident: such a row is gone when what it is joined by changes while it is waited for.
    locked = TimelineEvent.objects.select_for_update(of=("self",)).select_related("author").get(pk=event.pk)
    locked.incident = incident
    return locked


def touch_event(event: TimelineEvent) -> TimelineEvent:
    """Those who watch the timeline are shown the event anew, although nothing in it changed but what hangs on it."""
    return _save(event, {})


def _save(event: TimelineEvent, values: dict[str, Any], *more: str) -> TimelineEvent:
    for name, value in values.items():
        setattr(event, name, value)
    event.revision = next_revision(event.incident)
    event.save(update_fields=[*values, *more, "revision", "updated_at"])
    return event


def _check_times(occurred_at: datetime, ended_at: datetime | None, *, now: datetime) -> None:
    check_not_in_future(occurred_at, now=now, label=_("When"), field="occurred_at")
    if ended_at is None:
        return
    check_not_in_future(ended_at, now=now, label=_("Until"), field="ended_at")
    if ended_at < occurred_at:
        raise IncidentError(
            _("“Until” is before “When”. Correct one of the two, or leave “Until” empty."), field="ended_at"
        )


def _key_of(submission_key: str, text: str) -> str:
    """Who goes back to a form that was sent and writes something else has the old key, and means a new event."""
    return hashlib.sha256(f"{submission_key}\0{text}".encode()).hexdigest()


def _find_sent(incident: Incident, submission_key: str, actor: User) -> TimelineEvent | None:
    # Under lock: of two repeats at once, the second sees what the first has added.
    Incident.objects.select_for_update().get(pk=incident.pk)
    # It may have been sent before the incident was merged into another, and repeated after.
    of_incident = Q(incident=incident) | Q(merged_from=incident)
    events = TimelineEvent.objects.select_related("incident", "author")
    sent = events.filter(of_incident, submission_key=submission_key).first()
    if sent and not Incident.objects.visible_to(actor).filter(pk=sent.incident_id).exists():
        raise SentElsewhereError(
            _("This was sent before, and stands in an incident that you do not see. Nothing was added.")
        )
    return sent
