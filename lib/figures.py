"""How values spread: never a lone mean."""

from collections.abc import Iterable
from dataclasses import dataclass
from statistics import median, quantiles

# Of fewer values, nine in ten is no figure of its own.
ENOUGH_FOR_SHARE = 10


@dataclass(frozen=True)
class Figures:
    """How a number of values spread; `ninety` is what nine in ten do not exceed, None where they are too few."""

    count: int
    median: float
    least: float
    greatest: float
    ninety: float | None


def summarize(values: Iterable[float | None]) -> Figures | None:
    """How the known ones among these values spread; None where none is known."""
    known = sorted(value for value in values if value is not None)
    if not known:
        return None
    ninety = quantiles(known, n=10, method="inclusive")[-1] if len(known) >= ENOUGH_FOR_SHARE else None
    return Figures(len(known), median(known), known[0], known[-1], ninety)
