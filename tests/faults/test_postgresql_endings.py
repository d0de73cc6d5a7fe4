"""A restore test of a standby that must stop stops, tells no secret and harms nobody."""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from recovery.errors import RestoreInconclusive, RestoreTimedOut
from recovery.methods import postgresql_asking
from recovery.methods.inspection import Question
from tests.faults.postgresql import (
    ALL_ROWS,
    AS_SOMEBODY,
    NOBODY,
    PASSWORD,
    ROWS,
    Pair,
    check_nothing_left,
    processes_in,
    wait_until,
)
from tests.faults.processes import commands_about

pytestmark = pytest.mark.xdist_group("postgresql_streaming")
ROOT = Path(__file__).parents[2]
WORKER = """
import os, sys
import django; django.setup()  # messages are translated
from pathlib import Path
from recovery.methods.inspection import Question
from tests.faults.postgresql import Machine, Pair
folder, port, sql = Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
machine = Machine(folder, port)
pair = Pair(machine, machine, folder / "scratch")
outcome = pair.restore_test(pair.backup(primary_dsn=None), questions=(Question("key", "scalar", sql=sql, seconds=300),))
print(os.geteuid(), outcome.found.integrity.is_ok, outcome.found.row_counts["users"])
"""


class StopError(Exception):
    pass


def test_a_server_that_is_silent_is_left(pair: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        dsn = f"host=127.0.0.1 port={silent.getsockname()[1]} user=debrief dbname=postgres"
        with pytest.raises(RestoreTimedOut):
            pair.restore_test(pair.backup(standby_dsn=dsn), seconds=1)
        monkeypatch.setattr(postgresql_asking, "ANSWER_SECONDS", 1)
        with pytest.raises(RestoreInconclusive, match="gave no answer within 1 seconds"):
            pair.restore_test(pair.backup(standby_dsn=dsn))
    with pytest.raises(RestoreInconclusive, match="cannot be reached"):
        pair.restore_test(pair.backup(standby_dsn=dsn))


def test_a_test_that_is_stopped_leaves_nothing(pair: Pair) -> None:
    for wanted in ("pg_basebackup", "bin/postgres -D"):

        def stop(word: str = wanted) -> None:
            if any(word in command for command in commands_about(pair.scratch)):
                raise StopError

        slow = (Question("slow", "scalar", sql="SELECT count(*) FROM generate_series(1, 10000000000)", seconds=99),)
        with pytest.raises(StopError):
            pair.restore_test(on_tick=stop, questions=slow)
        check_nothing_left(pair)


def test_the_deadline_ends_a_query_that_does_not(pair: Pair) -> None:
    slow = (Question("slow", "scalar", sql="SELECT count(*) FROM generate_series(1, 10000000000)", seconds=99),)
    with pytest.raises(RestoreTimedOut):
        pair.restore_test(seconds=6, questions=slow)


def test_more_than_the_quota_is_not_copied(pair: Pair) -> None:
    with pytest.raises(RestoreInconclusive, match="larger than the"):
        pair.restore_test(quota=20_000_000)


def test_secrets_are_in_no_command_line_and_no_environment(pair: Pair) -> None:
    seen: set[bytes] = set()
    is_over = threading.Event()

    def watch() -> None:
        while not is_over.is_set():
            for entry in Path("/proc").glob("[0-9]*"):
                for name in ("cmdline", "environ"):
                    try:
                        seen.add((entry / name).read_bytes())
                    except OSError:
                        continue

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        outcome = pair.restore_test()
    finally:
        is_over.set()
        watcher.join()
    assert any(b"pg_basebackup" in text for text in seen)
    assert not [text for text in seen if PASSWORD.encode() in text and str(pair.scratch).encode() in text]
    assert PASSWORD not in repr(outcome) + repr(pair.backup())


def test_the_primary_and_the_standby_are_unharmed(pair: Pair) -> None:
    slots = "SELECT slot_name, active FROM pg_replication_slots"
    files = sorted(str(path) for path in pair.standby.data.glob("*"))
    before = pair.primary.digest()
    pair.restore_test()
    assert pair.primary.execute(slots) == [("standby", True)]
    assert pair.primary.execute("SELECT count(*) FROM users") == [(ROWS,)]
    assert pair.primary.digest() == before
    assert sorted(str(path) for path in pair.standby.data.glob("*")) == files
    assert not list(pair.scratch.glob("**/archived"))


def test_a_scratch_folder_with_a_long_path_works(pair: Pair) -> None:
    long = pair.scratch / ("x" * 120)
    long.mkdir(mode=0o700)
    found = Pair(pair.primary, pair.standby, long).restore_test().found
    assert (found.row_counts, found.integrity.is_ok) == (ALL_ROWS, True)
    long.rmdir()


def run_worker(pair: Pair, sql: str, prefix: list[str]) -> subprocess.Popen[str]:
    arguments = [str(pair.scratch.parent), str(pair.standby.port), sql]
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "tests.settings",
        "HOME": "/tmp",
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    environment.pop("DEBRIEF_DATA_DIR", None)
    command = [*prefix, sys.executable, "-c", WORKER, *arguments]
    return subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def test_an_unprivileged_user_can_run_it(pair: Pair) -> None:
    if AS_SOMEBODY:
        os.chown(pair.scratch, NOBODY, NOBODY)
    try:
        said, problem = run_worker(pair, "SELECT 1", AS_SOMEBODY).communicate()
    finally:
        os.chown(pair.scratch, os.geteuid(), os.getegid())
    assert said.split() == [str(NOBODY if AS_SOMEBODY else os.geteuid()), "True", str(ROWS)], problem


def test_a_worker_killed_outright_takes_the_server_with_it(pair: Pair) -> None:
    worker = run_worker(pair, "SELECT count(*) FROM generate_series(1, 10000000000)", [])
    try:
        # In the server: psql asks the standby before there is one.
        wait_until(lambda: any(re.match("postgres: .*SELECT", command) for command in processes_in(pair.scratch)))
        # Memory there would outlive a server that is killed.
        assert "/dev/shm/" not in "".join(processes_in(pair.scratch, "maps"))
    finally:
        worker.send_signal(signal.SIGKILL)
        worker.communicate()
    wait_until(lambda: processes_in(pair.scratch) == [])
    assert commands_about(pair.scratch) == []
    for folder in pair.scratch.iterdir():
        shutil.rmtree(folder)
