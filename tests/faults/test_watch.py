"""The watch of real replicas and real disks, minute after minute."""

import os
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pytest_django.fixtures import Settings

from notifications.models import Notification
from recovery.models import Alarm, Database, DiskUsage, Measurement, Replica
from recovery.services import watch
from recovery.services.watch import LOCK, watch_replicas
from tests.factories import make_database, make_replica
from tests.faults.backup import Backup
from tests.recovery.backups import make_backup_files
from tests.recovery.conftest import replica  # noqa: F401  # fixtures are found by their name
from tests.recovery.silence import make_silent_replica, silent_server

START = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def no_lock(db: None) -> Iterator[None]:
    cache.delete(LOCK)
    yield
    cache.delete(LOCK)


@pytest.fixture
def files(tmp_path: Path, settings: Settings) -> Replica:
    """Backup files of two hours, one of them made just when the source was last written."""
    settings.SCRATCH_DIR = tmp_path / "scratch"
    return make_backup_files(tmp_path, now=START, ages=(timedelta(0), timedelta(hours=2)))


@pytest.fixture
def silent(files: Replica, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[Replica]:
    """A replica on a server that says nothing, and a watch that waits half a second for it."""
    settings.RECOVERY_PRIVATE_ENDPOINTS = True
    monkeypatch.setattr(watch, "SECONDS_EACH", 0.5)
    with silent_server() as port:
        yield make_silent_replica(port, files.database.path, monkeypatch)


def watch_minutes(first: int, last: int) -> None:
    for minute in range(first, last + 1):
        watch_replicas(now=START + minute * MINUTE)


def told() -> list[tuple[str, str]]:
    return list(Notification.objects.order_by("pk").values_list("level", "title"))


def age_source(backup: Backup, seconds: float) -> None:
    """The last write lies so long after the last replicated one."""
    moment = backup.files()[-1].stat().st_mtime + seconds
    for path in backup.source.parent.glob("source.db*"):
        os.utime(path, (moment, moment))


def test_a_healthy_replica_is_measured(replica: Replica, backup: Backup) -> None:  # noqa: F811
    watch_minutes(0, 2)
    replica.refresh_from_db()
    assert (replica.checked_at, replica.lag_seconds, replica.lag_reason) == (START + 2 * MINUTE, 0.0, "")
    assert replica.size_bytes == sum(file.stat().st_size for file in backup.replica.path.rglob("*.ltx"))
    assert replica.newest_at is not None
    seen = Measurement.objects.values_list("at", "lag_seconds", "size_bytes", "reason")
    assert list(seen) == [(START + minute * MINUTE, 0.0, replica.size_bytes, "") for minute in range(3)]
    assert told() == []


def test_one_that_lags_is_told_once_and_so_is_its_end(replica: Replica, backup: Backup) -> None:  # noqa: F811
    watch_minutes(0, 1)
    backup.write(10)
    age_source(backup, 3600)
    watch_minutes(2, 2)
    assert told() == []
    watch_minutes(3, 11)
    assert told() == [("warning", "The replica is behind, or nobody can tell: shop/local")]
    assert Alarm.objects.get().opened_at == START + 3 * MINUTE
    replica.refresh_from_db()
    assert replica.lag_seconds == pytest.approx(3600, abs=60)
    backup.replicate()
    watch_minutes(12, 21)
    assert [level for level, _title in told()] == ["warning", "recovered"]
    assert Alarm.objects.get().closed_at == START + 12 * MINUTE


def test_looking_changes_neither_source_nor_replica_and_leaves_nothing(replica: Replica, backup: Backup) -> None:  # noqa: F811
    before = backup.digest()
    watch_minutes(0, 1)
    assert backup.digest() == before
    assert list(backup.scratch.iterdir()) == []


def test_a_server_that_says_nothing_is_unknown_and_after_ten_minutes_an_alarm(silent: Replica) -> None:
    watch_minutes(0, 9)
    assert told() == []
    watch_minutes(10, 13)
    assert told() == [("warning", "The replica is behind, or nobody can tell: silent/local")]
    silent.refresh_from_db()
    assert (silent.lag_seconds, silent.checked_at) == (None, START + 13 * MINUTE)
    assert silent.lag_reason.startswith("It did not answer within")
    assert "has been unknown for 13 minutes" in Alarm.objects.get().reason


def test_what_does_not_answer_holds_up_nothing_else(silent: Replica, files: Replica) -> None:
    for number in range(20):
        make_replica(
            silent.database, silent.destination, options=silent.options, secrets=silent.secrets, name=f"s{number}"
        )
    before = time.monotonic()
    watch_minutes(0, 0)
    assert time.monotonic() - before < watch.SECONDS_ALL + watch.SECONDS_DISKS
    files.refresh_from_db()
    assert (files.lag_seconds, files.checked_at) == (0.0, START)
    assert Measurement.objects.filter(lag_seconds=None).count() == 21


def test_what_was_known_last_stays_while_a_replica_cannot_be_read(files: Replica) -> None:
    watch_minutes(0, 0)
    folder = Path(files.destination)
    folder.rename(folder.with_name("away"))
    watch_minutes(1, 1)
    files.refresh_from_db()
    assert files.newest_at == START
    assert files.size_bytes
    assert (files.checked_at, files.lag_seconds) == (START + MINUTE, None)
    assert files.lag_reason
    assert Measurement.objects.last().size_bytes is None  # type: ignore[union-attr]


def test_a_replica_that_is_not_watched_any_more_ends_its_alarm(files: Replica) -> None:
    Path(files.destination).rename(Path(files.destination).with_name("away"))
    watch_minutes(0, 11)
    Replica.objects.update(status=Replica.Status.BROKEN)
    watch_minutes(12, 13)
    assert [level for level, _title in told()] == ["warning", "recovered"]
    assert Measurement.objects.count() == 12


def test_databases_out_of_reach_are_not_looked_at(files: Replica) -> None:
    for facts in ({"host": "db1.example.org"}, {"host": "", "is_demonstration": True}):
        Database.objects.update(**facts)
        watch_minutes(0, 0)
    assert (Measurement.objects.count(), DiskUsage.objects.count()) == (0, 0)


def test_a_disk_is_told_of_once_and_so_is_its_end(files: Replica) -> None:
    Database.objects.update(disk_alert_percent=1)
    watch_minutes(0, 9)
    ((level, title),) = told()
    assert (level, title.startswith("The disk is nearly full: /")) == ("warning", True)
    assert "On it: shop." in Alarm.objects.get().reason
    Database.objects.update(disk_alert_percent=100)
    watch_minutes(10, 19)
    assert [level for level, _title in told()] == ["warning", "recovered"]


def test_while_one_watch_is_under_way_another_does_nothing(files: Replica) -> None:
    cache.add(LOCK, "somebody else")
    watch_minutes(0, 0)
    assert Measurement.objects.count() == 0
    assert cache.get(LOCK) == "somebody else"
    cache.delete(LOCK)
    watch_minutes(1, 2)
    assert Measurement.objects.count() == 2


def test_what_a_watch_that_was_killed_left_behind_is_removed(files: Replica, settings: Settings) -> None:
    left = settings.SCRATCH_DIR / "watch-killed"
    left.mkdir(parents=True)
    other = settings.SCRATCH_DIR / "RT-7--x7k2"
    other.mkdir()
    watch_minutes(0, 0)
    assert list(settings.SCRATCH_DIR.iterdir()) == [other]


def test_more_replicas_take_no_more_queries(files: Replica) -> None:
    counts = []
    for number in range(6):
        make_replica(make_database(f"shop-{number}", files.database.path), files.destination, method=files.method)
        with CaptureQueriesContext(connection) as captured:
            watch_minutes(number, number)
        counts.append(len(captured))
    assert counts[0] == counts[-1] < 25
