"""Moving an incident through its lifecycle, and correcting its milestones."""

from datetime import UTC, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from incidents.closing import list_obstacles
from incidents.documents.blocks import format_instant
from incidents.errors import IncidentError
from incidents.lifecycle import (
    MILESTONES,
    ONGOING,
    REACHED,
    Status,
    check_milestones,
    check_not_in_future,
    check_transition,
    fits,
    milestones_of,
)
from incidents.models import Incident, Mode, TimelineEvent
from incidents.services.drafts import draft_postmortem
from incidents.services.timeline import next_revision, record
from lib.edits import check_unchanged


@transaction.atomic
def change_status(
    incident: Incident, *, status: str, actor: User, now: datetime, at: datetime | None = None, **words: str
) -> Incident:
    """The incident with this status since `at` (now, where none is given), its milestones set, a timeline event added.

    A milestone that is known stays. Reopening takes back those that say it is over; the event's text keeps them.
    The event is in the post-mortem where somebody told what was done in a note.
    With the resolution, the post-mortem that its severity requires is begun.
    Closing is refused while something stands in its way, all of which the refusal names. `words` are a `note`, and
    an `override`: an administrator's reason for closing all the same.
    """
    incident = Incident.objects.select_for_update().get(pk=incident.pk)
    before, after = Status(incident.status), Status(status)
    check_transition(before, after)
    at = at or now
    remark = ""
    check_not_in_future(at, now=now, label=_("Since"), field="at")
    if after is Status.CLOSED:
        remark = _clear_the_way(incident, actor=actor, override=words.get("override", ""))
    else:
        remark = take_back_end(incident, after)
    _set_milestones(incident, after, at)
    # A duplicate that is taken out keeps what was said of its end since it was merged.
    incident.status, incident.status_before_merge = after, ""
    check_milestones(incident.milestones, now=now)
    incident.save(update_fields=["status", "status_before_merge", *MILESTONES, "updated_at"])
    change = f"{before.label} → {after.label}"
    note = words.get("note", "")
    text = " ".join(part for part in (f"{change}.", note, remark) if part)
    record(incident, TimelineEvent.Kind.STATUS_CHANGE, text, actor=actor, at=at, is_pinned=bool(note))
    if after is Status.RESOLVED:
        draft_postmortem(incident, actor=actor)
    return incident


def implied_milestones(incident: Incident, after: Status) -> list[str]:
    """The unknown milestones that a change to this status sets, where they stand in order with those known."""
    names = milestones_of(after, incident.milestones)
    # Whoever writes an incident down afterwards acknowledges nothing.
    return [name for name in names if name != "acknowledged_at" or incident.mode != Mode.RETROSPECTIVE]


def taken_back_milestones(incident: Incident, after: Status) -> list[str]:
    """The known milestones that a change to this status takes back: those that say it is over, where it goes on."""
    if incident.status in ONGOING or after not in ONGOING:
        return []
    names = ["resolved_at", "closed_at"]
    # A mitigation at another time was recorded by somebody, and is as true as before.
    if incident.mitigated_at == incident.resolved_at:
        names.insert(0, "mitigated_at")
    return [name for name in names if incident.milestones[name]]


def _set_milestones(incident: Incident, after: Status, at: datetime) -> None:
    """The incident with the unknown milestones that this status implies, unsaved."""
    # What the status itself is about is set as it was said, so that a time out of order is refused.
    said = REACHED.get(after, ())[:1]
    for name in implied_milestones(incident, after):
        if name in said or fits(name, at, incident.milestones):
            setattr(incident, name, at)


def _clear_the_way(incident: Incident, *, actor: User, override: str) -> str:
    """What an administrator closes the incident in spite of, in a sentence; nothing where nothing is in the way."""
    reasons = " ".join(obstacle.reason for obstacle in list_obstacles(incident))
    if not reasons:
        return override
    if not override:
        raise IncidentError(_("This incident cannot be closed yet. %(reasons)s") % {"reasons": reasons})
    if not actor.is_administrator:
        raise IncidentError(
            _("Only an administrator closes an incident in spite of this: %(reasons)s") % {"reasons": reasons},
            field="override",
        )
    words = {"reasons": reasons, "why": override}
    return _("Closed by an administrator in spite of this: %(reasons)s Reason: %(why)s") % words


def take_back_end(incident: Incident, after: Status) -> str:
    """An incident that goes on without the milestones that say it is over, unsaved; they are returned in a sentence."""
    names = taken_back_milestones(incident, after)
    times = [
        f"{MILESTONES[name]} {format_instant(instant, UTC)} UTC"
        for name in names
        for instant in [incident.milestones[name]]
        if instant
    ]
    for name in names:
        setattr(incident, name, None)
    return _("Taken back: %(times)s.") % {"times": ", ".join(times)} if names else ""


@transaction.atomic
def change_milestones(
    incident: Incident, *, now: datetime, seen: str | None = None, **milestones: datetime | None
) -> Incident:
    """The incident with these milestones; None is unknown. Their order is checked.

    Raises EditConflict when somebody changed them since they were `seen`.
    """
    incident = Incident.objects.select_for_update().get(pk=incident.pk)
    check_unchanged(incident.milestones, seen)
    ended = incident.resolved_at
    for name, instant in milestones.items():
        setattr(incident, name, instant)
    if incident.declared_at is None:
        raise IncidentError(_("The time of the declaration is always known; enter it."), field="declared_at")
    if incident.is_over and incident.resolved_at is None:
        raise IncidentError(
            _("A resolved incident has a time of resolution. Enter it, or reopen the incident first."),
            field="resolved_at",
        )
    if not incident.is_over and incident.resolved_at is not None:
        raise IncidentError(
            _("An ongoing incident has no time of resolution yet. Change its status to “Resolved” instead."),
            field="resolved_at",
        )
    if incident.closed_at is not None and incident.status != Status.CLOSED:
        raise IncidentError(
            _("This incident is not closed yet. Leave this time empty, or change the status to “Closed” instead."),
            field="closed_at",
        )
    check_milestones(incident.milestones, now=now)
    if incident.resolved_at != ended:
        # As in `change_status`.
        incident.status_before_merge = ""
    incident.save(update_fields=[*MILESTONES, "status_before_merge", "updated_at"])
    next_revision(incident)
    return incident
