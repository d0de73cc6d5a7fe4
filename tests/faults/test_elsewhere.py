"""A database on another machine, whose replica on S3 is within reach, while another file here has the same path."""

import os
import shutil
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.core.cache import cache
from django.utils import timezone
from pytest_django.fixtures import Settings

from recovery.models import Alarm, Check, Measurement, Replica, RestoreTest
from recovery.services.drills import queue_drill
from recovery.services.restore_runs import run_restore_test
from recovery.services.scheduled_tests import start_scheduled_tests
from recovery.services.schedules import keep_schedules, set_schedule
from recovery.services.watch import LOCK, watch_replicas
from tests.factories import make_check, make_database, make_incident, make_replica, make_user
from tests.faults.backup import Backup
from tests.faults.servers import S3_SECRETS, Place, serving_s3
from tests.recovery.runs import reason_of, run

Status = RestoreTest.Status
YEARS = 100_000_000


@pytest.fixture
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    with serving_s3(tmp_path_factory.mktemp("s3")) as server:
        yield server.place("bucket")


@pytest.fixture
def far(tmp_path_factory: pytest.TempPathFactory, place: Place) -> Backup:
    """The database where it really is: 600 users."""
    far = Backup(tmp_path_factory.mktemp("db7"))
    for count in (100, 500):
        far.write(count)
        place.replicate(far.source, far.folder / "work")
        time.sleep(1.1)
    return far


@pytest.fixture
def replica(
    db: None, far: Backup, place: Place, empty: Backup, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Replica]:
    """Its replica, as registered; the file of its path here is another, newer one that is left alone."""
    empty.execute("CREATE TABLE decoys (id INTEGER PRIMARY KEY); INSERT INTO decoys VALUES (1), (2);")
    shutil.copytree(far.source.with_name(".source.db-litestream"), empty.source.with_name(".source.db-litestream"))
    settings.SCRATCH_DIR = empty.scratch
    settings.RECOVERY_PRIVATE_ENDPOINTS = True
    # So that nothing of the path could be read without being found out.
    settings.RECOVERY_ROOTS = []
    for name, secret in S3_SECRETS.items():
        monkeypatch.setenv(name.upper().replace("-", "_"), secret)
    names = {name: f"env:{name.upper().replace('-', '_')}" for name in S3_SECRETS}
    database = make_database("shop", empty.source, host="db7", rpo_objective_seconds=YEARS)
    before = read_all(empty.source.parent)
    yield make_replica(database, place.url, name="s3", options=place.options, secrets=names)
    assert read_all(empty.source.parent) == before


def read_all(folder: Path) -> dict[str, tuple[bytes, int]]:
    return {str(path): (path.read_bytes(), path.stat().st_mtime_ns) for path in folder.rglob("*") if path.is_file()}


def age(place: Place, by: timedelta) -> None:
    """Everything on the server was uploaded so much earlier."""
    for path in place.stored.rglob("*.ltx"):
        moment = path.stat().st_mtime - by.total_seconds()
        os.utime(path, (moment, moment))


def with_objective(replica: Replica, seconds: int) -> Replica:
    replica.database.rpo_objective_seconds = seconds
    replica.database.save()
    return replica


def test_it_passes_where_no_more_can_be_missing_than_the_objective_allows(replica: Replica) -> None:
    test = run(replica)
    assert (test.status, test.reasons, test.tables) == (Status.PASSED, [], {"users": 600})
    assert test.checks[-1]["name"] == "freshness"
    assert "can be missing, within the RPO objective" in str(test.checks[-1]["message"])
    # What can be missing at most is no measure of what is.
    assert (test.rpo_seconds, test.is_rpo_met) == (None, None)
    assert test.rpo_reason.startswith("The database is on db7, so its last write cannot be seen from here. At most ")
    assert "heartbeat" in test.rpo_reason


def test_it_is_inconclusive_where_the_replica_is_older_than_the_objective(replica: Replica, place: Place) -> None:
    age(place, timedelta(hours=2))
    assert run(with_objective(replica, 4 * 3600)).status == Status.PASSED
    test = run(with_objective(replica, 3600))
    assert (test.status, test.tables, test.rpo_seconds) == (Status.INCONCLUSIVE, {"users": 600}, None)
    for words in ("the newest restored transaction is from 2 h", "on db7", "Set a heartbeat"):
        assert words in reason_of(test)


def test_one_dated_in_the_future_bounds_nothing(replica: Replica, place: Place) -> None:
    age(place, timedelta(hours=-2))
    test = run(replica)
    assert (test.status, test.rpo_reason) == (
        Status.INCONCLUSIVE,
        "The database is on db7, so its last write cannot be seen from here.",
    )


def test_it_fails_where_rows_are_gone(replica: Replica, place: Place, far: Backup) -> None:
    assert run(replica).status == Status.PASSED
    far.execute("DELETE FROM users WHERE id > 10;")
    place.replicate(far.source, far.folder / "work")
    test = run(replica)
    assert (test.status, test.tables) == (Status.FAILED, {"users": 10})
    assert "users" in reason_of(test)


def test_it_fails_where_a_stored_file_is_damaged(replica: Replica, place: Place) -> None:
    path = place.files()[-1]
    path.write_bytes(path.read_bytes()[:200])
    assert run(replica).status == Status.FAILED


def test_a_heartbeat_tells_how_much_is_missing(replica: Replica, place: Place, far: Backup) -> None:
    beat = datetime.now(UTC) - timedelta(hours=1)
    far.execute(f"CREATE TABLE beats (at TEXT); INSERT INTO beats VALUES ('{beat:%Y-%m-%d %H:%M:%S}');")  # noqa: S608
    place.replicate(far.source, far.folder / "work")
    replica.database.heartbeat_table, replica.database.heartbeat_column = "beats", "at"
    assert run(with_objective(replica, 7200)).status == Status.PASSED
    test = run(with_objective(replica, 3000))
    assert (test.status, test.is_rpo_met) == (Status.FAILED, False)


def test_nothing_is_compared_with_the_file_of_that_name_here(replica: Replica) -> None:
    make_check(replica.database, Check.Kind.SOURCE_CONTENT, parameters={"table": "users"})
    (said,) = [check for check in run(replica).checks if check["name"] == "source_content"]
    assert said["outcome"] == "skipped"
    assert "It is on db7" in str(said["message"])


def test_a_drill_says_what_would_be_lost_against_the_last_proof(replica: Replica, place: Place) -> None:
    proof = run(replica)
    actor = make_user()
    # Times there are in whole seconds.
    began = datetime.fromtimestamp(int(place.files()[-1].stat().st_mtime), tz=UTC)
    incident = make_incident(actor, impact_started_at=began, now=timezone.now())
    drill = queue_drill(replica, incident=incident, actor=actor, now=timezone.now())
    test = run_restore_test(drill.number, now=timezone.now())
    assert test is not None
    assert (test.status, test.tables) == (Status.PASSED, {"users": 100})
    assert test.loss["compared_with"] == proof.reference
    assert test.loss["tables"] == {"users": {"restored": 100, "compared": 600}}
    assert "At most" not in test.rpo_reason


def test_its_schedule_tests_what_is_reached_and_leaves_the_rest_to_the_agent(replica: Replica) -> None:
    make_replica(replica.database, "/backups/shop", name="folder")
    now = timezone.now()
    keep_schedules(now=now)
    replica.database.refresh_from_db()
    assert replica.database.schedule is not None
    due = now.replace(minute=0) + timedelta(hours=1)
    set_schedule(replica.database, cron="0 * * * *", timezone="UTC", is_enabled=True, sampled_points=1, now=now)
    start_scheduled_tests(replica.database.pk, since=now, now=due)
    waiting = RestoreTest.objects.order_by("number")
    assert {test.replica.name for test in waiting} == {"s3"}
    assert not replica.database.skipped_runs.exclude(replica=replica).exists()
    test = run_restore_test(waiting[0].number, now=due + timedelta(hours=1))
    assert test is not None
    assert (test.status, test.target_at) == (Status.PASSED, None)


def test_the_watch_sees_its_age_and_size_and_alarms_where_it_cannot_be_read(replica: Replica, place: Place) -> None:
    start = timezone.now()
    for minute in range(12):
        cache.delete(LOCK)
        watch_replicas(now=start + timedelta(minutes=minute))
    replica.refresh_from_db()
    assert (replica.lag_seconds, replica.size_bytes) == (None, sum(p.stat().st_size for p in place.files()))
    assert replica.newest_at is not None
    assert "on db7" in replica.lag_reason
    assert Measurement.objects.filter(newest_at=replica.newest_at).count() == 12
    assert not Alarm.objects.exists()
    Replica.objects.update(destination="s3://no-such-bucket/app")
    for minute in range(12, 24):
        cache.delete(LOCK)
        watch_replicas(now=start + timedelta(minutes=minute))
    assert "could not be read for 1" in Alarm.objects.get(closed_at=None).reason
    Replica.objects.update(destination=place.url)
    cache.delete(LOCK)
    watch_replicas(now=start + timedelta(minutes=24))
    assert not Alarm.objects.filter(closed_at=None).exists()
