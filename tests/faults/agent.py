"""The agent as cron runs it: another process, the real Litestream, and a Debrief that answers."""

import os
import subprocess
import sys
import sysconfig
import threading
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.db import connections
from django.test.testcases import LiveServerThread

from accounts.models import Role
from tests.factories import make_database, make_replica, make_token, make_user
from tests.faults.backup import Backup

AGENT = Path(__file__).parents[2] / "deploy" / "restore-test-agent.py"
LITESTREAM = Path(sysconfig.get_path("scripts")) / "litestream"
NOBODY = "http://127.0.0.1:9"
Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def debrief(db: None, backup: Backup) -> Iterator[str]:
    """A Debrief in which the replica is registered, as lying on another host.

    It works on the test's own connection: records of restore tests cannot be deleted, as pytest-django's `live_server`
    would have to do in the end.
    """
    make_user("administrator", Role.ADMINISTRATOR)
    make_replica(make_database("shop", backup.source, host="db1"), f"file://{backup.replica.path}")
    connection = connections["default"]
    server = LiveServerThread("127.0.0.1", StaticFilesHandler, connections_override={"default": connection})
    connection.inc_thread_sharing()
    server.start()
    server.is_ready.wait()
    yield f"http://127.0.0.1:{server.port}"
    server.terminate()
    connection.dec_thread_sharing()


@pytest.fixture
def token(debrief: str) -> str:
    return make_token()[1]


def command(backup: Backup, address: str, *options: str) -> list[str]:
    known = {
        "--debrief": address,
        "--database": "shop",
        "--replica": "local",
        "--replica-url": f"file://{backup.replica.path}",
        "--litestream": str(LITESTREAM),
        "--scratch": str(backup.scratch),
        "--spool": str(backup.folder / "spool"),
        "--source": str(backup.source),
        "--reporter": "db1.example.org",
        "--retry-for": "1",
    }
    known |= dict(zip(options[::2], options[1::2], strict=True))
    return [sys.executable, str(AGENT), *(part for pair in known.items() if pair[1] for part in pair)]


@pytest.fixture
def run(backup: Backup, debrief: str, token: str) -> Run:
    """Runs the agent once; nothing of it is left in the scratch folder, and source and replica are as they were."""

    def start(*options: str, address: str = debrief, env: dict[str, str] | None = None) -> Any:
        before = backup.digest()
        given = {"PATH": os.environ["PATH"], "HOME": str(backup.folder), "DEBRIEF_TOKEN": token, **(env or {})}
        finished = subprocess.run(
            command(backup, address, *options), env=given, capture_output=True, text=True, timeout=60, check=False
        )
        assert backup.digest() == before
        assert list(backup.scratch.iterdir()) == []
        return finished

    return start


def spooled(backup: Backup) -> list[Path]:
    return sorted((backup.folder / "spool").glob("*"))


@contextmanager
def relay(target: str, *, loses_answers: int = 0, redirects: bool = False) -> Iterator[str]:
    """Stands between the agent and Debrief, as a network in trouble does."""
    lost = [loses_answers]

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            if redirects:
                self.send_response(307)
                self.send_header("Location", target + self.path)
                self.end_headers()
                return
            request = urllib.request.Request(target + self.path, body, dict(self.headers), method="POST")  # noqa: S310
            with urllib.request.urlopen(request) as answer:  # noqa: S310
                content = answer.read()
            if lost[0]:
                lost[0] -= 1
                self.close_connection = True
                return
            self.send_response(200)
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_args: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
