"""Taking over what was pasted: many events at once, and taking that back."""

from dataclasses import dataclass
from datetime import datetime

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.audit import Door, changes_by
from accounts.models import User
from incidents.errors import IncidentError
from incidents.lifecycle import check_not_in_future
from incidents.models import Incident, TimelineEvent
from incidents.queries.transcripts import list_imported, list_seen_import, paste_prefix
from incidents.services.attachments import attach_file
from incidents.services.duplicates import lock_family
from incidents.services.timeline import next_revision, record
from incidents.transcripts.entry import MOST_ENTRIES
from lib.errors import DomainError


@dataclass(frozen=True)
class PastedEvent:
    """One event as the person who pasted it wants it."""

    text: str
    occurred_at: datetime
    ended_at: datetime | None
    kind: str


def import_events(
    incident: Incident, *, events: list[PastedEvent], key: str, is_pinned: bool, actor: User, now: datetime
) -> int:
    """The events are on the timeline, all of them or none, and a note says so; how many there are.

    `key` names this paste: taken over twice, it is there once. Raises IncidentError with a sentence for none, too many,
    and for what lies in the future.
    """
    if not events:
        raise IncidentError(_("No event is chosen. Tick those that belong on the timeline."))
    if len(events) > MOST_ENTRIES:
        raise IncidentError(_("At most %(limit)d events fit in one go. Untick some.") % {"limit": MOST_ENTRIES})
    for event in events:
        check_not_in_future(event.occurred_at, now=now, label=event.text[:40], field="occurred_at")
    with transaction.atomic(), changes_by(actor, door=Door.IMPORT):
        # Two who send the same paste at once: the second one waits here, and finds it done.
        incident = Incident.objects.select_for_update().get(pk=incident.pk)
        if known := list_imported(incident, key).count():
            return known
        _create(incident, events, key, is_pinned=is_pinned, actor=actor)
        _note(incident, key, len(events), actor=actor, now=now)
    return len(events)


def keep_paste(incident: Incident, *, text: str, actor: User, now: datetime) -> str:
    """The paste is a file of the incident as it was pasted; else the sentence that says why not."""
    name = f"paste-{now:%Y-%m-%d-%H%M}.txt"
    try:
        attach_file(incident, file=SimpleUploadedFile(name, text.encode()), actor=actor)
    except DomainError as error:
        return str(error)
    return ""


@transaction.atomic
def hide_import(incident: Incident, key: str, *, is_hidden: bool, actor: User, now: datetime) -> int:
    """All events of the paste that the actor sees are hidden, or show again; how many of them changed.

    A note says so in each timeline that they stand in.
    """
    family = lock_family(incident)
    events = list(list_seen_import(actor, family.incident, key).exclude(is_hidden=is_hidden))
    for holder in (family.incident, family.target):
        # One that was merged has handed them over.
        held = [event for event in events if holder and event.incident_id == holder.pk]
        if holder and held:
            _hide(holder, held, is_hidden=is_hidden)
            text = _undone(len(held)) if is_hidden else _shown(len(held))
            record(holder, TimelineEvent.Kind.OTHER, _linked(text, holder, key), actor=actor, at=now)
    return len(events)


def _hide(incident: Incident, events: list[TimelineEvent], *, is_hidden: bool) -> None:
    revision = next_revision(incident)
    # One by one, so that the history of each says so.
    for event in events:
        event.is_hidden, event.revision = is_hidden, revision
        event.save(update_fields=["is_hidden", "revision", "updated_at"])


def _undone(count: int) -> str:
    text = ngettext("The import of %(count)d event was undone.", "The import of %(count)d events was undone.", count)
    return text % {"count": count}


def _shown(count: int) -> str:
    text = ngettext("%(count)d imported event shows again.", "%(count)d imported events show again.", count)
    return text % {"count": count}


def _create(incident: Incident, events: list[PastedEvent], key: str, *, is_pinned: bool, actor: User) -> None:
    revision = next_revision(incident)
    for place, event in enumerate(events):
        TimelineEvent.objects.create(
            incident=incident,
            text=event.text,
            occurred_at=event.occurred_at,
            ended_at=event.ended_at,
            kind=event.kind,
            author=actor,
            source=TimelineEvent.Source.IMPORT,
            grading=TimelineEvent.Grading.REPORTED,
            is_pinned=is_pinned,
            revision=revision,
            submission_key=f"{paste_prefix(key)}{place}",
        )


def _note(incident: Incident, key: str, count: int, *, actor: User, now: datetime) -> None:
    text = ngettext(
        "%(count)d event was taken over from a paste.", "%(count)d events were taken over from a paste.", count
    )
    record(incident, TimelineEvent.Kind.OTHER, _linked(text % {"count": count}, incident, key), actor=actor, at=now)


def _linked(text: str, incident: Incident, key: str) -> str:
    """With the way to where the import can be undone."""
    address = reverse("incidents:paste", args=[incident.pk, key])
    return f"{text} [{_('What was imported')}]({address})"
