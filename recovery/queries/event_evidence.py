"""Which events point to which evidence."""

from collections.abc import Iterable

from django.db.models import F, QuerySet

from incidents.models import TimelineEvent
from incidents.queries.event_chips import Chip
from lib.compiled import CompiledRecords
from recovery.models import EventEvidence, Evidence

LONGEST_CAPTION = 60
_ANY_NUMBER = -102


def list_links(events: Iterable[TimelineEvent]) -> QuerySet[EventEvidence]:
    """What these events of one incident point to; not what was withdrawn, nor what belongs to another incident."""
    events = list(events)
    links = EventEvidence.objects.filter(evidence__withdrawn_at=None, evidence__incident=F("event__incident"))
    # Hundreds of keys would make a long question; of one incident, all links are few.
    asked = {"event": events[0]} if len(events) == 1 else {"event__incident": events[0].incident_id if events else None}
    return links.filter(**asked).select_related("evidence__restore_test").order_by("pk")


def find_chips(events: Iterable[TimelineEvent]) -> dict[int, list[Chip]]:
    """What rows of the timeline show of the evidence that their events point to, in one query."""
    chips: dict[int, list[Chip]] = {}
    events = list(events)
    # A page asks for those of all its events.
    links = _links_of_all.fetch({_ANY_NUMBER: events[0].incident_id}) if len(events) > 1 else list_links(events)
    for link in links:
        chips.setdefault(link.event_id, []).append(_chip(link.evidence))
    return chips


def _of_incident() -> QuerySet[EventEvidence]:
    unsaved = [TimelineEvent(incident_id=_ANY_NUMBER), TimelineEvent(incident_id=_ANY_NUMBER)]
    return list_links(unsaved)


_links_of_all = CompiledRecords[EventEvidence](_of_incident)


def _chip(evidence: Evidence) -> Chip:
    test = evidence.restore_test
    caption = evidence.caption
    if len(caption) > LONGEST_CAPTION:
        caption = caption[:LONGEST_CAPTION].rstrip() + "…"
    name = evidence.name if test else str(evidence)
    return Chip(
        text=f"{name} · {caption}",
        title=f"{evidence}: {evidence.name}",
        address=test.get_absolute_url() if test else f"#evidence-{evidence.pk}",
        state=test.status if test else "",
        state_label=test.get_status_display() if test else "",
    )
