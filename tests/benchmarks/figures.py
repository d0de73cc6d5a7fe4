"""How a figure is written down."""

import statistics
import time
from collections.abc import Callable
from typing import Any


def figure(name: str, value: float, unit: str, *, aim: str | None = None, holds: bool | None = None) -> dict[str, Any]:
    """One line of bench.json."""
    return {"name": name, "value": round(value, 3), "unit": unit, "aim": aim, "ratio_to": None, "holds": holds}


def milliseconds(act: Callable[[], object], *, rounds: int) -> float:
    """The median time of `act`, after one call that does not count."""
    act()
    times = []
    for _round in range(rounds):
        started = time.perf_counter()
        act()
        times.append(time.perf_counter() - started)
    return statistics.median(times) * 1000
