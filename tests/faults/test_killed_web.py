"""The web server is killed again and again while people write: what was acknowledged is there, once."""

import http.client
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode
from uuid import uuid4

import pytest
from honcho.environ import parse_procfile

ROOT = Path(__file__).resolve().parents[2]
WRITERS, KILLS = 6, 4
# Each time, the server is killed once it has acknowledged so many more: it is at work then, on a slow machine too.
BETWEEN_KILLS = 20
PATIENCE_SECONDS = 60
TOKEN = "c" * 32
SETUP = """
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.conf import settings
from django.utils import timezone
from accounts.models import User
from incidents.models import SeverityLevel
from incidents.services.declaration import declare_incident
person = User.objects.create_user("writer", role="responder")
severity = SeverityLevel.objects.get(level=1)
incident = declare_incident(title="It is down", severity=severity, actor=person, now=timezone.now())
session = SessionStore()
session[SESSION_KEY] = str(person.pk)
session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
session[HASH_SESSION_KEY] = person.get_session_auth_hash()
session.save()
print(session.session_key, incident.number)
"""

pytestmark = pytest.mark.slow


@dataclass
class Web:
    """The web server as `manage.py serve` starts it, on a database of its own."""

    data: Path
    port: int
    cookie: str = ""
    address: str = ""
    process: "subprocess.Popen[bytes] | None" = None

    def manage(self, *arguments: str) -> str:
        command = [sys.executable, "manage.py", *arguments]
        return subprocess.run(
            command, cwd=ROOT, env=self.environment, check=True, capture_output=True, text=True
        ).stdout

    @property
    def environment(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("DEBRIEF_", "DJANGO_"))}
        return kept | {
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "PATH": f"{Path(sys.prefix) / 'bin'}{os.pathsep}{os.environ['PATH']}",
            "DEBRIEF_DATA_DIR": str(self.data),
            "DEBRIEF_HOST": "127.0.0.1",
            "DEBRIEF_PORT": str(self.port),
            "DEBRIEF_WEB_WORKERS": "2",
        }

    def start(self) -> None:
        command = parse_procfile((ROOT / "Procfile").read_text()).processes["web"]
        self.process = subprocess.Popen(
            ["/bin/sh", "-c", command],
            cwd=ROOT,
            env=self.environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        end = time.monotonic() + PATIENCE_SECONDS
        while not self._listens():
            assert time.monotonic() < end, "The web server does not answer."
            time.sleep(0.05)

    def _listens(self) -> bool:
        with suppress(OSError):
            socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
            return True
        return False

    def workers(self) -> list[int]:
        assert self.process
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        return [int(pid) for pid in children.read_text().split()]

    def kill_workers(self) -> None:
        for pid in self.workers():
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)

    def kill(self) -> None:
        assert self.process
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def post(self, text: str, key: str) -> bool:
        """Whether the event was acknowledged."""
        form = {"csrfmiddlewaretoken": TOKEN, "text": text, "kind": "observation", "submission_key": key}
        headers = {"Content-Type": "application/x-www-form-urlencoded", "Cookie": self.cookie}
        with closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)) as connection:
            connection.request("POST", self.address, urlencode(form), headers)
            response = connection.getresponse()
            response.read()
        assert response.status in (200, 302, 503), response.status
        assert "/accounts/login" not in (response.headers["Location"] or "")
        return response.status != 503


@dataclass
class Writer:
    """Somebody who writes one event after another, and sends each until it is acknowledged."""

    web: Web
    name: str
    stop: threading.Event
    acknowledged: list[str] = field(default_factory=list)
    interrupted: int = 0
    trouble: BaseException | None = None

    def run(self) -> None:
        try:
            while not self.stop.is_set():
                text, key = f"{self.name} {len(self.acknowledged)}", str(uuid4())
                while not self._try(text, key):
                    time.sleep(0.02)
                self.acknowledged.append(text)
                # Impatient people press twice.
                self._try(text, key)
        except BaseException as trouble:  # noqa: BLE001  # it is raised by the test
            self.trouble = trouble

    def _try(self, text: str, key: str) -> bool:
        try:
            return self.web.post(text, key)
        except (OSError, http.client.HTTPException):
            self.interrupted += 1
            return False


@pytest.fixture(scope="module")
def web(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Web]:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        web = Web(tmp_path_factory.mktemp("web"), int(probe.getsockname()[1]))
    (web.data / "static").mkdir()
    web.manage("migrate", "--verbosity", "0")
    key, number = web.manage("shell", "--verbosity", "0", "-c", SETUP).split()
    web.cookie = f"debrief_csrf={TOKEN}; debrief_session={key}"
    web.address = f"/incidents/{number}/timeline/"
    web.start()
    yield web
    web.kill()


def events_of(web: Web) -> Counter[str]:
    with closing(sqlite3.connect(web.data / "debrief.sqlite3")) as database:
        rows = database.execute("select text from incidents_timelineevent where source = 'person'")
        return Counter(text for (text,) in rows)


def wait_for_more(writers: list[Writer]) -> None:
    def count() -> int:
        return sum(len(writer.acknowledged) for writer in writers)

    enough, end = count() + BETWEEN_KILLS, time.monotonic() + PATIENCE_SECONDS
    while count() < enough:
        assert time.monotonic() < end, [writer.trouble for writer in writers]
        time.sleep(0.01)


def test_no_acknowledged_event_is_lost_or_doubled(web: Web) -> None:
    stop = threading.Event()
    writers = [Writer(web, f"writer {number}", stop) for number in range(WRITERS)]
    threads = [threading.Thread(target=writer.run, daemon=True) for writer in writers]
    for thread in threads:
        thread.start()
    for number in range(KILLS):
        wait_for_more(writers)
        if number % 2:
            web.kill_workers()
        else:
            web.kill()
            web.start()
    wait_for_more(writers)
    stop.set()
    for thread in threads:
        thread.join(PATIENCE_SECONDS)
    troubles = [writer.trouble for writer in writers if writer.trouble]
    assert not troubles, troubles[0]
    acknowledged = [text for writer in writers for text in writer.acknowledged]
    assert len(acknowledged) > KILLS * BETWEEN_KILLS
    # The server was killed while it was at work.
    assert sum(writer.interrupted for writer in writers) >= KILLS
    known = events_of(web)
    assert {text: count for text, count in known.items() if text.startswith("writer")} == Counter(acknowledged)


def test_repeats_at_once_make_one_event(web: Web) -> None:
    start = threading.Barrier(8)
    acknowledged: list[bool] = []

    def press() -> None:
        start.wait()
        acknowledged.append(web.post("It broke", "the same key"))

    threads = [threading.Thread(target=press) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert acknowledged == [True] * 8
    assert events_of(web)["It broke"] == 1
