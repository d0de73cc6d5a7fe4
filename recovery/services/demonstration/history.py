"""Putting the demonstration into the database, and taking exactly that out again."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from django.db import transaction
from django.utils.translation import gettext as _

from recovery.errors import RecoveryError
from recovery.models import Alarm, Check, Database, DiskUsage, Evidence, Measurement, Replica, RestoreTest, SkippedRun
from recovery.services.demonstration.results import Teller, tell_drill
from recovery.services.demonstration.story import DATABASES, DatabaseStory, ReplicaStory
from recovery.services.demonstration.watching import FULL_DISK, FULL_FROM, FULL_UNTIL, tell_disk, tell_lags

SEED = 20240310
BATCH = 500
LEAST_WEEKS, MOST_WEEKS = 3, 104


@dataclass(frozen=True)
class Loaded:
    """How much was made."""

    databases: int
    tests: int
    measurements: int


@transaction.atomic
def load_demonstration(*, weeks: int, now: datetime) -> Loaded:
    """The demonstration as it looks now, with a history of so many weeks; an earlier one is replaced."""
    if not LEAST_WEEKS <= weeks <= MOST_WEEKS:
        raise RecoveryError(
            _("A history has %(least)s to %(most)s weeks. Choose another number.")
            % {"least": LEAST_WEEKS, "most": MOST_WEEKS}
        )
    remove_demonstration()
    names = [story.name for story in DATABASES]
    if taken := Database.objects.filter(name__in=names).first():
        raise RecoveryError(
            _("A real database is called %(name)s, so the demonstration finds no room. Give it another name.")
            % {"name": taken.name}
        )
    end = now.replace(second=0, microsecond=0)
    begin = end - timedelta(weeks=weeks)
    tests: list[RestoreTest] = []
    seen = sum(_load_database(story, tests, begin=begin, end=end) for story in DATABASES)
    # In the order of time, so that the numbers follow it.
    RestoreTest.objects.bulk_create(sorted(tests, key=lambda test: test.requested_at), batch_size=BATCH)
    return Loaded(len(DATABASES), len(tests), seen)


@transaction.atomic
def remove_demonstration() -> int:
    """No demonstration data is left, and everything else is as it was; how many databases were removed."""
    databases = Database.objects.filter(is_demonstration=True)
    if Evidence.objects.filter(restore_test__replica__database__in=databases).exists():
        raise RecoveryError(_("A test of the demonstration is evidence of an incident, so it stays."))
    paths = {path for pair in databases.values_list("path", "watched_path") for path in pair if path}
    DiskUsage.objects.filter(path__in=paths).delete()
    replicas = Replica.objects.filter(database__in=databases)
    # Through a join, PostgreSQL compares every row with every other before autovacuum has looked at the table.
    Measurement.objects.filter(replica__in=replicas).delete()
    RestoreTest.objects.filter(replica__in=replicas).delete()
    count = databases.count()
    databases.delete()
    return count


def _load_database(story: DatabaseStory, tests: list[RestoreTest], *, begin: datetime, end: datetime) -> int:
    """The database and all that hangs on it but its tests, which are added to `tests`; how much the watch saw."""
    # Each database has its own chance, so that a change to one leaves the others as they are.
    chance = Random(f"{SEED}/{story.name}")  # noqa: S311 (nothing secret)
    is_sqlite = story.kind == Database.Kind.SQLITE
    watched = "" if is_sqlite else f"/demonstration/{story.name}"
    database = Database.objects.create(
        name=story.name,
        kind=story.kind,
        path=story.location if is_sqlite else "",
        dsn="" if is_sqlite else story.location,
        host=story.host,
        watched_path=watched,
        is_demonstration=True,
        rpo_objective_seconds=story.rpo_objective,
        rto_objective_seconds=story.rto_objective,
    )
    rows: list[Measurement] = []
    for one in story.replicas:
        replica = _make_replica(one, database, size=round(story.megabytes[1] * 600_000))
        teller = Teller(story, one, replica, chance)
        tests += teller.tell(begin=begin, end=end)
        if one.points:
            tests.append(tell_drill(teller, at=end - timedelta(days=3, hours=5)))
        lags = tell_lags(one, replica, chance, begin=begin, end=end)
        _show_last(replica, lags)
        rows += lags
    disks = tell_disk(story, watched or story.location, chance, begin=begin, end=end)
    Measurement.objects.bulk_create(rows, batch_size=BATCH)
    DiskUsage.objects.bulk_create(disks, batch_size=BATCH)
    _make_surroundings(story, database, begin=begin, end=end)
    _make_alarms(story, database, tests, end=end)
    return len(rows) + len(disks)


def _make_replica(story: ReplicaStory, database: Database, *, size: int) -> Replica:
    return Replica.objects.create(
        database=database, name=story.name, method=story.method, destination=story.destination, size_bytes=size
    )


def _show_last(replica: Replica, lags: list[Measurement]) -> None:
    if lags:
        last = lags[-1]
        Replica.objects.filter(pk=replica.pk).update(
            checked_at=last.at, newest_at=last.newest_at, lag_seconds=last.lag_seconds
        )


def _make_surroundings(story: DatabaseStory, database: Database, *, begin: datetime, end: datetime) -> None:
    Check.objects.bulk_create(
        Check(database=database, kind=kind, parameters=dict(parameters), origin=Check.Origin.LEARNT)
        for kind, parameters in story.checks.items()
    )
    SkippedRun.objects.bulk_create(
        SkippedRun(database=database, due_at=end - timedelta(days=days), reason=reason)
        for days, reason in story.skipped
        if end - timedelta(days=days) > begin
    )


def _make_alarms(story: DatabaseStory, database: Database, tests: Iterable[RestoreTest], *, end: datetime) -> None:
    """What was wrong and what is; made here and not through the service, for nobody is to be told."""
    own = [test for test in tests if test.replica.database_id == database.pk]
    alarms = [
        _alarm(database, Alarm.Kind.FAILED, test.requested_at, test.reasons[0], replica=test.replica)
        for test in own
        if test.status == RestoreTest.Status.FAILED
    ]
    for alarm in alarms:
        over = alarm.opened_at + timedelta(days=1)
        alarm.closed_at = over if over < end else None
    days = database.proof_objective_days or 0
    lapses_at = max(test.requested_at for test in own) + timedelta(days=days)
    if lapses_at < end:
        reason = _("It is to be proven restorable at least every %(days)s days, and the agent fell silent.")
        alarms.append(_alarm(database, Alarm.Kind.LAPSED, lapses_at, reason % {"days": days}))
    if story.name == FULL_DISK:
        full = _alarm(database, Alarm.Kind.DISK, end - FULL_FROM, _("The disk is 93 % full; logs were not rotated."))
        full.closed_at = end - FULL_UNTIL
        alarms.append(full)
    Alarm.objects.bulk_create(alarms)


def _alarm(
    database: Database, kind: Alarm.Kind, opened_at: datetime, reason: str, replica: Replica | None = None
) -> Alarm:
    # Like no subject of a real trouble, so that the watch takes none of them for its own.
    subject = f"demonstration:{database.pk}:{opened_at.isoformat()}"
    return Alarm(database=database, replica=replica, kind=kind, subject=subject, reason=reason, opened_at=opened_at)
