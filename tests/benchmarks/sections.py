"""Writing a section of a post-mortem, and reading a long document."""

import statistics
import time
from typing import Any

from django.test import Client
from django.urls import reverse

from incidents.models import Postmortem, PostmortemSection
from incidents.services.drafts import start_postmortem
from incidents.services.sections import save_section
from tests.benchmarks.figures import figure, milliseconds
from tests.benchmarks.pages import add_events, add_learning
from tests.conftest import signed_in
from tests.factories import NOW, make_incident, make_user

PARAGRAPH = "Paragraph {}: the disk filled up, **nobody** saw the alert of INC-1, and `df` said nothing at all.\n\n"
SIZE = 20_000
SAVES = 60
EVENTS, ITEMS = 300, 40


def measure_sections() -> list[dict[str, Any]]:
    """Saves of 20 kB as the page sends them, alone and over somebody else's change; a page of 300 events, 40 items."""
    writer, other = make_user("section writer"), make_user("section other")
    incident = make_incident(writer, "Written about at length")
    add_events(incident, EVENTS)
    add_learning(incident, ITEMS)
    postmortem = start_postmortem(incident, actor=writer)
    client = signed_in(writer)
    alone = _milliseconds(client, _begin(postmortem, "lessons", other))
    merged = _milliseconds(client, _begin(postmortem, "impact", other), other)
    page = milliseconds(lambda: _read(client, postmortem), rounds=10)
    return [
        figure("section of 20 kB saved", alone, "ms", at_most=30),
        figure("section of 20 kB saved and merged", merged, "ms", at_most=30),
        figure("post-mortem page, 300 events and 40 action items", page, "ms"),
    ]


def _begin(postmortem: Postmortem, key: str, author: Any) -> PostmortemSection:
    text = "".join(map(PARAGRAPH.format, range(SIZE // len(PARAGRAPH) + 1)))
    return save_section(postmortem.sections.get(key=key), body=text, actor=author, now=NOW).section


def _milliseconds(client: Client, section: PostmortemSection, other: Any = None) -> float:
    """The median time of a save; with an `other`, over what they saved at another place in between."""
    address = reverse("incidents:section_text", args=[section.postmortem.incident_id, section.key])
    times = []
    for number in range(SAVES):
        body, seen = _stands(section)
        if other:
            theirs = body.replace("Paragraph 9:", f"Paragraph 9: {number}")
            save_section(section, body=theirs, actor=other, now=NOW, base_version=seen)
        typed = {"body": body.replace("Paragraph 150:", f"Paragraph 150: {number}"), "seen": seen}
        started = time.perf_counter()
        answer = client.post(address, typed)
        times.append(time.perf_counter() - started)
        assert answer.status_code == 200, answer.status_code
        assert ("text" in answer.json()) == bool(other)
    return statistics.median(times) * 1000


def _stands(section: PostmortemSection) -> tuple[str, int]:
    return PostmortemSection.objects.values_list("body", "version").get(pk=section.pk)


def _read(client: Client, postmortem: Postmortem) -> None:
    response = client.get(postmortem.get_absolute_url())
    assert response.status_code == 200, response.status_code
