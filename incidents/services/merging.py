"""Two incidents that turn out to be one: the duplicate hands over its timeline, and can take it back.

Duplicates stay flat: what is merged into a duplicate goes to the incident that this one was merged into, and an
incident that is merged takes its own duplicates along.
"""

from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from incidents.errors import IncidentError
from incidents.lifecycle import MILESTONES, Status
from incidents.models import Incident, TimelineEvent
from incidents.services.audience import check_audience
from incidents.services.duplicates import lock_in_order
from incidents.services.status import take_back_end
from incidents.services.timeline import next_revision, record

NOTE = TimelineEvent.Kind.OTHER
# What the system writes of an incident's own course, and what it writes of merging.
OWN_COURSE = (TimelineEvent.Kind.STATUS_CHANGE, NOTE)


@transaction.atomic
def merge_incident(incident: Incident, *, duplicate_of: Incident, actor: User, now: datetime) -> Incident:
    """The incident as a duplicate of the other, or of the one that the other is a duplicate of.

    What was written in its timeline moves there, marked with where it was written. It is resolved, if it was ongoing.
    """
    target_pk = duplicate_of.duplicate_of_id or duplicate_of.pk
    found = lock_in_order(Q(pk__in=[incident.pk, target_pk]) | Q(duplicate_of=incident.pk))
    incident, target = found.pop(incident.pk), found.pop(target_pk, incident)
    _check_merge(incident, target, actor)
    if incident.duplicates.exclude(pk__in=found).exists():
        raise IncidentError(_("Another incident was merged into this one at this moment. Send it again."))
    merged = [incident, *found.values()]
    for duplicate in merged:
        check_audience(duplicate, target)
        duplicate.duplicate_of = target
    if not incident.is_over:
        incident.status_before_merge, incident.status = incident.status, Status.RESOLVED
        incident.resolved_at = now
    moved = _hand_over(incident, target)
    for duplicate in merged:
        names = ["duplicate_of", "status_before_merge", "status", "resolved_at", "updated_at"]
        duplicate.save(update_fields=names)
        next_revision(duplicate)
    # Neither names a number: who sees the one may not see the other, now or when it has been taken out again.
    record(incident, NOTE, _("Merged into another incident, as its duplicate."), actor=actor, at=now)
    record(target, NOTE, _came_in(moved), actor=actor, at=now)
    return incident


@transaction.atomic
def unmerge_incident(incident: Incident, *, actor: User, now: datetime) -> Incident:
    """The incident by itself again, with what was written in its timeline.

    What was ongoing when it was merged is so again, unless its end was changed or it was closed since.
    """
    found = lock_in_order(Q(pk=incident.pk) | Q(duplicates=incident.pk))
    incident = found.pop(incident.pk)
    if incident.duplicate_of_id is None or incident.duplicate_of_id not in found:
        raise IncidentError(_("This incident is not merged into another one. Reload its page."))
    target = found[incident.duplicate_of_id]
    if not Incident.objects.visible_to(actor).filter(pk=target.pk).exists():
        raise IncidentError(_("Only those who see both incidents can take this back. Ask one of them."))
    incident.duplicate_of = None
    change = _take_up_again(incident)
    incident.save(update_fields=["duplicate_of", "status", "status_before_merge", *MILESTONES, "updated_at"])
    written = list(target.events.filter(merged_from=incident))
    for event in written:
        event.merged_from = None
    _move(written, incident)
    record(incident, NOTE, _("Taken out of the other incident again."), actor=actor, at=now)
    if change:
        record(incident, TimelineEvent.Kind.STATUS_CHANGE, change, actor=actor, at=now)
    record(target, NOTE, _("An incident that was merged into this one was taken out again."), actor=actor, at=now)
    return incident


def _take_up_again(incident: Incident) -> str:
    """The incident with the status that it had before it was merged, unsaved; what that changed, in a sentence."""
    before, now = incident.status_before_merge, Status(incident.status)
    incident.status_before_merge = ""
    if not before:
        return ""
    taken_back = take_back_end(incident, Status(before))
    incident.status = before
    return f"{now.label} → {Status(before).label}. {taken_back}"


def _check_merge(incident: Incident, target: Incident, actor: User) -> None:
    if incident.pk == target.pk:
        raise IncidentError(
            _("An incident is no duplicate of itself. Enter the number of another one, which is no duplicate of this."),
            field="duplicate_of",
        )
    if incident.duplicate_of_id is not None:
        raise IncidentError(_("This incident is merged already. Take that back first."), field="duplicate_of")
    if target.duplicate_of_id is not None or not Incident.objects.visible_to(actor).filter(pk=target.pk).exists():
        raise IncidentError(
            _("That incident is a duplicate itself. Enter the number of the one that it was merged into."),
            field="duplicate_of",
        )


def _hand_over(source: Incident, target: Incident) -> int:
    """How many events went from the source to the target: all but what the system wrote of the source's own course."""
    moved = list(source.events.exclude(source=TimelineEvent.Source.SYSTEM, kind__in=OWN_COURSE))
    for event in moved:
        # Written in a duplicate of the source, it stays marked with that one.
        event.merged_from = event.merged_from or source
    _move(moved, target)
    return len(moved)


def _move(events: list[TimelineEvent], target: Incident) -> None:
    revision = next_revision(target)
    sent = set(target.events.exclude(submission_key="").values_list("submission_key", flat=True))
    for event in events:
        event.incident, event.revision = target, revision
        # Two programs may have chosen the same key for two incidents; within one it is there once.
        event.submission_key = "" if event.submission_key in sent else event.submission_key
        event.save(update_fields=["incident", "merged_from", "revision", "submission_key", "updated_at"])


def _came_in(moved: int) -> str:
    return ngettext(
        "Another incident was merged into this one, with %(count)d event.",
        "Another incident was merged into this one, with %(count)d events.",
        moved,
    ) % {"count": moved}
