"""`manage.py serve` as a person meets it: the real servers, in folders and on ports of their own."""

import http.cookiejar
import os
import re
import signal
import socket
import sqlite3
import stat
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
UP = "Debrief is running at"
PREPARING = ("Testing the PDF engine", "Bringing the database up to date", "Collecting the static files")
START_LIMIT, STOP_LIMIT, REFUSAL_LIMIT = 60.0, 10.0, 30.0

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("serve")]


def free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Installation:
    """One data folder and one port."""

    def __init__(self, data: Path, **variables: str) -> None:
        self.data, self.port = data, free_port()
        self.output = data.with_name(f"{data.name}.log")
        kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "TMPDIR") if name in os.environ}
        small = {"DEBRIEF_WEB_WORKERS": "1", "DEBRIEF_WORKER_CONCURRENCY": "1"}
        own = {"DEBRIEF_DATA_DIR": str(data), "DEBRIEF_PORT": str(self.port)}
        self.environment = kept | small | own | variables

    def launch(self) -> "subprocess.Popen[bytes]":
        with self.output.open("wb") as output:
            self.process = subprocess.Popen(
                [sys.executable, "manage.py", "serve"],
                cwd=ROOT,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        return self.process

    def start(self) -> "Installation":
        self.launch()
        self.wait_for(UP)
        return self

    def wait_for(self, words: str) -> None:
        give_up_at = time.monotonic() + START_LIMIT
        while words not in self.said:
            assert self.process.poll() is None, self.said
            assert time.monotonic() < give_up_at, self.said
            time.sleep(0.05)

    @property
    def said(self) -> str:
        return self.output.read_text(errors="replace")

    @property
    def link(self) -> str | None:
        found = re.search(r"^  (http://\S+/accounts/password/\S+)$", self.said, re.MULTILINE)
        return found[1] if found else None

    @property
    def secret(self) -> str:
        return (self.data / "keys" / "secret-key").read_text()

    def answers(self) -> bool:
        with urllib.request.urlopen(f"http://localhost:{self.port}/accounts/login/", timeout=10) as answer:
            return "csrfmiddlewaretoken" in answer.read().decode()

    def processes(self, *words: str) -> list[int]:
        """Whoever was started for this folder and is still there, however it is related to whom."""
        found = []
        for folder in Path("/proc").glob("[0-9]*"):
            with suppress(OSError):
                command = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
                # Redis writes its title over its environment; the title holds the socket's path.
                ours = f"DEBRIEF_DATA_DIR={self.data}\0".encode() in (folder / "environ").read_bytes()
                if (ours or f"{self.data}/" in command) and all(word in command for word in words):
                    found.append(int(folder.name))
        return found

    def stop(self, number: signal.Signals = signal.SIGINT) -> int:
        """Ask it to stop; the exit code, once nothing of it is left within the ten seconds that are promised."""
        give_up_at = time.monotonic() + STOP_LIMIT
        self.process.send_signal(number)
        code = self.process.wait(timeout=STOP_LIMIT)
        while self.processes() and time.monotonic() < give_up_at:
            time.sleep(0.05)
        assert self.processes() == []
        return code

    def kill(self) -> None:
        for pid in self.processes():
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self.process.wait()


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """An installation that has just been started for the first time."""
    installation = Installation(tmp_path_factory.mktemp("first") / "data")
    try:
        yield installation.start()
    finally:
        installation.kill()


@pytest.fixture
def installation(tmp_path: Path) -> Iterator[Installation]:
    installation = Installation(tmp_path / "data")
    try:
        yield installation
    finally:
        installation.kill()


def refusal(installation: Installation) -> str:
    """The one sentence with which the start was refused."""
    assert installation.launch().wait(timeout=REFUSAL_LIMIT) == 2, installation.said
    (sentence,) = installation.said.strip().splitlines()
    return sentence


def set_password(link: str | None, password: str) -> None:
    """Follow the link as a browser would and send its form."""
    assert link
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()))
    with browser.open(link, timeout=10) as answer:
        address, page = answer.url, answer.read().decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
    assert token, page
    form = {"csrfmiddlewaretoken": token[1], **dict.fromkeys(re.findall(r'name="(password\d)"', page), password)}
    with browser.open(address, urllib.parse.urlencode(form).encode(), timeout=10) as answer:
        assert answer.status == 200


def test_the_first_start_prepares_everything_and_ends_with_address_and_link(running: Installation) -> None:
    assert all(step in running.said for step in PREPARING)
    assert running.link
    address, _invitation, link, end = running.said[running.said.index(UP) :].splitlines()[:4]
    assert address == f"{UP} http://localhost:{running.port}/"
    assert link.strip() == running.link
    assert end == f"Its data is in {running.data}. Press Ctrl-C to stop it."


def test_only_the_owner_may_read_the_data(running: Installation) -> None:
    # Static files and fonts are what everybody is sent anyway.
    public = {running.data / "static", running.data / "cache" / "fonts"}
    paths = [running.data, *(path for path in running.data.rglob("*") if not public & set(path.parents))]
    modes = {str(path): stat.S_IMODE(path.lstat().st_mode) for path in paths if not path.is_symlink()}
    assert {path: oct(mode) for path, mode in modes.items() if mode & 0o077} == {}


def test_the_own_database_is_replicated(running: Installation) -> None:
    give_up_at = time.monotonic() + 10
    while not (found := list((running.data / "replica").rglob("*.ltx"))) and time.monotonic() < give_up_at:
        time.sleep(0.1)
    assert found
    with closing(sqlite3.connect(running.data / "debrief.sqlite3")) as database:
        paths = database.execute("select path from recovery_database").fetchall()
    assert paths == [(str(running.data / "debrief.sqlite3"),)]


def test_a_second_start_in_the_same_folder_is_refused(running: Installation, tmp_path: Path) -> None:
    second = Installation(tmp_path / "unused", DEBRIEF_DATA_DIR=str(running.data))
    sentence = refusal(second)
    assert sentence.startswith(
        f"Debrief already runs with the data in {running.data}, at http://localhost:{running.port}"
    )


def test_a_taken_port_is_refused(running: Installation, tmp_path: Path) -> None:
    other = Installation(tmp_path / "data", DEBRIEF_PORT=str(running.port))
    assert refusal(other) == (
        f"Port {running.port} of 127.0.0.1 is taken: stop what listens there, or set DEBRIEF_PORT to a free port."
    )


# Not even root can make a folder in /sys.
@pytest.mark.parametrize("folder", ["/sys/debrief", "a file"])
def test_a_folder_that_takes_no_files_is_refused(tmp_path: Path, folder: str) -> None:
    data = tmp_path / folder
    if not data.parent.is_relative_to("/sys"):
        data.write_text("in the way")
    other = Installation(tmp_path / "unused", DEBRIEF_DATA_DIR=str(data))
    sentence = refusal(other)
    assert sentence.startswith(f"Debrief cannot write to {data} (")
    assert sentence.endswith("): make the folder writable, or set DEBRIEF_DATA_DIR to another one.")


def test_a_missing_redis_is_named(tmp_path: Path) -> None:
    assert refusal(Installation(tmp_path / "data", PATH=str(tmp_path))) == (
        "The program redis-server is missing: run `sudo apt-get install redis-server`, "
        "or set REDIS_URL to a Redis that runs already."
    )


def test_a_path_too_long_for_a_socket_is_refused(tmp_path: Path) -> None:
    sentence = refusal(Installation(tmp_path / ("long" * 25)))
    assert sentence.endswith("set DEBRIEF_DATA_DIR to a folder with a shorter name.")


def test_an_outside_redis_that_is_not_there_is_named(tmp_path: Path) -> None:
    sentence = refusal(Installation(tmp_path / "data", REDIS_URL=f"redis://127.0.0.1:{free_port()}/0"))
    assert sentence.startswith("Redis does not answer (")
    assert sentence.endswith("): start it, or correct REDIS_URL.")


def test_two_run_side_by_side_and_a_second_start_changes_nothing(
    running: Installation, installation: Installation
) -> None:
    installation.start()
    assert [running.answers(), installation.answers()] == [True, True]
    assert installation.secret != running.secret
    set_password(installation.link, "correct horse battery staple")
    secret = installation.secret

    assert installation.stop(signal.SIGINT) == 0
    assert installation.said.rstrip().endswith("Debrief has stopped.")
    assert running.answers()

    installation.start()
    assert [step for step in PREPARING if step in installation.said] == []
    assert installation.secret == secret
    assert installation.link is None


def test_no_end_leaves_a_process_behind(installation: Installation) -> None:
    installation.start()
    # A server that cannot stop, as Litestream when its disk hangs, does not hold up the rest.
    for pid in installation.processes("litestream", "replicate"):
        os.kill(pid, signal.SIGSTOP)
    assert installation.stop(signal.SIGTERM) == 0

    installation.start()
    (redis,) = installation.processes("redis-server")
    os.kill(redis, signal.SIGKILL)
    assert installation.process.wait(timeout=STOP_LIMIT) == 1
    assert installation.processes() == []
    assert installation.said.rstrip().splitlines()[-1] == (
        "redis was killed by SIGKILL, so everything else was stopped, too: its last lines say why."
    )

    installation.start()
    assert installation.stop(signal.SIGKILL) == -signal.SIGKILL
