"""The rules of an incident's course: which status follows which, which milestone comes before which."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
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


class DurationState(Enum):
    """What is known about a duration."""

    RECORDED = "recorded"
    PENDING = "pending"
    NOT_APPLICABLE = "not_applicable"
    INVALID = "invalid"

    @property
    def label(self) -> str:
        """The state in words."""
        return {
            DurationState.RECORDED: _("Recorded"),
            DurationState.PENDING: _("Pending"),
            DurationState.NOT_APPLICABLE: _("Unknown"),
            DurationState.INVALID: _("Out of order"),
        }[self]


@dataclass(frozen=True)
class Duration:
    """A time between two milestones, in seconds, or why there is none."""

    name: str
    label: Promise
    start: str
    end: str
    state: DurationState
    seconds: float | None = None


# name: (label, from, to)
DURATIONS: dict[str, tuple[Promise, str, str]] = {
    "time_to_detect": (gettext_lazy("Time to detect"), "impact_started_at", "detected_at"),
    "time_to_acknowledge": (gettext_lazy("Time to acknowledge"), "detected_at", "acknowledged_at"),
    "time_to_mitigate": (gettext_lazy("Time to mitigate"), "impact_started_at", "mitigated_at"),
    "time_to_resolve": (gettext_lazy("Time to resolve"), "impact_started_at", "resolved_at"),
}


def measure_durations(milestones: Mapping[str, datetime | None], *, is_over: bool) -> list[Duration]:
    """The four durations of an incident.

    Recorded where both ends are known and in order, invalid where they are out of order, pending while an end can
    still come, not applicable where the incident is over and an end was never known.
    """
    durations = []
    for name, (label, start, end) in DURATIONS.items():
        first, last = milestones.get(start), milestones.get(end)
        seconds = (last - first).total_seconds() if first and last else None
        if seconds is None:
            state = DurationState.NOT_APPLICABLE if is_over else DurationState.PENDING
        else:
            state = DurationState.RECORDED if seconds >= 0 else DurationState.INVALID
        recorded = seconds if state is DurationState.RECORDED else None
        durations.append(Duration(name, label, start, end, state, recorded))
    return durations
