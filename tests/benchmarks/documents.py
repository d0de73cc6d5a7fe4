"""Making PDFs, beside a browser that prints the same HTML."""

import resource
import subprocess
import tempfile
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import timezone

from incidents.documents.build import build_document
from incidents.documents.html import render_self_contained
from incidents.models import Postmortem, RenderedDocument
from incidents.services.drafts import start_postmortem
from incidents.services.example import load_example_incident
from incidents.services.rendering import pdf_path, render_document, request_pdf
from lib.pdf.fonts import prepare_fonts
from tests.benchmarks.figures import figure, milliseconds
from tests.factories import NOW, make_event, make_incident, make_user

# CPU seconds of a document of 30 events with the final stylesheet, on the machine that the aim was set on.
KNOWN = 1.2
CHROMIUM = [
    *("/usr/bin/chromium", "--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu"),
    *("--no-first-run", "--disable-background-networking", "--disable-component-update"),
]
WORDS = "The primary lost its disk and the team restored the database from its replica, then checked each table. "


def measure_documents() -> list[dict[str, Any]]:
    """PDFs of the example, of 30 and of 300 events, and of one that is there; what a browser takes for the same."""
    user = make_user("author")
    example = load_example_incident(actor=user).postmortem
    # As the self-test at every start does, before anybody can ask for a document.
    prepare_fonts(settings.FONTS_DIR, settings.FONT_CACHE_DIR)
    cold = _make(example)
    short, long = _eventful(user, 30), _eventful(user, 300)
    short_cpu, long_cpu = _make(short), _make(long)
    again = milliseconds(lambda: pdf_path(request_pdf(short).digest).read_bytes(), rounds=20)
    browser = _print_by_browser(short)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000
    return [
        figure("first PDF of the example, cold", cold, "CPU s", at_most=2),
        figure("first PDF of 30 events, warm", short_cpu, "CPU s", at_most=1.5 * KNOWN),
        figure("headless Chromium, the same 30 events", browser, "CPU s"),
        figure("PDF of 30 events against Chromium", short_cpu / browser, "×", ratio_to="headless Chromium"),
        figure("first PDF of 300 events, warm", long_cpu, "CPU s", at_most=5),
        figure("PDF of 30 events again, unchanged", again, "ms", at_most=50),
        figure("memory of the process that made them", memory, "MB", at_most=400),
    ]


def _eventful(user: Any, count: int) -> Postmortem:
    incident = make_incident(user, f"{count} events")
    for number in range(count):
        make_event(incident, WORDS, occurred_at=NOW + timedelta(minutes=number))
    return start_postmortem(incident, actor=user)


def _make(postmortem: Postmortem) -> float:
    """Seconds of the processor: of asking for it, and of making it."""
    started = time.process_time()
    row = request_pdf(postmortem)
    render_document(row.pk, now=timezone.now())
    assert RenderedDocument.objects.get(pk=row.pk).status == RenderedDocument.Status.READY
    return time.process_time() - started


def _print_by_browser(postmortem: Postmortem) -> float:
    with tempfile.TemporaryDirectory() as folder:
        source, printed = Path(folder) / "document.html", Path(folder) / "document.pdf"
        source.write_text(render_self_contained(build_document(postmortem)))
        profile = f"--user-data-dir={folder}/profile"
        before = _children()
        command = [*CHROMIUM, profile, f"--print-to-pdf={printed}", "--no-pdf-header-footer", source.as_uri()]
        subprocess.run(command, check=True, capture_output=True, timeout=120)
        assert printed.stat().st_size
        return _children() - before


def _children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
