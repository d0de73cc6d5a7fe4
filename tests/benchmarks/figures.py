"""How a figure is written down."""

import statistics
import time
from collections.abc import Callable
from typing import Any


def figure(
    name: str, value: float, unit: str, *, at_most: float | None = None, ratio_to: str | None = None
) -> dict[str, Any]:
    """One line of bench.json; `holds` is None where there is no aim, `ratio_to` names what a ratio compares with."""
    holds = None if at_most is None else value <= at_most
    return {"name": name, "value": round(value, 3), "unit": unit, "aim": at_most, "ratio_to": ratio_to, "holds": holds}


def milliseconds(act: Callable[[], object], *, rounds: int) -> float:
    """The median time of `act`, after one call that does not count."""
    act()
    times = []
    for _round in range(rounds):
        started = time.perf_counter()
        act()
        times.append(time.perf_counter() - started)
    return statistics.median(times) * 1000
