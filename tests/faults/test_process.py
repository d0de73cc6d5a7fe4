"""What a tool may do while it runs, tried with the system's own tools."""

import json
import os
import sys
from pathlib import Path

import pytest

from recovery.errors import RestoreInconclusive, RestoreTimedOut
from recovery.methods.capture import LOG_TAIL_BYTES
from recovery.methods.deadline import Deadline
from recovery.methods.process import STDOUT_LIMIT, Bounds, Finished, run
from tests.faults.processes import commands_about, wait_for_commands

SH = "/bin/sh"
SELF = """
import json, os, sys
print(json.dumps({"environment": sorted(os.environ), "group": os.getpgid(0), "session": os.getsid(0), "id": os.getpid(),
                  "folder": os.getcwd(), "input": sys.stdin.read(), "open": os.listdir("/proc/self/fd")}))
"""


def run_for(seconds: float, folder: Path, *command: str, quota: int | None = None) -> Finished:
    return run(command, Bounds(folder=folder, deadline=Deadline(seconds), quota_bytes=quota))


def test_a_tool_sees_only_what_it_is_given(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_CA_BUNDLE", "/nowhere")
    seen = json.loads(run_for(30, tmp_path, sys.executable, "-I", "-c", SELF).stdout)
    assert set(seen["environment"]) <= {"AWS_EC2_METADATA_DISABLED", "HOME", "LANG", "LC_CTYPE", "PATH", "TMPDIR"}
    assert seen["group"] == seen["session"] == seen["id"] != os.getpgid(0)
    assert seen["folder"] == str(tmp_path)
    assert seen["input"] == ""
    # Its three pipes, and the one that lists them.
    assert len(seen["open"]) == 4


def test_the_exit_code_and_the_log_are_kept(tmp_path: Path) -> None:
    finished = run_for(30, tmp_path, SH, "-c", "echo out; echo 'Error: \033[1mbad\033[0m' >&2; exit 3")
    assert (finished.exit_code, finished.stdout, finished.log_tail) == (3, b"out\n", "Error: bad")
    assert run_for(30, tmp_path, SH, "-c", "kill -SEGV $$").exit_code == -11


def test_a_file_is_private_and_no_larger_than_the_quota(tmp_path: Path) -> None:
    finished = run_for(30, tmp_path, SH, "-c", "head -c 5000 /dev/zero > file", quota=1000)
    assert finished.exit_code != 0
    assert (tmp_path / "file").stat().st_size == 1000
    assert (tmp_path / "file").stat().st_mode & 0o777 == 0o600


def test_a_flood_of_output_takes_bounded_memory_and_ends_at_the_deadline(tmp_path: Path) -> None:
    with pytest.raises(RestoreTimedOut):
        run_for(1, tmp_path, SH, "-c", "yes & yes >&2")
    script = f"head -c {STDOUT_LIMIT + 999} /dev/zero; yes | head -c 999999 >&2"
    finished = run_for(60, tmp_path, SH, "-c", script)
    assert len(finished.stdout) == STDOUT_LIMIT
    assert len(finished.log_tail) <= LOG_TAIL_BYTES


def test_a_tool_deaf_to_the_first_signal_and_its_children_are_ended(tmp_path: Path) -> None:
    script = f"trap '' TERM; ( sleep 99; echo {tmp_path} ) & sleep 99; sleep 99"
    with pytest.raises(RestoreTimedOut, match="Allow it more time"):
        run_for(0.5, tmp_path, SH, "-c", script)
    assert wait_for_commands(tmp_path, "sleep", wanted=False)


def test_what_a_tool_leaves_running_is_ended_and_not_waited_for(tmp_path: Path) -> None:
    finished = run_for(60, tmp_path, SH, "-c", f"sh -c 'sleep 99; echo {tmp_path}' & echo done")
    assert finished.stdout == b"done\n"
    assert wait_for_commands(tmp_path, "sleep", wanted=False)
    assert commands_about(tmp_path) == []


def test_a_tool_that_cannot_be_run_is_inconclusive(tmp_path: Path) -> None:
    (tmp_path / "tool").write_text("no program")
    for path in (tmp_path / "tool", tmp_path / "gone"):
        with pytest.raises(RestoreInconclusive, match="not installed or may not be run"):
            run_for(30, tmp_path, str(path))
    with pytest.raises(RestoreInconclusive, match="could not be started"):
        run_for(30, tmp_path / "gone", SH)


def test_nothing_is_started_after_the_deadline(tmp_path: Path) -> None:
    with pytest.raises(RestoreTimedOut):
        run_for(0, tmp_path, SH, "-c", "touch started")
    assert list(tmp_path.iterdir()) == []
