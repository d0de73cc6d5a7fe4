"""The result of a test as its page shows it: phases along time, tables side by side, what would be lost."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

# One after the other: nothing can be looked at before it is there.
BEFORE = {"plan": _("Plan"), "fetch": _("Fetch"), "restore": _("Restore")}
# Some tools do both in one.
BOTH = _("Fetch and restore")
# Beside each other once the data is there; those of one lane follow one another.
BESIDE = (
    {"integrity": _("Integrity check")},
    {"foreign_keys": _("Foreign keys"), "counts": _("Row counts"), "checks": _("Checks")},
    {"hash": _("SHA-256")},
)
# In these units a whole test is as wide as the drawing.
WIDTH = 1000
# What took no time to speak of can still be seen.
THINNEST = 4


@dataclass(frozen=True)
class Lane:
    """One phase: its seconds, and where it lies in a drawing of WIDTH."""

    label: Promise | str
    seconds: float
    starts_at: float
    x: int
    width: int


@dataclass(frozen=True)
class TableRow:
    """The rows of one table now and before; None where it is missing. `percent` is None where there is no share."""

    name: str
    now: int | None
    before: int | None

    @property
    def difference(self) -> int | None:
        """How many more rows there are than before; None without anything to compare."""
        return None if self.now is None or self.before is None else self.now - self.before

    @property
    def percent(self) -> float | None:
        """The same in percent of before."""
        return None if self.difference is None or not self.before else 100 * self.difference / self.before

    @property
    def signed_difference(self) -> str:
        """`+1,200` or `−30`; empty without anything to compare."""
        return "" if self.difference is None else f"{self.difference:+,}".replace("-", "−")

    @property
    def signed_percent(self) -> str:
        """`+0.8 %` or `−30.0 %`; empty where there is no share."""
        return "" if self.percent is None else f"{self.percent:+,.1f} %".replace("-", "−")

    @property
    def lost(self) -> int:
        """How many rows fewer there are than in what it is compared with."""
        return max((self.before or 0) - (self.now or 0), 0)


@dataclass(frozen=True)
class Loss:
    """What restoring to a moment would have lost, against the source or a later test (`compared_with`)."""

    since: datetime | None
    compared_with: str
    tables: tuple[TableRow, ...]

    @property
    def rows(self) -> int:
        """How many rows more there were in what it is compared with."""
        return sum(table.lost for table in self.tables)


def list_lanes(phases: Mapping[str, float]) -> list[Lane]:
    """The phases that were measured, each beginning where it began: what ran beside each other overlaps."""
    starts: list[tuple[Promise | str, float, float]] = []
    moment = 0.0
    for name, label in BEFORE.items():
        if name in phases:
            is_both = name == "restore" and "fetch" not in phases
            starts.append((BOTH if is_both else label, moment, phases[name]))
            moment += phases[name]
    for lane in BESIDE:
        here = moment
        for name, label in lane.items():
            if name in phases:
                starts.append((label, here, phases[name]))
                here += phases[name]
    whole = max((start + seconds for _label, start, seconds in starts), default=0) or 1
    return [_draw(label, start, seconds, WIDTH / whole) for label, start, seconds in starts]


def _draw(label: Promise | str, start: float, seconds: float, scale: float) -> Lane:
    width = min(max(round(seconds * scale), THINNEST), WIDTH)
    return Lane(label, seconds, start, min(round(start * scale), WIDTH - width), width)


def compare_tables(tables: Mapping[str, int], before: Mapping[str, int]) -> list[TableRow]:
    """Each table's rows now and in the last passing test, by name."""
    return [TableRow(name, tables.get(name), before.get(name)) for name in sorted({*tables, *before})]


def read_loss(loss: Mapping[str, Any]) -> Loss | None:
    """What a drill found; None for any other test."""
    if not loss:
        return None
    tables = loss.get("tables", {})
    rows = (TableRow(name, facts.get("restored"), facts.get("compared")) for name, facts in sorted(tables.items()))
    since = loss.get("since")
    return Loss(datetime.fromisoformat(since) if since else None, loss.get("compared_with", ""), tuple(rows))
