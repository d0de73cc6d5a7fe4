"""What becomes of tests whose messenger or worker was lost."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings as current
from pytest_django.fixtures import DjangoCaptureOnCommitCallbacks, Settings

from recovery.models import Replica, RestoreTest
from recovery.services import example
from recovery.services.restore_tests import TASK, create_restore_test, sweep_restore_tests
from tests.factories import NOW, make_database, make_replica, make_restore_test
from tests.recovery.messages import drain

pytestmark = pytest.mark.django_db
Capture = DjangoCaptureOnCommitCallbacks


@pytest.fixture(autouse=True)
def scratch(tmp_path: Path, settings: Settings) -> Path:
    settings.SCRATCH_DIR = tmp_path
    return tmp_path


def make_scratch(test: RestoreTest) -> Path:
    folder = Path(current.SCRATCH_DIR) / f"{test.reference}--x7k2"
    folder.mkdir()
    (folder / "restored.db").write_bytes(b"half a database")
    return folder


def sent_by_sweep(capture: Capture) -> list[tuple[str, list[int]]]:
    with capture(execute=True):
        sweep_restore_tests(now=NOW)
    return [*drain("restores"), *drain("default")]


def test_a_test_whose_worker_died_ends_and_its_scratch_goes(django_capture_on_commit_callbacks: Capture) -> None:
    dead = make_restore_test(status="running", started_at=NOW, heartbeat_at=NOW - timedelta(seconds=61))
    folder = make_scratch(dead)
    assert sent_by_sweep(django_capture_on_commit_callbacks) == []
    dead.refresh_from_db()
    assert (dead.status, dead.finished_at) == (RestoreTest.Status.INCONCLUSIVE, NOW)
    assert dead.reasons == ["The worker stopped midway, so nothing can be said. Run the test again."]
    assert not folder.exists()
    create_restore_test(dead.replica, actor=None, now=NOW)


def test_a_test_that_is_heard_of_goes_on() -> None:
    alive = make_restore_test(status="running", heartbeat_at=NOW - timedelta(seconds=60))
    folder = make_scratch(alive)
    sweep_restore_tests(now=NOW)
    alive.refresh_from_db()
    assert alive.status == RestoreTest.Status.RUNNING
    assert (folder / "restored.db").exists()


def test_a_finished_test_keeps_its_row_and_not_its_scratch(scratch: Path) -> None:
    finished = make_restore_test()
    make_scratch(finished)
    (scratch / "somebody-elses").mkdir()
    before = RestoreTest.objects.values().get()
    sweep_restore_tests(now=NOW)
    assert RestoreTest.objects.values().get() == before
    assert [path.name for path in scratch.iterdir()] == ["somebody-elses"]


def test_a_forgotten_test_is_told_of_again(django_capture_on_commit_callbacks: Capture) -> None:
    forgotten = make_restore_test(status="pending", requested_at=NOW - timedelta(seconds=31))
    other = make_replica(forgotten.replica.database, name="other")
    make_restore_test(other, status="pending", requested_at=NOW - timedelta(seconds=29))
    assert sent_by_sweep(django_capture_on_commit_callbacks) == [(TASK, [forgotten.number])]


def test_a_forgotten_example_is_told_of_again(django_capture_on_commit_callbacks: Capture) -> None:
    forgotten = make_replica(status=Replica.Status.PREPARING)
    make_replica(make_database("ready"))
    make_replica(make_database("broken"), status=Replica.Status.BROKEN)
    Replica.objects.update(updated_at=NOW - timedelta(seconds=31))
    assert sent_by_sweep(django_capture_on_commit_callbacks) == [(example.TASK, [forgotten.pk])]
