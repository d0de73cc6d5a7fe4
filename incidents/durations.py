"""How long an incident took to detect, acknowledge, mitigate and resolve, and why a figure is missing."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import Enum

from django.db.models import F, Q
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from incidents.lifecycle import MILESTONES


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
            DurationState.RECORDED: pgettext("duration", "Recorded"),
            DurationState.PENDING: pgettext("duration", "Pending"),
            DurationState.NOT_APPLICABLE: pgettext("duration", "Not applicable"),
            DurationState.INVALID: pgettext("duration", "Invalid"),
        }[self]


@dataclass(frozen=True)
class Duration:
    """A time between two milestones, in seconds, or why there is none: `missing` are the milestones not known."""

    name: str
    label: Promise
    start: str
    end: str
    state: DurationState
    seconds: float | None = None
    missing: tuple[str, ...] = ()

    @property
    def reason(self) -> str:
        """A sentence that says why it is in this state."""
        words = {
            DurationState.RECORDED: _("From “%(start)s” to “%(end)s”."),
            DurationState.PENDING: _("Measured as soon as this is known: %(missing)s."),
            DurationState.NOT_APPLICABLE: _("The incident is over, and this was never recorded: %(missing)s."),
            DurationState.INVALID: _("“%(end)s” is before “%(start)s”. Correct one of the two."),
        }[self.state]
        missing = ", ".join(str(MILESTONES[name]) for name in self.missing)
        return words % {"start": MILESTONES[self.start], "end": MILESTONES[self.end], "missing": missing}


# name: (label, from, to)
DURATIONS: dict[str, tuple[Promise, str, str]] = {
    "time_to_detect": (gettext_lazy("Time to detect"), "impact_started_at", "detected_at"),
    "time_to_acknowledge": (gettext_lazy("Time to acknowledge"), "detected_at", "acknowledged_at"),
    "time_to_mitigate": (gettext_lazy("Time to mitigate"), "impact_started_at", "mitigated_at"),
    "time_to_resolve": (gettext_lazy("Time to resolve"), "impact_started_at", "resolved_at"),
}


def measure_durations(milestones: Mapping[str, datetime | None], *, is_over: bool) -> list[Duration]:
    """The four durations of an incident."""
    return [measure_duration(name, milestones, is_over=is_over) for name in DURATIONS]


def measure_duration(name: str, milestones: Mapping[str, datetime | None], *, is_over: bool) -> Duration:
    """One duration of an incident; an end that `milestones` leaves out is unknown.

    Recorded where both ends are known and in order, invalid where they are out of order, pending while an end can
    still come, not applicable where the incident is over and an end was never known.
    """
    label, start, end = DURATIONS[name]
    first, last = milestones.get(start), milestones.get(end)
    missing = tuple(one for one in (start, end) if milestones.get(one) is None)
    if first is None or last is None:
        state = DurationState.NOT_APPLICABLE if is_over else DurationState.PENDING
        return Duration(name, label, start, end, state, missing=missing)
    seconds = _seconds_between(first, last)
    if seconds < 0:
        return Duration(name, label, start, end, DurationState.INVALID)
    return Duration(name, label, start, end, DurationState.RECORDED, seconds)


def has_invalid_duration() -> Q:
    """The condition that a duration of an incident is invalid; one with an unknown end never is."""
    wrong = Q()
    for _label, start, end in DURATIONS.values():
        wrong |= Q(**{f"{end}__lt": F(start)})
    return wrong


def _seconds_between(first: datetime, last: datetime) -> float:
    # In UTC: instants of one timezone are subtracted by their clocks, and those may have been changed in between.
    return (last.astimezone(UTC) - first.astimezone(UTC)).total_seconds()
