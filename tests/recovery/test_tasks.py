"""The worker's tasks: the names that others use for them, and what each does."""

from pathlib import Path

import pytest
from celery import current_app
from django.conf import settings as current
from pytest_django.fixtures import Settings

from recovery import tasks
from recovery.models import Replica, RestoreTest
from recovery.services import example, restore_tests
from tests.factories import make_restore_test


def test_every_name_a_task_is_sent_by_is_the_name_of_a_task() -> None:
    scheduled = [entry["task"] for entry in current.CELERY_BEAT_SCHEDULE.values()]
    names = {restore_tests.TASK, example.TASK, *current.CELERY_TASK_ROUTES, *scheduled}
    current_app.loader.import_default_modules()
    assert names <= set(current_app.tasks)


def test_the_names_are_those_of_the_tasks_meant() -> None:
    assert tasks.run_pending_restore_test.name == restore_tests.TASK
    assert tasks.build_example_database.name == example.TASK
    assert tasks.sweep_restore_tests.name in {entry["task"] for entry in current.CELERY_BEAT_SCHEDULE.values()}
    assert tasks.run_pending_restore_test.name in current.CELERY_TASK_ROUTES


def test_every_queue_has_a_worker() -> None:
    procfile = (Path(current.BASE_DIR) / "Procfile").read_text()
    queues = {route["queue"] for route in current.CELERY_TASK_ROUTES.values()} | {current.CELERY_TASK_DEFAULT_QUEUE}
    served = [line.split("--queues ")[1].split()[0] for line in procfile.splitlines() if "--queues " in line]
    assert sorted(",".join(served).split(",")) == sorted(queues)


def test_a_waiting_test_is_run(replica: Replica) -> None:
    waiting = RestoreTest.objects.create(replica=replica, requested_at="2026-01-01T00:00:00Z")
    tasks.run_pending_restore_test(waiting.number)
    waiting.refresh_from_db()
    assert waiting.status == RestoreTest.Status.PASSED


def test_the_sweep_ends_what_nobody_runs(db: None, tmp_path: Path, settings: Settings) -> None:
    settings.SCRATCH_DIR = tmp_path
    dead = make_restore_test(status="running", heartbeat_at="2026-01-01T00:00:00Z")
    tasks.sweep_restore_tests()
    dead.refresh_from_db()
    assert dead.status == RestoreTest.Status.INCONCLUSIVE


@pytest.mark.django_db
def test_an_example_that_is_ready_is_left_alone() -> None:
    replica = make_restore_test().replica
    before = Replica.objects.values().get()
    tasks.build_example_database(replica.pk)
    assert Replica.objects.values().get() == before
