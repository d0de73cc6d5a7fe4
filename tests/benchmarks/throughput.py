"""How many incident pages a second the web server answers, as it is started in production."""

import asyncio
import os
import random
import subprocess
import sys
import time

from django.conf import settings

from accounts.models import User
from incidents.models import Incident
from tests.benchmarks.watchers import cpu_seconds, serving, sign_in

CLIENTS = 8
# Pages that one connection asks for. A worker keeps what it accepted, so connections are made anew now and then.
VISIT = 10
WARM_UP, MEASURED = 4.0, 15.0
PAGES = 200


def measure_throughput(person: User) -> dict[str, float]:
    """Pages a second of two workers under keep-alive clients, what each waits, and the CPU time of a page."""
    numbers = list(Incident.objects.visible_to(person).order_by("-number").values_list("number", flat=True)[:PAGES])
    _collect_static_files()
    with serving() as (port, leader):
        return asyncio.run(_ask(port, leader, numbers, sign_in(person)))


def _collect_static_files() -> None:
    command = [sys.executable, "manage.py", "collectstatic", "--noinput", "--verbosity", "0"]
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "config.settings"}
    subprocess.run(command, cwd=settings.BASE_DIR, env=environment, check=True)


async def _ask(port: int, leader: int, numbers: list[int], key: str) -> dict[str, float]:
    times: list[float] = []
    clients = [asyncio.create_task(_open_pages(port, numbers, key, times)) for _client in range(CLIENTS)]
    await asyncio.sleep(WARM_UP)
    times.clear()
    used, started = cpu_seconds(leader), time.perf_counter()
    await asyncio.sleep(MEASURED)
    taken, seconds, used = sorted(times), time.perf_counter() - started, cpu_seconds(leader) - used
    for client in clients:
        client.cancel()
    ended = await asyncio.gather(*clients, return_exceptions=True)
    troubles = [trouble for trouble in ended if not isinstance(trouble, asyncio.CancelledError)]
    assert not troubles, troubles[0]
    return {
        "rate": len(taken) / seconds,
        "p50": taken[len(taken) // 2] * 1000,
        "p95": taken[len(taken) * 95 // 100] * 1000,
        "cpu": used / len(taken) * 1000,
    }


async def _open_pages(port: int, numbers: list[int], key: str, times: list[float]) -> None:
    # Not all at once: one worker would take all of them.
    await asyncio.sleep(random.uniform(0, 1))
    while True:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        for _page in range(VISIT):
            request = (
                f"GET /incidents/{random.choice(numbers)}/ HTTP/1.1\r\nHost: localhost:{port}\r\n"
                f"Connection: keep-alive\r\nAccept: text/html\r\nAccept-Language: en\r\n"
                f"Cookie: {settings.SESSION_COOKIE_NAME}={key}\r\n\r\n"
            )
            started = time.perf_counter()
            writer.write(request.encode())
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
            assert head.startswith("http/1.1 200"), head
            await reader.readexactly(int(head.partition("content-length:")[2].split("\r\n")[0]))
            times.append(time.perf_counter() - started)
            if "connection: close" in head:
                break
        writer.close()
