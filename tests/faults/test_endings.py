"""A restore test that must stop stops, and leaves neither a process nor a file."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from recovery.errors import RestoreTimedOut
from recovery.methods.scratch import remove_abandoned
from tests.faults.backup import Backup
from tests.faults.processes import commands_about, wait_for_commands

ROOT = Path(__file__).parents[2]
Stuck = Callable[[Path], AbstractContextManager[None]]

WORKER = """
import sys
from pathlib import Path
from tests.faults.backup import Backup
backup = Backup(Path(sys.argv[1]))
backup.restore_test(seconds=300)
"""

SMALL_DISK = """
import subprocess, sys
import django; django.setup()  # messages are translated
from pathlib import Path
from recovery.errors import RestoreInconclusive
from tests.faults.backup import Backup
backup = Backup(Path(sys.argv[1]))
subprocess.run(["mount", "-t", "tmpfs", "-o", "size=256k,mode=700", "tmpfs", str(backup.scratch)], check=True)
for checks_room in (True, False):
    try:
        backup.restore_test(checks_room=checks_room)
    except RestoreInconclusive as error:
        print(error.message, error.log_tail, list(backup.scratch.iterdir()))
"""


class WorkerStoppedError(Exception):
    pass


def test_a_restore_that_hangs_ends_at_its_deadline(backup: Backup, stuck: Stuck) -> None:
    before = backup.digest()
    with stuck(backup.files()[-1]), pytest.raises(RestoreTimedOut, match=r"after 1\.5 seconds"):
        backup.restore_test(seconds=1.5)
    assert commands_about(backup.folder) == []
    assert list(backup.scratch.iterdir()) == []
    assert backup.digest() == before


def test_a_tick_that_raises_ends_the_restore(backup: Backup, stuck: Stuck) -> None:
    def stop() -> None:
        assert len(commands_about(backup.folder)) == 1
        raise WorkerStoppedError

    with stuck(backup.files()[-1]), pytest.raises(WorkerStoppedError):
        backup.restore_test(on_tick=stop)


def test_a_worker_killed_outright_takes_the_restore_with_it(backup: Backup, stuck: Stuck) -> None:
    with stuck(backup.files()[-1]):
        worker = subprocess.Popen([sys.executable, "-c", WORKER, str(backup.folder)], cwd=ROOT)
        try:
            # The dry run has no reason to wait, so the one that stays is the restore.
            assert wait_for_commands(backup.folder, "-json -o", wanted=True)
        finally:
            worker.send_signal(signal.SIGKILL)
            worker.wait()
        assert wait_for_commands(backup.folder, "litestream", wanted=False)
    assert remove_abandoned(backup.scratch, list_alive=set) == ["test-1"]


def test_a_full_disk_says_nothing_about_the_backup(backup: Backup) -> None:
    own_mounts = ["unshare", "--mount", *([] if os.geteuid() == 0 else ["--map-root-user"])]
    if subprocess.run([*own_mounts, "true"], check=False, capture_output=True).returncode:
        pytest.skip("This machine lets nobody mount a small disk.")
    script = [*own_mounts, sys.executable, "-c", SMALL_DISK, str(backup.folder)]
    said = subprocess.run(script, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    assert "Free space there, or move the scratch folder" in said
    assert "The scratch disk was full before the database was restored" in said
    assert "no space left on device" in said
    assert said.count("[]") == 2
