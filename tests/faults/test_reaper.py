"""A worker killed outright in the middle of a restore: its test is ended, its scratch removed, another can run."""

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as current
from pytest_django import Settings

from recovery.models import Replica, RestoreTest
from recovery.services.restore_tests import SILENCE
from tests.faults.backup import Backup
from tests.faults.processes import commands_about, wait_for_commands
from tests.recovery.management.installation import ROOT, Installation
from tests.recovery.runs import reason_of, run

Stuck = Callable[[Path], AbstractContextManager[None]]
REGISTER = """
from recovery.models import Database, Replica
database = Database.objects.create(name="shop", path={source!r})
Replica.objects.create(database=database, name="local", destination={destination!r})
"""
SWEEP = """
import json
from datetime import timedelta
from django.utils import timezone
from recovery.models import RestoreTest, TestRecord
from recovery.services.restore_tests import sweep_restore_tests
{before}
sweep_restore_tests(now=timezone.now() + timedelta(seconds={later}))
test = RestoreTest.objects.order_by("number").last()
records = TestRecord.objects.filter(restore_test=test).count()
print(json.dumps(dict(status=test.status, checks=test.checks, number=test.number, records=records)))
"""
# As when the machine went down before the worker could be heard of.
UNHEARD = "RestoreTest.objects.update(heartbeat_at=None, started_at=timezone.now() - timedelta(hours=1))"


@pytest.fixture(scope="module")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    data = tmp_path_factory.mktemp("migrated")
    assert Installation(data).manage("migrate", "-v0").code == 0
    return data


@pytest.fixture
def installation(migrated: Path, backup: Backup) -> Installation:
    """An installation of its own, with its workers in other processes, that knows the healthy replica."""
    data = backup.folder / "data"
    shutil.copytree(migrated, data)
    installation = Installation(data)
    places = {"source": str(backup.source), "destination": str(backup.replica.path)}
    run_script(installation, REGISTER.format(**places))
    return installation


def run_script(installation: Installation, script: str) -> str:
    done = installation.manage("shell", "-v0", "-c", script)
    assert done.code == 0, done.err
    return done.out


def sweep(installation: Installation, *, later: int, before: str = "") -> dict[str, Any]:
    """What a sweep so many seconds from now leaves of the newest test."""
    found: dict[str, Any] = json.loads(run_script(installation, SWEEP.format(later=later, before=before)))
    return found


def scratch_of(installation: Installation) -> list[str]:
    return sorted(path.name for path in (installation.data / "scratch").glob("*"))


@contextmanager
def killed(installation: Installation, backup: Backup, stuck: Stuck) -> Iterator[None]:
    """A worker of its own was killed while the restore it had begun was waiting for the disk."""
    environment = {
        **os.environ,
        "DEBRIEF_DATA_DIR": str(installation.data),
        "DJANGO_SETTINGS_MODULE": "config.settings",
    }
    command = [sys.executable, "manage.py", "restore_test", "shop"]
    with stuck(backup.files()[-1]):
        with subprocess.Popen(command, cwd=ROOT, env=environment, stderr=subprocess.DEVNULL) as worker:
            try:
                assert wait_for_commands(backup.folder, "-json -o", wanted=True)
                assert scratch_of(installation)
            finally:
                worker.send_signal(signal.SIGKILL)
        assert wait_for_commands(backup.folder, "litestream", wanted=False)
    yield


def check_over(installation: Installation, backup: Backup, found: dict[str, Any]) -> None:
    """The test has ended and is on record, nothing of it is left, and the next one passes."""
    (check,) = found["checks"]
    assert (found["status"], found["records"]) == ("inconclusive", 1)
    assert check["message"] == "The worker stopped midway, so nothing can be said. Run the test again."
    assert scratch_of(installation) == []
    assert commands_about(backup.folder) == []
    again = installation.manage("restore_test", "shop", "--json")
    assert (again.code, json.loads(again.out)["status"]) == (0, "passed")
    assert scratch_of(installation) == []
    assert installation.manage("evidence_verify").code == 0


def test_a_worker_killed_in_the_middle_of_a_restore(installation: Installation, backup: Backup, stuck: Stuck) -> None:
    before = backup.digest()
    with killed(installation, backup, stuck):
        # It may still be alive: nothing is taken away from it, and nobody else tests the replica.
        assert sweep(installation, later=0)["status"] == "running"
        (folder,) = scratch_of(installation)
        assert folder.startswith("RT-")
        refused = installation.manage("restore_test", "shop")
        assert refused.code == 2
        assert "has not finished yet" in refused.err
    check_over(installation, backup, sweep(installation, later=int(SILENCE.total_seconds()) + 1))
    assert backup.digest() == before


def test_a_machine_that_went_down_in_the_middle_of_a_restore(
    installation: Installation, backup: Backup, stuck: Stuck
) -> None:
    with killed(installation, backup, stuck):
        pass
    check_over(installation, backup, sweep(installation, later=0, before=UNHEARD))


def test_the_reaper_comes_within_two_minutes() -> None:
    every = {entry["task"]: entry["schedule"] for entry in current.CELERY_BEAT_SCHEDULE.values()}
    assert float(every["recovery.tasks.sweep_restore_tests"]) + SILENCE.total_seconds() < 120


def test_a_quota_that_is_too_small_is_said_before_anything_is_fetched(
    replica: Replica, backup: Backup, settings: Settings, stuck: Stuck
) -> None:
    settings.SCRATCH_QUOTA = 100_000
    # What would be fetched would have to wait.
    with stuck(backup.files()[1]):
        test = run(replica)
    assert test.status == RestoreTest.Status.INCONCLUSIVE
    assert "a restore test may write 100.0 kB here. Allow restore tests more space." in reason_of(test)
    assert (set(test.phases), test.bytes_done) == ({"plan"}, 0)


def test_a_scratch_disk_without_room_is_said_before_anything_is_fetched(
    replica: Replica, backup: Backup, monkeypatch: pytest.MonkeyPatch, stuck: Stuck
) -> None:
    usage = shutil.disk_usage(backup.scratch)
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: usage._replace(free=1_000_000))
    with stuck(backup.files()[1]):
        test = run(replica)
    assert test.status == RestoreTest.Status.INCONCLUSIVE
    assert "has 1.0 MB left. Free space there, or move the scratch folder to a larger disk." in reason_of(test)
    assert set(test.phases) == {"plan"}
