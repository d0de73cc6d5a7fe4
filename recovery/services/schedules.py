"""When each database's restore tests come round: rows of django-celery-beat, which beat reads."""

import json
from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _
from django_celery_beat.models import CrontabSchedule, PeriodicTask

from recovery.errors import RecoveryError
from recovery.models import Alarm, Database
from recovery.queries import is_tested_here, list_tested_databases
from recovery.services.alarms import close_alarm, points_subject
from recovery.services.timetable import VALIDATORS, describe_cron, make_default_cron, next_after, parse_cron

TASK = "recovery.tasks.start_scheduled_tests"


@transaction.atomic
def set_schedule(
    database: Database, *, cron: str, timezone: str, is_enabled: bool, sampled_points: int, now: datetime
) -> Database:
    """The database's tests start whenever `cron` comes round in `timezone`, or never where not enabled.

    What the schedule would have asked for before now is not missed. Raises RecoveryError.
    """
    fields = parse_cron(cron)
    database = Database.objects.select_for_update().get(pk=database.pk)
    if not is_tested_here(database):
        raise RecoveryError(_("No replica of this database is reached from here, so there is nothing to schedule."))
    task = database.schedule or PeriodicTask(name=f"restore-tests-of-database-{database.pk}", task=TASK)
    task.crontab = _find_crontab(fields, timezone)
    task.args = json.dumps([database.pk])
    # In the message, so that a run knows from when on it answers for what was not run.
    task.kwargs = json.dumps({"since": now.isoformat()})
    # Without it beat would hold that the new times have been missed since the old ones ran.
    task.enabled, task.last_run_at = is_enabled, now
    task.save()
    database.schedule, database.sampled_points = task, sampled_points
    database.save(update_fields=["schedule", "sampled_points", "updated_at"])
    if not (is_enabled and sampled_points):
        _close_points_alarms(database, now)
    return database


@transaction.atomic
def give_default_schedule(database: Database, *, now: datetime) -> Database:
    """Once a week by night; a database that has a schedule, or can have none, stays as it is."""
    # Somebody may have set one since it was read.
    database = Database.objects.select_for_update().get(pk=database.pk)
    if database.schedule_id or not is_tested_here(database):
        return database
    return set_schedule(
        database,
        cron=make_default_cron(database.name),
        timezone=settings.TIME_ZONE,
        is_enabled=True,
        sampled_points=database.sampled_points,
        now=now,
    )


def keep_schedules(*, now: datetime) -> None:
    """Every database that Debrief tests has a schedule, no other one has, and none is left of those that are gone."""
    for database in list_tested_databases().filter(schedule=None):
        give_default_schedule(database, now=now)
    with transaction.atomic():
        kept = list_tested_databases().filter(schedule__isnull=False).values("schedule")
        # One by one: deleting through the rows themselves is what tells beat of the change.
        for task in PeriodicTask.objects.filter(task=TASK).exclude(pk__in=kept):
            task.delete()


def next_run(database: Database, now: datetime) -> datetime | None:
    """When the next scheduled tests start (UTC); None without a schedule that is on. Asks nothing if it is loaded."""
    task = database.schedule
    if task is None or not task.enabled or task.crontab is None:
        return None
    return next_after(task.crontab.schedule, now)


def read_cron(database: Database) -> tuple[str, str]:
    """The database's cron expression and timezone; those of the default where there is no schedule yet."""
    if database.schedule is None or database.schedule.crontab is None:
        return make_default_cron(database.name), settings.TIME_ZONE
    crontab = database.schedule.crontab
    return " ".join(getattr(crontab, name) for name in VALIDATORS), str(crontab.timezone)


def schedule_in_words(database: Database) -> str:
    """Such as “At 03:00, only on Sunday (UTC)”; empty without a schedule that is on."""
    if database.schedule is None or not database.schedule.enabled:
        return ""
    cron, timezone = read_cron(database)
    return f"{describe_cron(dict(zip(VALIDATORS, cron.split(), strict=True)))} ({timezone})"


def _close_points_alarms(database: Database, now: datetime) -> None:
    """Only a schedule's next samples would end them, and there are none."""
    reason = _("No points in time are sampled any more.")
    for replica in database.replicas.all():
        close_alarm(Alarm.Kind.FAILED, subject=points_subject(replica), reason=reason, now=now)


def _find_crontab(fields: dict[str, str], timezone: str) -> CrontabSchedule:
    zone = ZoneInfo(timezone)
    # Nothing keeps two rows from being alike, so the first one is as good as any.
    found = CrontabSchedule.objects.filter(**fields, timezone=zone).first()
    return found or CrontabSchedule.objects.create(**fields, timezone=zone)
