"""Moving an incident through its lifecycle, and correcting its milestones."""

from datetime import UTC, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from incidents.documents.blocks import format_instant
from incidents.errors import IncidentError
from incidents.lifecycle import MILESTONES, ONGOING, Status, check_milestones, check_not_in_future, check_transition
from incidents.models import Incident, TimelineEvent
from incidents.services.timeline import record
from lib.edits import check_unchanged


@transaction.atomic
def change_status(
    incident: Incident, *, status: str, actor: User, now: datetime, at: datetime | None = None, note: str = ""
) -> Incident:
    """The incident with this status since `at` (now, where none is given), its milestone set, a timeline event added.

    Reopening takes back the milestones that say it is over; the event's text keeps them.
    """
    incident = Incident.objects.select_for_update().get(pk=incident.pk)
    before, after = Status(incident.status), Status(status)
    check_transition(before, after)
    at = at or now
    taken_back = ""
    check_not_in_future(at, now=now, label=_("Since"), field="at")
    if after is Status.RESOLVED:
        incident.resolved_at = at
        incident.mitigated_at = incident.mitigated_at or at
    elif after is Status.CLOSED:
        incident.closed_at = at
    elif before not in ONGOING:
        taken_back = _take_back_end(incident)
    incident.status = after
    check_milestones(incident.milestones, now=now)
    incident.save(update_fields=["status", "mitigated_at", "resolved_at", "closed_at", "updated_at"])
    change = f"{before.label} → {after.label}"
    text = " ".join(part for part in (f"{change}.", note, taken_back) if part)
    record(incident, TimelineEvent.Kind.STATUS_CHANGE, text, actor=actor, at=at)
    return incident


def _take_back_end(incident: Incident) -> str:
    """The incident without the milestones that say it is over, unsaved; they are returned in a sentence."""
    names = ["resolved_at", "closed_at"]
    # A mitigation at another time was recorded by somebody, and is as true as before.
    if incident.mitigated_at == incident.resolved_at:
        names.insert(0, "mitigated_at")
    times = [
        f"{MILESTONES[name]} {format_instant(instant, UTC)} UTC"
        for name in names
        for instant in [incident.milestones[name]]
        if instant
    ]
    for name in names:
        setattr(incident, name, None)
    return _("Taken back: %(times)s.") % {"times": ", ".join(times)}


@transaction.atomic
def change_milestones(
    incident: Incident, *, now: datetime, seen: str | None = None, **milestones: datetime | None
) -> Incident:
    """The incident with these milestones; None is unknown. Their order is checked.

    Raises EditConflict when somebody changed them since they were `seen`.
    """
    incident = Incident.objects.select_for_update().get(pk=incident.pk)
    check_unchanged(incident.milestones, seen)
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
    incident.save(update_fields=[*MILESTONES, "updated_at"])
    return incident
