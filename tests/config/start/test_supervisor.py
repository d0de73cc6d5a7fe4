"""How servers that do not behave are brought to an end."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
RUN = """
import os, sys
from config.start.supervisor import Supervisor
commands = dict(line.split(": ", 1) for line in sys.argv[1:])
print("ready", flush=True)
print(Supervisor(commands, environment=os.environ, folder="/").run(each_turn=lambda supervisor: None))
"""
# Leaves a daemon in a session of its own, as a database server under test is, and ignores the request to stop.
STUBBORN = "trap '' TERM; setsid sh -c 'echo $$ > daemon; sleep 600 & wait' & echo up; while :; do sleep 0.1; done"


def supervise(folder: Path, *lines: str) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-c", RUN, *(line.replace("daemon", str(folder / "daemon")) for line in lines)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def is_there(pid: int) -> bool:
    return Path(f"/proc/{pid}").exists()


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_servers_that_ignore_the_request_and_their_daemons_are_killed(tmp_path: Path, number: signal.Signals) -> None:
    with supervise(tmp_path, f"web: {STUBBORN}", "litestream: trap '' TERM; while :; do sleep 0.1; done") as process:
        assert process.stdout
        while "up" not in process.stdout.readline():
            pass
        while not (tmp_path / "daemon").exists() or not (tmp_path / "daemon").read_text():
            time.sleep(0.05)
        asked_at = time.monotonic()
        process.send_signal(number)
        if number == signal.SIGINT:
            time.sleep(0.5)
            process.send_signal(number)
        assert process.stdout.read().splitlines()[-1] == "None"
        took = time.monotonic() - asked_at
    daemon = int((tmp_path / "daemon").read_text())
    assert not is_there(daemon)
    # Who asks twice does not wait for the patience to end.
    assert took < (3 if number == signal.SIGINT else 10)


def test_the_first_server_to_end_is_named(tmp_path: Path) -> None:
    with supervise(tmp_path, "web: echo no such file; exit 3", "redis: exec sleep 600") as process:
        assert process.stdout
        said = process.stdout.read()
    assert "web   | no such file" in said
    assert (
        said.splitlines()[-1]
        == "web ended with exit code 3, so everything else was stopped, too: its last lines say why."
    )


def test_a_worker_that_was_killed_is_started_again_until_it_is_hopeless(tmp_path: Path) -> None:
    starts = tmp_path / "starts"
    with supervise(tmp_path, f"worker: echo up >> {starts}; kill -9 $$", "web: exec sleep 600") as process:
        assert process.stdout
        said = process.stdout.read()
    assert starts.read_text() == "up\n" * 4
    assert said.count("worker was killed by SIGKILL; starting it again") == 3
    last = "worker was killed by SIGKILL, so everything else was stopped, too: its last lines say why."
    assert said.splitlines()[-1] == last


def test_kill_9_ends_the_servers_too(tmp_path: Path) -> None:
    with supervise(tmp_path, "web: echo $$ > daemon; exec sleep 600") as process:
        while not (tmp_path / "daemon").exists() or not (tmp_path / "daemon").read_text():
            time.sleep(0.05)
        # The guard starts right after the servers.
        time.sleep(0.5)
        os.kill(process.pid, signal.SIGKILL)
        give_up_at = time.monotonic() + 5
        server = int((tmp_path / "daemon").read_text())
        while is_there(server) and time.monotonic() < give_up_at:
            time.sleep(0.05)
        assert not is_there(server)
