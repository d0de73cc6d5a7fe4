"""How a figure is written down."""

import statistics
import time
from collections.abc import Callable
from typing import Any


def figure(
    name: str,
    value: float,
    unit: str,
    *,
    at_most: float | None = None,
    at_least: float | None = None,
    ratio_to: str | None = None,
) -> dict[str, Any]:
    """One line of bench.json; `holds` is None where there is no aim, `ratio_to` names what a ratio compares with."""
    holds = None if at_most is None and at_least is None else _lies_between(value, at_least, at_most)
    aim = at_least if at_most is None else at_most
    return {"name": name, "value": round(value, 3), "unit": unit, "aim": aim, "ratio_to": ratio_to, "holds": holds}


def _lies_between(value: float, least: float | None, most: float | None) -> bool:
    return (least is None or value >= least) and (most is None or value <= most)


def milliseconds(act: Callable[[], object], *, rounds: int) -> float:
    """The median time of `act`, after one call that does not count."""
    act()
    times = []
    for _round in range(rounds):
        started = time.perf_counter()
        act()
        times.append(time.perf_counter() - started)
    return statistics.median(times) * 1000
