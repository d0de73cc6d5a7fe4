"""`make bench`: measures pages at scale, documents and restores, prints a table and writes bench.json.

Everything happens in a temporary folder. Figures of one run are comparable with each other, not with another machine's.
"""

import json
import os
import sys
import tempfile
from pathlib import Path
from typing import Any

from tests.benchmarks.sizes import measure_sizes

OUTPUT = Path("bench.json")


def main() -> int:
    """Measure everything; 0 where every aim is met, 1 where one is missed."""
    with tempfile.TemporaryDirectory(prefix="debrief-bench-") as folder:
        os.environ |= {"DEBRIEF_DATA_DIR": folder, "DEBRIEF_LOG_LEVEL": "ERROR"}
        os.environ["DJANGO_SETTINGS_MODULE"] = "tests.benchmarks.settings"
        # The large installations first: each is measured by a process of its own.
        results = [*measure_sizes(Path(folder)), *measure()]
    OUTPUT.write_text(json.dumps(results, indent=2) + "\n")
    print_table(results)
    return 0 if all(result["holds"] is not False for result in results) else 1


def measure() -> list[dict[str, Any]]:
    """All figures, each with name, value, unit, aim, ratio_to and holds (None: no aim)."""
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    from tests.benchmarks.documents import measure_documents
    from tests.benchmarks.imports import measure_imports, measure_markdown
    from tests.benchmarks.pages import measure_pages
    from tests.benchmarks.restore import measure_restores
    from tests.benchmarks.sections import measure_sections
    from tests.benchmarks.watchers import measure_watchers
    from tests.benchmarks.wording import measure_wording

    return [
        *measure_pages(),
        *measure_documents(),
        *measure_sections(),
        *measure_watchers(),
        *measure_restores(),
        *measure_wording(),
        *measure_imports(),
        *measure_markdown(),
    ]


def print_table(results: list[dict[str, Any]]) -> None:
    """One line a figure, the name first."""
    write = sys.stdout.write
    width = max(len(result["name"]) for result in results)
    for result in results:
        verdict = {True: "holds", False: "MISSED", None: ""}[result["holds"]]
        aim = f"aim {result['aim']:g}" if result["aim"] is not None else ""
        ratio = f"of {result['ratio_to']}" if result["ratio_to"] else ""
        write(f"{result['name']:<{width}}  {result['value']:>9} {result['unit']:<8} {aim:<14} {verdict:<7} {ratio}\n")


if __name__ == "__main__":
    sys.exit(main())
