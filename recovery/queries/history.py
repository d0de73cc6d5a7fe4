"""Restore tests as they were run, and the runs that were skipped."""

import dataclasses
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet

from accounts.models import User
from recovery.models import Database, Replica, RestoreTest, SkippedRun

HISTORY = 50
LATEST, POINT_IN_TIME = "latest", "point_in_time"


@dataclass(frozen=True)
class HistoryFilter:
    """Which tests are asked for; an empty word asks for all. It is read from an address and written into one."""

    database: str = ""
    replica: str = ""
    method: str = ""
    status: str = ""
    target: str = ""
    origin: str = ""
    demonstration: str = ""

    def conditions(self) -> dict[str, Any]:
        """The filter as keywords of a query over restore tests."""
        known: dict[str, Any] = {
            "replica__database__name": self.database,
            "replica__name": self.replica,
            "replica__method": self.method,
            "status": self.status,
            "origin": self.origin,
            "target_at__isnull": {LATEST: True, POINT_IN_TIME: False}.get(self.target, ""),
            "replica__database__is_demonstration": {"no": False, "yes": True}.get(self.demonstration, ""),
        }
        return {name: value for name, value in known.items() if value != ""}

    def parameters(self) -> dict[str, str]:
        """What stands in the address of a page with this filter."""
        return {name: word for name, word in dataclasses.asdict(self).items() if word}


def filter_restore_tests(wanted: HistoryFilter, user: User) -> QuerySet[RestoreTest]:
    """The tests that are asked for and that this person may know of, newest first."""
    tests = RestoreTest.objects.visible_to(user).filter(**wanted.conditions())
    # The columns that are long belong to the page of one test; the reasons of one that failed are in its checks.
    tests = tests.defer("log_tail", "configuration", "identity", "loss", "phases")
    return tests.select_related("replica__database", "requested_by").order_by("-number")


def list_skipped_between(
    database: Database, *, after: datetime | None, until: datetime | None, replica: str = ""
) -> list[SkippedRun]:
    """The runs skipped after one moment up to another, newest first; None leaves that side open. At most HISTORY.

    With a replica's name, those of the whole database stay: they would have tested that replica too.
    """
    skipped = SkippedRun.objects.filter(database=database).select_related("replica")
    if after:
        skipped = skipped.filter(due_at__gt=after)
    if until:
        skipped = skipped.filter(due_at__lte=until)
    if replica:
        skipped = skipped.filter(Q(replica=None) | Q(replica__name=replica))
    return list(skipped[:HISTORY])


def previous_passed(test: RestoreTest) -> RestoreTest | None:
    """The test that this one is compared with: the last of the same replica's latest state that passed before it.

    One that failed and was accepted as how it should be counts as passed. A restore to a point in time is none: its
    older data would say nothing about what must be there now.
    """
    return _list_sound(test.replica).filter(number__lt=test.number).first()


def newest_sound(replica: Replica) -> RestoreTest | None:
    """The test that the next one of the replica is compared with, as in `previous_passed`."""
    return _list_sound(replica).first()


def _list_sound(replica: Replica) -> QuerySet[RestoreTest]:
    is_sound = Q(status=RestoreTest.Status.PASSED) | Q(pk=replica.accepted_test_id)
    return replica.restore_tests.filter(is_sound, target_at=None)


def last_passed(replica: Replica) -> RestoreTest | None:
    """The newest test of the replica's latest state that passed."""
    return replica.restore_tests.filter(status=RestoreTest.Status.PASSED, target_at=None).first()
