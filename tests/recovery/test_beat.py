"""What beat makes of the settings and of the schedules of databases."""

import inspect
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from celery import current_app
from django.conf import settings
from django_celery_beat import schedulers
from django_celery_beat.schedulers import DatabaseScheduler
from django_celery_beat.tzcrontab import TzAwareCrontab

from recovery.models import Database
from recovery.services.schedules import TASK, keep_schedules, set_schedule
from tests.factories import make_database

pytestmark = pytest.mark.django_db
# A Sunday, when the schedules of these tests come round.
DUE = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)


class Clock:
    """The clock that beat goes by."""

    now = DUE


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    found = Clock()
    monkeypatch.setattr(TzAwareCrontab, "nowfunc", lambda schedule: found.now.astimezone(schedule.tz))
    monkeypatch.setattr(schedulers, "aware_now", lambda: found.now)
    return found


def beat() -> DatabaseScheduler:
    current_app.loader.import_default_modules()
    return DatabaseScheduler(app=current_app)


def find(scheduler: DatabaseScheduler, database: Database) -> Any:
    """The entry of the database's schedule."""
    assert database.schedule is not None
    return scheduler.schedule[database.schedule.name]


def scheduled(cron: str = "0 3 * * 0", zone: str = "UTC", *, now: datetime = DUE - timedelta(days=3)) -> Database:
    database = Database.objects.first() or make_database()
    return set_schedule(database, cron=cron, timezone=zone, is_enabled=True, sampled_points=2, now=now)


def test_beat_has_every_entry_of_the_settings_and_drops_messages_that_nobody_took() -> None:
    entries = beat().schedule
    assert set(settings.CELERY_BEAT_SCHEDULE) <= set(entries)
    for name, fields in settings.CELERY_BEAT_SCHEDULE.items():
        entry = entries[name]
        assert entry.task in current_app.tasks, name
        assert entry.schedule.run_every == timedelta(seconds=fields["schedule"]), name
        assert 0 < entry.options["expires"] <= fields["schedule"], name


def test_an_entry_is_due_when_its_time_has_passed() -> None:
    entry = beat().schedule["watch-replicas"]
    entry.last_run_at = datetime.now(UTC)
    assert not entry.is_due().is_due
    entry.last_run_at -= timedelta(seconds=61)
    assert entry.is_due().is_due


@pytest.mark.parametrize(("zone", "hour"), [("UTC", 3), ("Asia/Bangkok", 10), ("America/New_York", 22)])
def test_the_schedule_of_a_database_is_due_at_its_hour(clock: Clock, zone: str, hour: int) -> None:
    day = 6 if zone == "America/New_York" else 0
    database = scheduled(f"0 {hour} * * {day}", zone)
    clock.now = DUE - timedelta(seconds=1)
    scheduler = beat()
    assert not find(scheduler, database).is_due().is_due
    assert find(scheduler, database).is_due().next <= 61
    clock.now = DUE
    assert find(scheduler, database).is_due().is_due


def test_after_a_run_it_is_due_a_week_later(clock: Clock) -> None:
    entry = find(beat(), scheduled())
    entry.last_run_at = DUE
    clock.now = DUE + timedelta(hours=1)
    assert not entry.is_due().is_due
    clock.now = DUE + timedelta(weeks=1)
    assert entry.is_due().is_due


def test_beat_that_starts_late_makes_up_for_the_run(clock: Clock) -> None:
    database = scheduled()
    clock.now = DUE + timedelta(days=2)
    assert find(beat(), database).is_due().is_due


def test_what_it_sends_fits_the_task(clock: Clock) -> None:
    database = scheduled()
    entry = find(beat(), database)
    assert entry.task == TASK
    task = current_app.tasks[entry.task]
    bound = inspect.signature(task.run).bind(*entry.args, **entry.kwargs)
    assert bound.arguments == {"pk": database.pk, "since": "2026-11-19T03:00:00+00:00"}
    task(*entry.args, **entry.kwargs)


def test_a_change_is_taken_up_while_beat_runs(clock: Clock) -> None:
    database = scheduled()
    scheduler = beat()
    assert not scheduler.schedule_changed()
    scheduled("0 4 * * 0")
    assert find(scheduler, database).schedule.hour == {4}
    Database.objects.update(host="db1.example.org")
    keep_schedules(now=DUE)
    assert TASK not in {entry.task for entry in scheduler.schedule.values()}
