"""Every database that Debrief tests has a schedule that beat knows of."""

from datetime import UTC, datetime, timedelta

import pytest
from django_celery_beat.models import CrontabSchedule, PeriodicTask, PeriodicTasks

from recovery.errors import RecoveryError
from recovery.models import Alarm, Database
from recovery.services.alarms import open_alarm, points_subject, replica_subject
from recovery.services.schedules import (
    TASK,
    give_default_schedule,
    keep_schedules,
    next_run,
    read_cron,
    schedule_in_words,
    set_schedule,
)
from recovery.services.timetable import make_default_cron
from tests.factories import NOW, make_database, make_replica

pytestmark = pytest.mark.django_db


def scheduled(database: Database, cron: str = "0 3 * * 0", *, is_enabled: bool = True, zone: str = "UTC") -> Database:
    return set_schedule(database, cron=cron, timezone=zone, is_enabled=is_enabled, sampled_points=3, now=NOW)


def test_a_schedule_calls_the_task_with_the_database() -> None:
    database = scheduled(make_database(), zone="Asia/Bangkok")
    task = PeriodicTask.objects.get()
    assert (database.schedule, database.sampled_points) == (task, 3)
    assert (task.task, task.args, task.enabled) == (TASK, f"[{database.pk}]", True)
    assert task.kwargs == '{"since": "2026-11-22T12:00:00+00:00"}'
    assert next_run(database, NOW) == datetime(2026, 11, 28, 20, 0, tzinfo=UTC)
    assert schedule_in_words(database) == "At 03:00, only on Sunday (Asia/Bangkok)"
    assert read_cron(database) == ("0 3 * * 0", "Asia/Bangkok")


def test_a_new_schedule_takes_the_place_of_the_old_one_and_misses_nothing() -> None:
    database = scheduled(make_database())
    later = NOW + timedelta(days=3)
    database = set_schedule(database, cron="0 * * * *", timezone="UTC", is_enabled=True, sampled_points=0, now=later)
    task = PeriodicTask.objects.get()
    assert (task.last_run_at, database.sampled_points) == (later, 0)
    assert "2026-11-25" in task.kwargs
    assert next_run(database, later) == later + timedelta(hours=1)


def test_beat_is_told_of_each_change() -> None:
    def changed() -> datetime:
        found = PeriodicTasks.last_change()
        assert isinstance(found, datetime)
        return found

    database = scheduled(make_database())
    first = changed()
    scheduled(database, "0 4 * * 0")
    second = changed()
    assert second > first
    Database.objects.update(host="db1.example.org")
    keep_schedules(now=NOW)
    assert changed() > second


def test_a_schedule_that_is_off_has_no_next_run() -> None:
    database = scheduled(make_database(), is_enabled=False)
    assert next_run(database, NOW) is None
    assert schedule_in_words(database) == ""
    keep_schedules(now=NOW)
    database.refresh_from_db()
    assert database.schedule is not None
    assert not database.schedule.enabled


def test_two_databases_share_the_row_of_a_time_and_not_the_task() -> None:
    one, other = (scheduled(make_database(name)) for name in ("one", "other"))
    assert CrontabSchedule.objects.filter(hour="3").count() == 1
    assert one.schedule != other.schedule


def test_a_bad_expression_changes_nothing() -> None:
    database = scheduled(make_database())
    with pytest.raises(RecoveryError, match="five fields"):
        scheduled(database, "weekly")
    assert read_cron(Database.objects.get())[0] == "0 3 * * 0"


def test_the_default_is_weekly_and_given_once() -> None:
    database = give_default_schedule(make_database("app"), now=NOW)
    assert read_cron(database) == (make_default_cron("app"), "UTC")
    assert (database.sampled_points, database.schedule and database.schedule.enabled) == (2, True)
    scheduled(database)
    assert read_cron(give_default_schedule(Database.objects.get(), now=NOW))[0] == "0 3 * * 0"


def test_databases_without_a_schedule_are_given_one_but_for_those_that_are_tested_elsewhere_or_not_at_all() -> None:
    make_database("here")
    make_database("there", host="db1.example.org")
    make_database("shown", is_demonstration=True)
    keep_schedules(now=NOW)
    keep_schedules(now=NOW)
    assert [database.name for database in Database.objects.filter(schedule__isnull=False)] == ["here"]
    assert PeriodicTask.objects.filter(task=TASK).count() == 1


def test_the_schedule_goes_with_its_database() -> None:
    PeriodicTask.objects.create(
        name="somebody else's", task="other.task", crontab=CrontabSchedule.objects.create(hour="1")
    )
    scheduled(make_database()).delete()
    keep_schedules(now=NOW)
    assert [task.name for task in PeriodicTask.objects.all()] == ["somebody else's"]


def test_the_schedule_stays_when_its_database_is_renamed() -> None:
    database = scheduled(make_database("old"))
    Database.objects.update(name="new")
    keep_schedules(now=NOW)
    assert Database.objects.get().schedule == database.schedule
    scheduled(make_database("old"))


def test_a_database_that_has_moved_to_a_host_of_its_own_loses_its_schedule() -> None:
    scheduled(make_database())
    Database.objects.update(host="db1.example.org")
    keep_schedules(now=NOW)
    assert Database.objects.get().schedule is None
    with pytest.raises(RecoveryError, match="No replica of this database is reached"):
        scheduled(Database.objects.get())


def test_the_default_leaves_alone_what_was_set_meanwhile() -> None:
    stale = make_database()
    scheduled(stale, "0 * * * *")
    database = give_default_schedule(stale, now=NOW)
    assert read_cron(database) == ("0 * * * *", "UTC")


@pytest.mark.parametrize(("is_enabled", "points"), [(False, 2), (True, 0)])
def test_an_alarm_about_sampled_points_ends_with_the_sampling(is_enabled: bool, points: int) -> None:
    replica = make_replica()
    facts = {"database": replica.database, "replica": replica, "reason": "RT-1 did not pass.", "now": NOW}
    for subject in (points_subject(replica), replica_subject(replica)):
        open_alarm(Alarm.Kind.FAILED, subject=subject, **facts)
    scheduled(replica.database)
    assert Alarm.objects.filter(closed_at=None).count() == 2
    set_schedule(
        replica.database, cron="0 * * * *", timezone="UTC", is_enabled=is_enabled, sampled_points=points, now=NOW
    )
    assert Alarm.objects.get(closed_at=None).subject == replica_subject(replica)
