"""Whether each database can be brought back: the question that the overview answers in one look."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext as _

from incidents.models import Visibility
from recovery.models import Database, Replica, RestoreTest

Status = RestoreTest.Status
# Of these a restore is asked for; any other ending says something about the surroundings alone.
BAD_ENDINGS = (Status.FAILED, Status.TIMED_OUT)


class Readiness(StrEnum):
    """How sure it is that a database can be brought back, the worst first."""

    FAILING = "failing"
    LAPSED = "lapsed"
    UNPROVEN = "unproven"
    DOUBTFUL = "doubtful"
    PROVEN = "proven"

    @property
    def is_bad(self) -> bool:
        """True where somebody has to do something."""
        return self in (Readiness.FAILING, Readiness.LAPSED, Readiness.UNPROVEN)


@dataclass(frozen=True)
class TestLine:
    """The few columns of a test that an overview needs."""

    # Not a test, whatever its name begins with.
    __test__ = False

    number: int
    status: str
    origin: str
    target_at: datetime | None
    restored_to: datetime | None
    finished_at: datetime
    rto_seconds: float | None
    rpo_seconds: float | None
    rpo_reason: str
    rto_objective_seconds: int | None
    rpo_objective_seconds: int | None

    @property
    def reference(self) -> str:
        """The name people say: RT-12."""
        return f"RT-{self.number}"

    @property
    def status_in_words(self) -> str:
        """Such as “Passed”."""
        return str(Status(self.status).label)

    @property
    def is_rto_met(self) -> bool | None:
        """Whether the restore was quick enough; None where nothing was measured or nothing was asked for."""
        return is_met(self.rto_seconds, self.rto_objective_seconds)

    @property
    def is_rpo_met(self) -> bool | None:
        """Whether little enough was missing; None where nothing was measured or nothing was asked for."""
        return is_met(self.rpo_seconds, self.rpo_objective_seconds)


@dataclass(frozen=True)
class ReplicaLine:
    """A replica with its newest finished test, its newest one of the latest state, and the newest that proves that.

    `newest_drawn` is the newest of a point in time that a schedule drew.
    """

    pk: int
    name: str
    method: str
    status: str
    destination: str
    lag_seconds: float | None
    lag_reason: str
    newest_at: datetime | None
    checked_at: datetime | None
    # The key of a test that failed and that somebody accepted as how it should be.
    accepted: int | None
    newest_test: TestLine | None
    newest_of_latest_state: TestLine | None
    newest_drawn: TestLine | None
    proof: TestLine | None

    @property
    def unpassed(self) -> TestLine | None:
        """What speaks against it: its newest test of the latest state, else what a schedule drew since, not passed.

        A point in time that came back says nothing of the latest state, so it takes no failure of that away. One that
        a person asked for says nothing here, as it begins no alarm. A failure that somebody accepted speaks against
        nothing.
        """
        latest, drawn = self.newest_of_latest_state, self.newest_drawn
        since = drawn if drawn and (latest is None or drawn.number > latest.number) else None
        return next(filter(self._is_unpassed, (latest, since)), None)

    def _is_unpassed(self, test: TestLine | None) -> bool:
        return test is not None and test.status != Status.PASSED and test.number != self.accepted


@dataclass(frozen=True)
class DatabaseReadiness:
    """A database and how it stands: its newest `proof`, and as `trouble` the replica that a test speaks against."""

    pk: int
    name: str
    kind: str
    team: str
    is_demonstration: bool
    proof_objective_days: int | None
    watched_path: str
    disk_alert_percent: int
    created_at: datetime
    host: str
    replicas: tuple[ReplicaLine, ...]
    readiness: Readiness
    proof: TestLine | None
    trouble: ReplicaLine | None

    @property
    def paths(self) -> tuple[str, ...]:
        """What lies on the disks that it needs; those of another host are none of this machine's."""
        if self.host:
            return ()
        locations = (self.watched_path, *(replica.destination for replica in self.replicas))
        return tuple(location.removeprefix("file://") for location in locations if location)

    @property
    def slowest(self) -> ReplicaLine | None:
        """The replica that is furthest behind; one whose lag is unknown is further than any."""
        known = [replica for replica in self.replicas if replica.checked_at]
        return max(known, key=lambda replica: (replica.lag_seconds is None, replica.lag_seconds or 0), default=None)

    @property
    def newest_test(self) -> TestLine | None:
        """The newest finished test of any replica."""
        tests = [replica.newest_test for replica in self.replicas if replica.newest_test]
        return max(tests, key=lambda test: test.number, default=None)

    @property
    def proven_by(self) -> ReplicaLine | None:
        """The replica that the proof is of."""
        return next((replica for replica in self.replicas if replica.proof and replica.proof == self.proof), None)


def is_met(measured: float | None, objective: int | None) -> bool | None:
    """Whether what was measured is within the objective; None where either is missing."""
    return None if measured is None or objective is None else measured <= objective


def list_readiness(*, now: datetime, databases: QuerySet[Database] | None = None) -> list[DatabaseReadiness]:
    """Every database and how it stands, those that need somebody first; three queries however many there are."""
    chosen = Database.objects.all() if databases is None else databases
    rows = chosen.values_list(
        "pk",
        "name",
        "kind",
        "team__name",
        "is_demonstration",
        "proof_objective_days",
        "watched_path",
        "path",
        "disk_alert_percent",
        "created_at",
        "host",
    )
    replicas = _list_replicas(chosen if databases is not None else None)
    found = [_judge(row, replicas.get(row[0], ()), now) for row in rows]
    order = list(Readiness)
    return sorted(found, key=lambda one: (order.index(one.readiness), one.is_demonstration, one.name.lower()))


def find_readiness(database: Database, *, now: datetime) -> DatabaseReadiness:
    """How one database stands."""
    return list_readiness(now=now, databases=Database.objects.filter(pk=database.pk))[0]


def is_lapsed(proven_at: datetime | None, *, since: datetime, objective_days: int | None, now: datetime) -> bool:
    """Whether the last proof is older than the objective allows; without one, the registration counts."""
    return objective_days is not None and now - (proven_at or since) > timedelta(days=objective_days)


def list_reasons(numbers: list[int]) -> dict[int, tuple[str, ...]]:
    """Why each of these tests did not pass, in the sentences of its checks."""
    return {test.number: tuple(test.reasons) for test in RestoreTest.objects.filter(pk__in=numbers).only("checks")}


def _list_replicas(databases: QuerySet[Database] | None) -> dict[int, tuple[ReplicaLine, ...]]:
    """The replicas of each database by its key."""
    tests = RestoreTest.objects.filter(replica=OuterRef("pk"), finished_at__isnull=False).order_by("-number")
    # Everybody reads this, so a drill of a restricted incident is left out.
    for_all = tests.filter(Q(incident=None) | Q(incident__visibility=Visibility.OPEN))
    of_latest_state = tests.filter(target_at=None)
    drawn = tests.filter(target_at__isnull=False, trigger=RestoreTest.Trigger.SCHEDULE)
    proofs = of_latest_state.filter(status=Status.PASSED)
    chosen = Replica.objects.all() if databases is None else Replica.objects.filter(database__in=databases)
    # By number, not in the order of Meta: that one would join the databases once more.
    rows: list[tuple[Any, ...]] = list(
        chosen.order_by("database_id", "name").values_list(
            "database_id",
            "pk",
            "name",
            "method",
            "status",
            "destination",
            "lag_seconds",
            "lag_reason",
            "newest_at",
            "checked_at",
            "accepted_test_id",
            Subquery(for_all.values("number")[:1]),
            Subquery(of_latest_state.values("number")[:1]),
            Subquery(drawn.values("number")[:1]),
            Subquery(proofs.values("number")[:1]),
        )
    )
    lines = _list_lines({number for row in rows for number in row[-4:] if number is not None})
    replicas = defaultdict(list)
    for row in rows:
        replicas[row[0]].append(ReplicaLine(*row[1:-4], *(lines.get(number) for number in row[-4:])))
    return {database: tuple(found) for database, found in replicas.items()}


def _list_lines(numbers: set[int]) -> dict[int, TestLine]:
    names = list(TestLine.__dataclass_fields__)
    return {row[0]: TestLine(*row) for row in RestoreTest.objects.filter(pk__in=numbers).values_list(*names)}


def _judge(row: tuple[Any, ...], replicas: tuple[ReplicaLine, ...], now: datetime) -> DatabaseReadiness:
    pk, name, kind, team, is_demonstration, days, watched, path, percent, created_at, host = row
    proofs = [replica.proof for replica in replicas if replica.proof]
    proof = max(proofs, key=lambda line: line.finished_at, default=None)
    trouble = _find_trouble(replicas)
    proven_at = proof.finished_at if proof else None
    has_lapsed = is_lapsed(proven_at, since=created_at, objective_days=days, now=now)
    return DatabaseReadiness(
        pk=pk,
        name=name,
        kind=kind,
        team=team or "",
        is_demonstration=is_demonstration,
        proof_objective_days=days,
        watched_path=watched or path,
        disk_alert_percent=percent,
        created_at=created_at,
        host=host,
        replicas=replicas,
        readiness=_conclude(proof, trouble, has_lapsed=has_lapsed),
        proof=proof,
        trouble=trouble,
    )


def _find_trouble(replicas: tuple[ReplicaLine, ...]) -> ReplicaLine | None:
    """The replica that a test speaks against; one that failed before one that is merely inconclusive."""
    return min((one for one in replicas if one.unpassed), key=lambda one: _is_good_ending(one.unpassed), default=None)


def _is_good_ending(test: TestLine | None) -> bool:
    return test is None or test.status not in BAD_ENDINGS


def _conclude(proof: TestLine | None, trouble: ReplicaLine | None, *, has_lapsed: bool) -> Readiness:
    if trouble and not _is_good_ending(trouble.unpassed):
        return Readiness.FAILING
    if has_lapsed and proof:
        return Readiness.LAPSED
    if proof is None:
        return Readiness.UNPROVEN
    return Readiness.DOUBTFUL if trouble else Readiness.PROVEN


def describe_unproven(readiness: DatabaseReadiness) -> str:
    """Why there is no proof, in a sentence."""
    if not readiness.replicas:
        return _("No replica is registered, so nothing can be restored.")
    if all(replica.newest_test is None for replica in readiness.replicas):
        return _("Run a restore test to see whether it can be brought back.")
    return _("No restore test of its latest state has passed yet.")
