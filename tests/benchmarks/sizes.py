"""What a large installation takes longer for than a small one.

DEBRIEF_BENCH_INCIDENTS is how large it is (100,000 where it is not set), DEBRIEF_BENCH_FOLDER keeps it for the next
run. With DATABASE_URL, databases beside that one are made, by its name and their size, and kept.
"""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from tests.benchmarks.figures import figure
from tests.benchmarks.scale import LISTS, SEARCHES

SMALL, LARGE = 1_000, 100_000
MOST_P50, MOST_P95, MOST_RATIO = 25, 60, 1.5
AIMS = {
    "incident page, 20 events": 20,
    "incident page, 200 events": 50,
    "adding an event": 20,
    **{f"search for {name}": 100 for name in SEARCHES},
}
LEAST_PAGES = 100
Timings = dict[str, dict[str, float]]


def measure_sizes(folder: Path) -> list[dict[str, Any]]:
    """Pages among 100,000 incidents with 2,000,000 events, and how the lists compare with those among 1,000."""
    size = int(os.environ.get("DEBRIEF_BENCH_INCIDENTS", LARGE))
    kept = Path(os.environ.get("DEBRIEF_BENCH_FOLDER", folder)).absolute()
    return describe(_measure(kept, SMALL), _measure(kept, size), size)


def describe(small: Timings, large: Timings, size: int) -> list[dict[str, Any]]:
    """The figures of both."""
    figures = []
    for name, timing in large.items():
        if "rate" in timing:
            figures += _describe_rate(name, timing)
            continue
        is_list = name in LISTS
        among = f"{name}, among {size:,}"
        figures.append(figure(f"{among}, p50", timing["p50"], "ms", at_most=MOST_P50 if is_list else AIMS.get(name)))
        figures.append(figure(f"{among}, p95", timing["p95"], "ms", at_most=MOST_P95 if is_list else None))
        figures.append(figure(f"{among}, CPU time", timing["cpu"], "ms"))
        if is_list:
            ratio = timing["p50"] / small[name]["p50"]
            compared = f"the same among {SMALL:,}"
            figures.append(figure(f"{among}, as a ratio", ratio, "ratio", at_most=MOST_RATIO, ratio_to=compared))
    return figures


def _describe_rate(name: str, timing: dict[str, float]) -> list[dict[str, Any]]:
    return [
        figure(f"{name}, two workers", timing["rate"], "pages/s", at_least=LEAST_PAGES),
        figure(f"{name}, CPU time of one", timing["cpu"], "ms"),
    ]


def _measure(folder: Path, incidents: int) -> Timings:
    """What a process of its own measures."""
    place = folder / str(incidents)
    place.mkdir(parents=True, exist_ok=True)
    output = place / "timings.json"
    environment = os.environ | {"DEBRIEF_DATA_DIR": str(place), "DEBRIEF_LOG_LEVEL": "ERROR"}
    if url := os.environ.get("DATABASE_URL"):
        environment["DATABASE_URL"] = _make_database(url, incidents)
    command = [sys.executable, "-m", "tests.benchmarks.scale", str(incidents), str(output)]
    subprocess.run(command, env=environment, check=True)
    timings: Timings = json.loads(output.read_text())
    return timings


def _make_database(url: str, incidents: int) -> str:
    """The address of a database of this size, made where it is missing."""
    import psycopg
    from psycopg import sql

    parts = urlsplit(url)
    name = f"{parts.path.strip('/')}_{incidents}"
    with psycopg.connect(url, autocommit=True) as connection:
        if connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone() is None:
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    return parts._replace(path=f"/{name}").geturl()
