"""`python -m tests.benchmarks.scale 100000 [OUTPUT]` measures one large installation and writes its figures.

It is in DEBRIEF_DATA_DIR, or in the database that DATABASE_URL names; what it lacks in incidents is made first. It is a
process of its own, since a process has one database, and an installation of 1,000 is there to compare with.
"""

import json
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from django.test import Client

    from incidents.models import Incident

WARM_UP, ROUNDS = 5, 60
# Milliseconds after which no further round is begun.
LONGEST = 10_000
LISTS = {
    "list of 50": "/incidents/",
    "filtered list": "/incidents/?severity=2&status=closed&service=payments-01",
    "last page of the list": "/incidents/?last",
}
SEARCHES = {
    "a common word": "deployment",
    "a rare word": "zirconium",
    "a phrase": '"connections stay at the limit"',
    "Thai": "ระบบชำระเงิน",
    "what is nowhere": "nowhereatall",
}


def main(argv: list[str]) -> int:
    """The figures as JSON: name, p50, p95, CPU time and that of a yardstick in milliseconds."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.benchmarks.settings"
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    figures = measure(int(argv[0]))
    text = json.dumps(figures, indent=2)
    if len(argv) > 1:
        Path(argv[1]).write_text(text)
    else:
        sys.stdout.write(text + "\n")
    return 0


def measure(incidents: int) -> dict[str, dict[str, float]]:
    """What is measured with so many incidents, by name."""
    from tests.benchmarks.throughput import measure_throughput
    from tests.conftest import signed_in

    person, busy = prepare(incidents)
    client = signed_in(person)
    pages = LISTS | {
        "incident page, 20 events": busy[20].get_absolute_url(),
        "incident page, 200 events": busy[200].get_absolute_url(),
        "board": "/",
        "insights, 90 days": "/insights/",
        "insights, all time": "/insights/?since=2000-01-01",
    }
    figures = {name: _time(_opening(client, address)) for name, address in pages.items()}
    for name, words in SEARCHES.items():
        figures[f"search for {name}"] = _time(lambda words=words: _open(client, "/search/", {"q": words}))  # type: ignore[misc]
    figures["adding an event"] = _time(_adding(client, busy[20]))
    figures["incident pages a second"] = measure_throughput(person)
    return figures


def prepare(incidents: int) -> "tuple[Any, dict[int, Incident]]":
    """A person who sees what is open, and two incidents of theirs, by their number of events, among so many others."""
    from accounts.models import User
    from incidents.models import Incident
    from tests.benchmarks.pages import add_events, add_learning
    from tests.benchmarks.population import populate
    from tests.factories import make_incident, make_user

    if (missing := incidents - Incident.objects.count()) > 0:
        started = time.perf_counter()
        populate(missing)
        sys.stderr.write(f"{missing:,} incidents made in {time.perf_counter() - started:.0f} s\n")
    person = User.objects.filter(username="bench").first() or make_user("bench")
    busy = {}
    for count in (20, 200):
        # Another run may have added to the ones of its own.
        Incident.objects.filter(title=f"Busy with {count}").update(title="Busy once")
        busy[count] = make_incident(person, f"Busy with {count}")
        add_events(busy[count], count - busy[count].events.count())
        add_learning(busy[count], count // 20)
    if not Incident.objects.filter(title="Busy once").exists():
        rare = busy[200].events.order_by("pk")[0]
        rare.text = "The zirconium sensor stopped."
        rare.save(update_fields=["text"])
    return person, busy


def _opening(client: "Client", address: str) -> Callable[[], None]:
    return lambda: _open(client, address)


def _open(client: "Client", address: str, asked: dict[str, str] | None = None) -> None:
    response = client.get(address, asked or {})
    assert response.status_code == 200, (address, response.status_code)


def _adding(client: "Client", incident: "Incident") -> Callable[[], None]:
    from django.urls import reverse

    address = reverse("incidents:event_create", args=[incident.number])

    def add() -> None:
        sent = {"text": "One more thing happened", "kind": "observation"}
        response = client.post(address, sent, headers={"HX-Request": "true"})
        assert response.status_code == 200, response.status_code

    return add


def _time(act: Callable[[], None]) -> dict[str, float]:
    for _round in range(WARM_UP):
        act()
    times, cpu, work = [], [], []
    for _round in range(ROUNDS):
        started, used = time.perf_counter(), time.process_time()
        act()
        cpu.append((time.process_time() - used) * 1000)
        times.append((time.perf_counter() - started) * 1000)
        work.append(_yardstick())
        if sum(times) > LONGEST:
            break
    times.sort()
    middle, late = len(times) // 2, len(times) * 95 // 100
    return {"p50": times[middle], "p95": times[late], "cpu": sorted(cpu)[middle], "work": sorted(work)[middle]}


def _yardstick() -> float:
    """The CPU milliseconds that the same piece of Python takes now: beside other work it takes longer, as pages do."""
    used = time.process_time()
    words = {f"{n}-{n % 7}": n for n in range(6_000)}
    assert len(words) == 6_000
    return (time.process_time() - used) * 1000


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
