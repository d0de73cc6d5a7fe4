"""What the worker does for this app."""

from datetime import datetime

from celery import shared_task
from django.utils import timezone

from recovery.services import (
    evidence_files,
    example,
    lapses,
    restore_runs,
    restore_tests,
    scheduled_tests,
    schedules,
    thinning,
    watch,
)


@shared_task(ignore_result=True)
def run_pending_restore_test(_number: int) -> None:
    """The most urgent restore test, which need not be the one that was told of; its own deadline ends it."""
    restore_runs.run_restore_test(None, now=timezone.now())


@shared_task(ignore_result=True)
def sweep_restore_tests() -> None:
    """Tests nobody was told of, and tests whose worker died."""
    restore_tests.sweep_restore_tests(now=timezone.now())


@shared_task(ignore_result=True)
def build_example_database(pk: int) -> None:
    """The example's database and replica."""
    example.build_example_database(pk)


@shared_task(ignore_result=True)
def start_scheduled_tests(pk: int, since: str) -> None:
    """The tests of one database whose schedule has come round; `since` is when the schedule was set (ISO 8601)."""
    scheduled_tests.start_scheduled_tests(pk, since=datetime.fromisoformat(since), now=timezone.now())


@shared_task(ignore_result=True)
def keep_schedules() -> None:
    """A schedule for every database that is to have one."""
    schedules.keep_schedules(now=timezone.now())


@shared_task(ignore_result=True)
def watch_replicas() -> None:
    """Lag, size and disks, as they are this minute."""
    watch.watch_replicas(now=timezone.now())


@shared_task(ignore_result=True)
def check_lapses() -> None:
    """Databases that have not been proven restorable for too long."""
    lapses.check_lapses(now=timezone.now())


@shared_task(ignore_result=True)
def thin_history() -> None:
    """The history of the watch, as long as it is kept."""
    thinning.thin_history(now=timezone.now())


@shared_task(ignore_result=True)
def sweep_evidence_files() -> None:
    """Files whose evidence was never written."""
    evidence_files.sweep_evidence_files(now=timezone.now())
