"""Saying which evidence an event of the timeline rests on."""

from datetime import datetime
from typing import Any

from django.db import transaction

from accounts.models import User
from incidents.models import TimelineEvent
from incidents.services.timeline import lock_event, touch_event
from lib.edits import check_unchanged
from recovery.models import EventEvidence, Evidence
from recovery.queries.event_evidence import list_links


def link_values(event: TimelineEvent) -> dict[str, Any]:
    """What a form over the event's evidence is filled with."""
    return {"evidence": [link.evidence for link in list_links([event])]}


@transaction.atomic
def link_evidence(
    event: TimelineEvent, *, evidence: list[Evidence], actor: User, now: datetime, seen: str | None = None
) -> TimelineEvent:
    """The event points to this evidence of its incident, and to no other.

    Raises EditConflict when somebody chose otherwise since it was `seen`.
    """
    event = lock_event(event)
    check_unchanged(link_values(event), seen)
    known = {link.evidence_id: link for link in list_links([event])}
    chosen = {each.pk: each for each in evidence}
    if known.keys() == chosen.keys():
        return event
    for pk in known.keys() - chosen.keys():
        known[pk].delete()
    for pk in sorted(chosen.keys() - known.keys()):
        # One that was withdrawn and put back is linked still.
        EventEvidence.objects.get_or_create(
            event=event, evidence=chosen[pk], defaults={"linked_by": actor, "linked_at": now}
        )
    return touch_event(event)
