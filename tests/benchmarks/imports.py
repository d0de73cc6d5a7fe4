"""Importing post-mortems that others wrote, and rendering text that is made to be slow."""

import time
from datetime import UTC, datetime
from typing import Any

from incidents.readers.read import read_postmortem
from incidents.services.imports import import_read
from lib.markdown import MAX_LENGTH, render_markdown
from tests.benchmarks.figures import figure
from tests.factories import make_user
from tests.incidents.readers.own import DOCUMENTS
from tests.lib.slow_markdown import SHAPES, filled

DOCUMENT_COUNT = 500


def measure_imports() -> list[dict[str, Any]]:
    """Five hundred documents read and made into incidents, each another one; in seconds of the processor."""
    actor = make_user("importer")
    texts = list(DOCUMENTS.values())
    now = datetime(2026, 1, 1, tzinfo=UTC)
    started = time.process_time()
    for number in range(DOCUMENT_COUNT):
        text = f"{texts[number % len(texts)]}\nDocument {number}.\n"
        read = read_postmortem(text, zone=UTC)
        import_read(read, source=text, actor=actor, now=now, time_zone="UTC")
    return [figure(f"importing {DOCUMENT_COUNT} post-mortems", time.process_time() - started, "s", at_most=60)]


def measure_markdown() -> list[dict[str, Any]]:
    """The slowest of the shapes that are made to be slow, at the size of a full section."""
    slowest = max((_seconds(part), name) for name, part in SHAPES.items())
    return [figure(f"slowest hostile Markdown ({slowest[1]})", slowest[0], "s", at_most=1)]


def _seconds(part: str) -> float:
    text = filled(part, MAX_LENGTH)
    started = time.process_time()
    render_markdown(text)
    return time.process_time() - started
