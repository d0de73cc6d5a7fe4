"""The restore tests of the demonstration."""

import hashlib
from collections.abc import Iterator
from datetime import datetime, timedelta
from random import Random
from typing import Any

from recovery.models import Replica, RestoreTest
from recovery.services.demonstration.story import MEGABYTE, DatabaseStory, Mishap, ReplicaStory

Status, Trigger = RestoreTest.Status, RestoreTest.Trigger
NIGHT = timedelta(hours=3, minutes=12)
# The share of the RTO that each phase takes; the last four run beside each other once the data is there.
PHASES = {"plan": 0.02, "restore": 0.74, "integrity": 0.23, "foreign_keys": 0.05, "counts": 0.01, "hash": 0.06}


class Teller:
    """Tells the tests of one replica, between two moments, by one stream of chance."""

    def __init__(self, database: DatabaseStory, story: ReplicaStory, replica: Replica, chance: Random) -> None:
        self.database, self.story, self.replica, self.chance = database, story, replica, chance

    def tell(self, *, begin: datetime, end: datetime) -> Iterator[RestoreTest]:
        """Its scheduled tests, its sampled points in time and its mishaps."""
        last = end - timedelta(days=self.story.silent_days)
        moment = begin.replace(hour=0, minute=0, second=0, microsecond=0) + NIGHT
        mishaps = {(end - timedelta(days=one.days_ago)).date(): one for one in self.story.mishaps}
        while (moment := moment + self.story.every) < last:
            share = (moment - begin) / (end - begin)
            mishap = mishaps.pop(moment.date(), None)
            if mishap is None:
                yield self.passed(moment, share)
            else:
                yield self.failed(moment, share, mishap)
            if self.story.points and moment.weekday() == 6:
                yield from self.points(moment, share)
        # One whose night was none of a test, or is still to come today, is told where it belongs.
        for mishap in mishaps.values():
            moment = end - timedelta(days=mishap.days_ago)
            if begin < moment:
                yield self.failed(moment, (moment - begin) / (end - begin), mishap)

    def points(self, moment: datetime, share: float) -> Iterator[RestoreTest]:
        """Tests of points in time within the retention of 72 hours."""
        for number in range(self.story.points):
            at = (moment - timedelta(hours=self.chance.uniform(4, 66))).replace(microsecond=0)
            test = self.passed(moment + timedelta(minutes=2 + number), share)
            test.target_at, test.restored_to = at, at - timedelta(seconds=self.chance.uniform(0.3, 4.5))
            test.rpo_seconds = round((at - test.restored_to).total_seconds(), 3)
            yield test

    def passed(self, moment: datetime, share: float) -> RestoreTest:
        """A test that passed, so far into the history as `share` says."""
        rto = self.between(self.story.rto, share) * self.chance.uniform(0.94, 1.07)
        rpo = self.chance.uniform(*self.story.rpo)
        size = round(self.between(self.database.megabytes, share) * MEGABYTE / 4096) * 4096
        tables = {name: round(self.between(ends, share)) for name, ends in self.database.tables.items()}
        return self.make(
            moment,
            Status.PASSED,
            seconds=rto,
            rto_seconds=round(rto, 3),
            rpo_seconds=round(rpo, 3),
            restored_to=moment - timedelta(seconds=rpo),
            restored_txid=f"{int(moment.timestamp()) // 60:016x}" if self.story.tool.startswith("litestream") else "",
            integrity="ok",
            tables=tables,
            size_bytes=size,
            exit_code=0,
            sha256=hashlib.sha256(f"{self.replica.pk}{moment}".encode()).hexdigest(),
            phases={name: round(rto * part * self.chance.uniform(0.9, 1.05), 3) for name, part in PHASES.items()},
            checks=[
                {"name": "size", "passed": True, "message": "The restored data has the size that was announced."},
                {"name": "integrity_check", "passed": True, "message": "The full integrity check found no fault."},
                {"name": "foreign_keys", "passed": True, "message": "Every foreign key points to a row that is there."},
                {
                    "name": "row_counts",
                    "passed": True,
                    "message": f"{sum(tables.values()):,} rows in {len(tables)} tables were counted.",
                },
            ],
        )

    def failed(self, moment: datetime, share: float, mishap: Mishap) -> RestoreTest:
        """A test that ended as the mishap says: one that failed had data to look at, any other had none."""
        unknown = {"passed": False, "message": mishap.message, "name": mishap.check}
        if mishap.status != Status.FAILED:
            seconds = 900.0 if mishap.status == Status.TIMED_OUT else 4.0
            unknown |= {"outcome": "unknown"}
            phases = {"plan": 0.2}
            return self.make(moment, mishap.status, seconds=seconds, checks=[unknown], phases=phases, exit_code=1)
        test = self.passed(moment, share)
        test.status = Status.FAILED
        test.checks = [check for check in test.checks if check["name"] != mishap.check] + [unknown]
        if mishap.check == "no_shrinkage":
            test.tables = {**test.tables, "orders": 1_873}
        else:
            test.integrity = mishap.message[:300]
        return test

    def make(self, moment: datetime, status: RestoreTest.Status, *, seconds: float, **facts: Any) -> RestoreTest:
        """The row that all of them share."""
        is_reported = bool(self.database.host)
        return RestoreTest(
            replica=self.replica,
            trigger=Trigger.API if is_reported else Trigger.SCHEDULE,
            origin=RestoreTest.Origin.REPORTED if is_reported else RestoreTest.Origin.MEASURED,
            reporter=self.database.host,
            requested_at=moment,
            started_at=moment + timedelta(seconds=1),
            finished_at=moment + timedelta(seconds=1 + seconds),
            status=status,
            rto_objective_seconds=self.database.rto_objective,
            rpo_objective_seconds=self.database.rpo_objective,
            tool=self.story.tool,
            **facts,
        )

    def between(self, ends: tuple[float, float], share: float) -> float:
        """What has grown from the first to the second end, so far."""
        return ends[0] + (ends[1] - ends[0]) * share


def tell_drill(teller: Teller, *, at: datetime) -> RestoreTest:
    """A drill as from an incident: restored to just before its impact, with what that would have lost."""
    test = teller.passed(at, 0.9)
    test.trigger = Trigger.INCIDENT
    test.target_at = at - timedelta(minutes=25)
    test.restored_to, test.rpo_seconds = test.target_at - timedelta(seconds=1), 1.0
    test.loss = {
        "since": test.target_at.isoformat(),
        "compared_with": "source",
        "tables": {
            name: {"restored": count, "compared": count + lost}
            for (name, count), lost in zip(sorted(test.tables.items()), (312, 41, 0), strict=False)
        },
    }
    return test
