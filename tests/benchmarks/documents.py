"""Making PDFs."""

import time
from typing import Any

from django.utils import timezone

from incidents.models import RenderedDocument
from incidents.services.example import load_example_incident
from incidents.services.postmortems import save_section
from incidents.services.rendering import pdf_path, render_document, request_pdf
from tests.benchmarks.figures import figure, milliseconds
from tests.factories import make_user


def measure_documents() -> list[dict[str, Any]]:
    """The example's PDF: the first of a process (engine and fonts are loaded), one more, and one that is there."""
    user = make_user("author")
    postmortem = load_example_incident(actor=user).postmortem
    first = _seconds(postmortem)
    section = postmortem.sections.get(key="lessons")
    save_section(section, body=f"{section.body}\n- One more", actor=user)
    second = _seconds(postmortem)
    again = milliseconds(lambda: pdf_path(request_pdf(postmortem).digest).read_bytes(), rounds=20)
    return [
        figure("first PDF of the example, cold", first, "s", at_most=2),
        figure("PDF of the example changed, warm", second, "s", at_most=2),
        figure("PDF of the example again, unchanged", again, "ms", at_most=50),
    ]


def _seconds(postmortem: Any) -> float:
    started = time.perf_counter()
    row = request_pdf(postmortem)
    render_document(row.pk, now=timezone.now())
    assert RenderedDocument.objects.get(pk=row.pk).status == RenderedDocument.Status.READY
    return time.perf_counter() - started
