"""Checking the wording of a section."""

import statistics
import time
from typing import Any

from incidents.wording.check import check
from tests.benchmarks.figures import figure

SENTENCES = [
    "At 14:03 the alert fired, and the on-call engineer acknowledged it after two minutes.",
    "The disk was full because nothing rotated the logs, and Litestream failed to write its next segment.",
    "Ann Srisai restored the database from the replica in eight seconds.",
    "The runbook should have named the second volume.",
    "What could have gone better: no alert watched the free space, and `df` was run by hand.",
    "ดิสก์เต็มเพราะ log ไม่ถูกหมุนเวียน และระบบกู้คืนได้ภายใน 8.5 วินาที",
    "- [x] Alert at 80 % ([dashboard](https://example.org/d/disk))",
]
WORDS = 2_000
PEOPLE = [f"Person {number} Lastname{number}" for number in range(50)]


def measure_wording() -> list[dict[str, Any]]:
    """A text of 2,000 words in English and Thai, among fifty people."""
    text = ""
    while len(text.split()) < WORDS:
        text += "\n\n".join(SENTENCES) + "\n\n"
    check(text, PEOPLE)
    taken = statistics.median(_milliseconds(text) for _round in range(20))
    return [figure("wording of 2,000 words checked", taken, "CPU ms", at_most=20)]


def _milliseconds(text: str) -> float:
    """Of this process alone, whatever else the machine does."""
    started = time.process_time()
    check(text, PEOPLE)
    return (time.process_time() - started) * 1000
