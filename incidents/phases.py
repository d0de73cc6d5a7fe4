"""The phases of an incident: what its milestones say of the time between them. No database, no drawing."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import pairwise

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from incidents.lifecycle import Status

# What an incident is between a milestone and the one after it.
STAGES: dict[str, tuple[str, Promise]] = {
    "impact_started_at": ("undetected", gettext_lazy("Undetected")),
    "detected_at": ("unacknowledged", gettext_lazy("Unacknowledged")),
    "acknowledged_at": ("being_mitigated", gettext_lazy("Being mitigated")),
    "mitigated_at": ("being_resolved", gettext_lazy("Being resolved")),
}
BOUNDARIES = (*STAGES, "resolved_at")


@dataclass(frozen=True)
class Phase:
    """A stretch between two known instants: one stage, or several where what parts them is unknown.

    `end` None: it goes on. `start_name` and `end_name` are milestones; the end's is empty where it goes on.
    """

    stages: tuple[str, ...]
    start: datetime
    end: datetime | None
    start_name: str
    end_name: str = ""

    @property
    def key(self) -> str:
        """The stage, by which it is coloured; `mixed` where there are several."""
        return self.stages[0] if len(self.stages) == 1 else "mixed"

    @property
    def label(self) -> str:
        """The stages in words."""
        words = [str(label) for key, label in STAGES.values() if key in self.stages]
        return _(", then ").join([words[0], *(word.lower() for word in words[1:])])

    def seconds(self, now: datetime) -> float:
        """How long it lasted, or has lasted so far; never less than nothing, as clocks differ."""
        end = now if self.end is None else self.end
        return max((end.astimezone(UTC) - self.start.astimezone(UTC)).total_seconds(), 0.0)


def divide(milestones: Mapping[str, datetime | None], status: Status | str, *, is_over: bool) -> list[Phase] | None:
    """The phases in order, up to the resolution; none where too little is known, None where times are out of order.

    An unknown milestone parts nothing: its two stages are one phase. Where nothing before acknowledging is known, the
    first phase begins with the declaration.
    """
    known = _boundaries(milestones)
    if any(after[1] < before[1] for before, after in pairwise(known)):
        return None
    phases = [
        Phase(_stages(first, last), begin, end, first, last)
        for (first, begin), (last, end) in pairwise(known)
    ]  # fmt: skip
    if not is_over and known and known[-1][0] in (*STAGES, "declared_at"):
        name, begin = known[-1]
        stage = _stage_now(milestones, status)
        phases.append(Phase(_stages_until(name, stage), begin, None, name))
    return phases


def _boundaries(milestones: Mapping[str, datetime | None]) -> list[tuple[str, datetime]]:
    known = [(name, instant) for name in BOUNDARIES if (instant := milestones.get(name))]
    declared = milestones.get("declared_at")
    # Whoever declares has detected: before a known beginning or detection, the declaration says nothing.
    says_more = not known or (known[0][0] not in ("impact_started_at", "detected_at"))
    if declared and says_more and (not known or declared <= known[0][1]):
        known.insert(0, ("declared_at", declared))
    return known


def _stages(first: str, last: str) -> tuple[str, ...]:
    names = list(BOUNDARIES)
    # Declared is detected.
    begin = names.index("detected_at" if first == "declared_at" else first)
    return tuple(STAGES[name][0] for name in names[begin : names.index(last)])


def _stages_until(name: str, stage: str) -> tuple[str, ...]:
    keys = [key for key, _label in STAGES.values()]
    begin = keys.index(STAGES["detected_at" if name == "declared_at" else name][0])
    return tuple(keys[begin : keys.index(stage) + 1])


def _stage_now(milestones: Mapping[str, datetime | None], status: Status | str) -> str:
    """What an ongoing incident is in now: its status tells what a milestone that is unknown does not."""
    if milestones.get("mitigated_at") or status == Status.MONITORING:
        return "being_resolved"
    if milestones.get("acknowledged_at") or status != Status.INVESTIGATING:
        return "being_mitigated"
    return "unacknowledged"
