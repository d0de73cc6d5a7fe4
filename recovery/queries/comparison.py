"""What each method of backing up has measured here, in figures that lead to the tests behind them."""

from collections import defaultdict
from dataclasses import dataclass

from lib.figures import Figures, summarize
from recovery.models import Database, Replica, RestoreTest
from recovery.queries.history import LATEST, HistoryFilter


@dataclass(frozen=True)
class MethodFigures:
    """The passed tests of the latest state by one method and one origin; None where there is no value."""

    method: str
    origin: str
    count: int
    databases: int
    rto: Figures | None
    rpo: Figures | None
    size: Figures | None
    tests: HistoryFilter


def compare_methods(*, with_demonstration: bool) -> dict[str, dict[str, MethodFigures]]:
    """The figures of each method by origin, measured here or reported; demonstration data only where asked for."""
    wanted = HistoryFilter(
        status=RestoreTest.Status.PASSED, target=LATEST, demonstration="" if with_demonstration else "no"
    )
    names = ("replica__method", "origin", "replica__database", "rto_seconds", "rpo_seconds", "size_bytes")
    rows = RestoreTest.objects.filter(**wanted.conditions()).order_by().values_list(*names)
    groups = defaultdict(list)
    for method, origin, *facts in rows:
        groups[method, origin].append(facts)
    figures: dict[str, dict[str, MethodFigures]] = {method: {} for method in Replica.Method.values}
    for (method, origin), found in groups.items():
        databases, rtos, rpos, sizes = zip(*found, strict=True)
        figures[method][origin] = MethodFigures(
            method=method,
            origin=origin,
            count=len(found),
            databases=len(set(databases)),
            rto=summarize(rtos),
            rpo=summarize(rpos),
            size=summarize(sizes),
            tests=HistoryFilter(
                method=method, status=wanted.status, target=LATEST, origin=origin, demonstration=wanted.demonstration
            ),
        )
    return figures


def has_demonstration() -> bool:
    """Whether there is demonstration data."""
    return Database.objects.filter(is_demonstration=True).exists()
