"""How often, and how quickly, each database could be brought back."""

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Max

from lib.figures import Figures, summarize
from recovery.models import Database, RestoreTest


@dataclass(frozen=True)
class Restorability:
    """One database: how its restore tests of the latest state ended, and how long those that passed took, in seconds.

    `proven_at` is when the newest of them, of any time, passed.
    """

    name: str
    proven_at: datetime | None
    passed: int
    count: int
    rto: Figures | None
    rto_met: int
    rto_judged: int

    @property
    def share(self) -> int | None:
        """How many of a hundred tests passed, rounded down: 100 is said of all alone."""
        return 100 * self.passed // self.count if self.count else None


def list_restorability(*, since: datetime, until: datetime) -> list[Restorability]:
    """Each database by name, demonstration data left out, with its tests that finished from `since` to `until`."""
    tests = RestoreTest.objects.filter(
        finished_at__gte=since, finished_at__lt=until, target_at=None, replica__database__is_demonstration=False
    )
    names = ("replica__database", "status", "rto_seconds", "rto_objective_seconds")
    found = defaultdict(list)
    for database, *facts in tests.order_by().values_list(*names):
        found[database].append(facts)
    passes = RestoreTest.objects.filter(status=RestoreTest.Status.PASSED, target_at=None).order_by()
    proven = dict(passes.values_list("replica__database").annotate(newest=Max("finished_at")))
    databases = Database.objects.filter(is_demonstration=False).order_by("name").values_list("pk", "name")
    return [_restorability(name, proven.get(pk), found[pk]) for pk, name in databases]


def _restorability(name: str, proven_at: datetime | None, facts: list[list[Any]]) -> Restorability:
    outcomes = Counter(status for status, *_times in facts)
    passed = [(rto, objective) for status, rto, objective in facts if status == RestoreTest.Status.PASSED]
    judged = [(rto, objective) for rto, objective in passed if rto is not None and objective is not None]
    return Restorability(
        name=name,
        proven_at=proven_at,
        passed=outcomes[RestoreTest.Status.PASSED],
        count=len(facts),
        rto=summarize([rto for rto, _objective in passed]),
        rto_met=sum(rto <= objective for rto, objective in judged),
        rto_judged=len(judged),
    )
