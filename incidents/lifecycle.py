"""The rules of an incident's course: which status follows which, which milestone comes before which."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from itertools import pairwise

from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from incidents.errors import IncidentError


class Status(TextChoices):
    """Where the response stands."""

    INVESTIGATING = "investigating", gettext_lazy("Investigating")
    IDENTIFIED = "identified", gettext_lazy("Identified")
    MONITORING = "monitoring", gettext_lazy("Monitoring")
    RESOLVED = "resolved", gettext_lazy("Resolved")
    CLOSED = "closed", gettext_lazy("Closed")


ONGOING = (Status.INVESTIGATING, Status.IDENTIFIED, Status.MONITORING)

# Any ongoing status may follow any other; what is over can be reopened.
TRANSITIONS: dict[Status, tuple[Status, ...]] = {
    Status.INVESTIGATING: (Status.IDENTIFIED, Status.MONITORING, Status.RESOLVED),
    Status.IDENTIFIED: (Status.MONITORING, Status.RESOLVED, Status.INVESTIGATING),
    Status.MONITORING: (Status.RESOLVED, Status.IDENTIFIED, Status.INVESTIGATING),
    Status.RESOLVED: (Status.CLOSED, Status.INVESTIGATING),
    Status.CLOSED: (Status.INVESTIGATING,),
}

MILESTONES: dict[str, Promise] = {
    "impact_started_at": gettext_lazy("Impact started"),
    "detected_at": gettext_lazy("Detected"),
    "declared_at": gettext_lazy("Declared"),
    "acknowledged_at": gettext_lazy("Acknowledged"),
    "mitigated_at": gettext_lazy("Mitigated"),
    "resolved_at": gettext_lazy("Resolved"),
    "closed_at": gettext_lazy("Closed"),
}

# Declaring may come after acknowledging (an alert is picked up first) or long after the end (a retrospective).
ORDERED_MILESTONES = ("impact_started_at", "detected_at", "acknowledged_at", "mitigated_at", "resolved_at", "closed_at")

CLOCK_TOLERANCE = timedelta(minutes=5)

# What a status says has happened, besides acknowledging, which any other than the first does.
REACHED: dict[Status, tuple[str, ...]] = {
    Status.MONITORING: ("mitigated_at",),
    Status.RESOLVED: ("resolved_at", "mitigated_at"),
    Status.CLOSED: ("closed_at",),
}


def check_transition(before: Status, after: Status) -> None:
    """Refuses a status that may not follow the one that stands."""
    if after not in TRANSITIONS[before]:
        raise IncidentError(
            _("An incident that is “%(before)s” cannot become “%(after)s”; choose one of: %(next)s.")
            % {
                "before": before.label,
                "after": after.label,
                "next": ", ".join(str(status.label) for status in TRANSITIONS[before]),
            },
            field="status",
        )


def milestones_of(after: Status, milestones: Mapping[str, datetime | None]) -> list[str]:
    """The milestones that a change to this status sets: those that it says have happened and that are unknown."""
    names = REACHED.get(after, ())
    if after in (Status.IDENTIFIED, Status.MONITORING, Status.RESOLVED):
        names = (*names, "acknowledged_at")
    return [name for name in names if milestones.get(name) is None]


def fits(name: str, instant: datetime, milestones: Mapping[str, datetime | None]) -> bool:
    """Whether a milestone at this instant would stand in order with those that are known."""
    place = ORDERED_MILESTONES.index(name)
    earlier = [known for other in ORDERED_MILESTONES[:place] if (known := milestones.get(other))]
    later = [known for other in ORDERED_MILESTONES[place + 1 :] if (known := milestones.get(other))]
    return all(known <= instant for known in earlier) and all(instant <= known for known in later)


def check_milestones(milestones: Mapping[str, datetime | None], *, now: datetime) -> None:
    """Refuses milestones out of order, or in the future; an unknown one is no fault."""
    known = [(name, milestones[name]) for name in ORDERED_MILESTONES if milestones.get(name)]
    for (earlier, before), (later, after) in pairwise(known):
        if before and after and after < before:
            raise IncidentError(
                _("“%(later)s” is before “%(earlier)s”. Correct one of the two, or leave unknown ones empty.")
                % {"later": MILESTONES[later], "earlier": MILESTONES[earlier]},
                field=later,
            )
    for name, instant in milestones.items():
        if instant:
            check_not_in_future(instant, now=now, label=MILESTONES[name], field=name)


def check_not_in_future(instant: datetime, *, now: datetime, label: Promise | str, field: str) -> None:
    """Refuses what has not happened yet; five minutes are left for clocks that differ."""
    if instant > now + CLOCK_TOLERANCE:
        raise IncidentError(
            _("“%(name)s” lies in the future. Check the date and the timezone.") % {"name": label}, field=field
        )
