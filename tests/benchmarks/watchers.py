"""What 200 people cost who have one incident open and ask every few seconds whether it changed."""

import asyncio
import os
import random
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.urls import reverse
from honcho.environ import parse_procfile

from accounts.models import User
from incidents.models import Incident, IncidentGrant
from tests.benchmarks.figures import figure
from tests.factories import make_event, make_incident, make_user

WATCHERS = 200
# As in static/js/watch.js
SECONDS_BETWEEN = 2.4
WARM_UP, MEASURED = 6.0, 36.0


def measure_watchers() -> list[dict[str, Any]]:
    """CPU time and answers of the real web server, while nothing changes; half of the watchers see it by a grant."""
    incident, keys = _make_audience()
    address = f"{reverse('incidents:timeline_changes', args=[incident.number])}?since={incident.revision}"
    with serving() as (port, leader):
        seconds, times = asyncio.run(_watch(port, address, keys, leader))
    times.sort()
    return [
        figure(f"{WATCHERS} watchers of one incident, share of a core", seconds / MEASURED, "cores", at_most=0.25),
        figure("CPU time of an unchanged poll", seconds / len(times) * 1000, "ms", at_most=2),
        figure("unchanged poll, p50 as the browser waits", times[len(times) // 2] * 1000, "ms"),
        figure("unchanged poll, p99 as the browser waits", times[len(times) * 99 // 100] * 1000, "ms"),
    ]


def _make_audience() -> tuple[Incident, list[str]]:
    owner = make_user("owner of a watched incident")
    incident = make_incident(owner, "Watched", visibility="restricted")
    for number in range(20):
        make_event(incident, f"Event {number}", revision=1)
    IncidentGrant.objects.create(incident=incident, person=owner)
    keys = []
    for number in range(WATCHERS):
        # A password that nobody signs in with: hashing two hundred would take longer than the measurement.
        person = User.objects.create(username=f"watcher {number}", password="!")
        IncidentGrant.objects.create(incident=incident, person=person)
        keys.append(sign_in(person))
    incident.refresh_from_db()
    return incident, keys


def sign_in(person: User) -> str:
    """The key of a session of this person's."""
    session = import_module(settings.SESSION_ENGINE).SessionStore()
    session[SESSION_KEY] = str(person.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = person.get_session_auth_hash()
    session.save()
    return str(session.session_key)


@contextmanager
def serving() -> Iterator[tuple[int, int]]:
    """The web server as `manage.py serve` starts it: its port, and the process that leads it."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    command = parse_procfile((settings.BASE_DIR / "Procfile").read_text()).processes["web"]
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "PATH": f"{Path(sys.prefix) / 'bin'}{os.pathsep}{os.environ['PATH']}",
        "DEBRIEF_HOST": "127.0.0.1",
        "DEBRIEF_PORT": str(port),
        "DEBRIEF_WEB_WORKERS": "2",
    }
    process = subprocess.Popen(
        ["/bin/sh", "-c", command], cwd=settings.BASE_DIR, env=environment, start_new_session=True
    )
    try:
        _wait(port)
        yield port, process.pid
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(20)


def _wait(port: int) -> None:
    end = time.monotonic() + 30
    while time.monotonic() < end:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise AssertionError("The web server did not start.")


async def _watch(port: int, address: str, keys: list[str], leader: int) -> tuple[float, list[float]]:
    """The CPU seconds of the server while it was measured, and how long each of its answers took."""
    times: list[float] = []
    watchers = [asyncio.create_task(_ask_again(port, address, key, times)) for key in keys]
    await asyncio.sleep(WARM_UP)
    times.clear()
    before = cpu_seconds(leader)
    await asyncio.sleep(MEASURED)
    seconds, taken = cpu_seconds(leader) - before, list(times)
    for watcher in watchers:
        watcher.cancel()
    ended = await asyncio.gather(*watchers, return_exceptions=True)
    troubles = [trouble for trouble in ended if not isinstance(trouble, asyncio.CancelledError)]
    assert not troubles, troubles[0]
    return seconds, taken


async def _ask_again(port: int, address: str, key: str, times: list[float]) -> None:
    # What a browser sends with each request.
    request = (
        f"GET {address} HTTP/1.1\r\nHost: localhost:{port}\r\nConnection: keep-alive\r\nAccept: */*\r\n"
        f"User-Agent: Mozilla/5.0 (X11; Linux x86_64) Chrome/140.0\r\nAccept-Language: en-GB,en;q=0.9\r\n"
        f"Accept-Encoding: gzip, deflate, br\r\nReferer: http://localhost:{port}/incidents/1/\r\n"
        f"Cookie: {settings.CSRF_COOKIE_NAME}={'c' * 32}; {settings.SESSION_COOKIE_NAME}={key}\r\n\r\n"
    ).encode()
    await asyncio.sleep(random.uniform(0, SECONDS_BETWEEN))
    connection = None
    while True:
        started = time.perf_counter()
        connection = connection or await asyncio.open_connection("127.0.0.1", port)
        answer = await _ask(*connection, request)
        if not answer:
            # Closed by the server while nothing was asked: a browser connects again.
            connection = None
            continue
        assert answer.startswith(b"HTTP/1.1 204"), answer
        times.append(time.perf_counter() - started)
        await asyncio.sleep(SECONDS_BETWEEN - (time.perf_counter() - started))


async def _ask(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, request: bytes) -> bytes:
    try:
        writer.write(request)
        return await reader.readuntil(b"\r\n\r\n")
    except (asyncio.IncompleteReadError, ConnectionError):
        return b""


def cpu_seconds(leader: int) -> float:
    """What the process and those it started have used so far."""
    ticks = 0
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            fields = (folder / "stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        # See proc(5): parent, user time and system time, counted from the state.
        if int(folder.name) == leader or int(fields[1]) == leader:
            ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")
