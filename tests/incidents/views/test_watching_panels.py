"""Which panels come along when others changed something, and what that costs."""

from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from accounts.models import User
from incidents.models import ActionItem, Improvement, Incident, IncidentLink, RootCause
from incidents.services.attachments import attach_file, remove_attachment
from incidents.services.causes import add_cause
from incidents.services.drafts import start_postmortem
from recovery.services.drills import queue_drill
from recovery.services.evidence import attach_evidence, restore_evidence, withdraw_evidence
from tests.factories import NOW, make_event, make_incident, make_restore_test, make_user
from tests.incidents.conftest import THEN, Scene
from tests.incidents.entries import ENTRIES

FORMS = ["cause_create", "cause_edit", "action_item_create", "action_item_edit"]
FORMS += ["improvement_create", "improvement_edit", "impact_edit", "facts_edit"]
PANELS = [
    *("incident-head", "course", "status-panel", "roles-panel", "milestones-panel", "facts-panel", "impact-panel"),
    *("cause-panel", "action-panel", "improvement-panel", "relations-panel", "links-panel"),
    *("visibility-panel", "attachment-panel", "timeline-counts"),
]


def revision(incident: Incident) -> int:
    return Incident.objects.values_list("revision", flat=True).get(pk=incident.pk)


def answer(client: Client, incident: Incident, since: int) -> str:
    response = client.get(reverse("incidents:timeline_changes", args=[incident.number]), {"since": since})
    assert response.status_code == 200
    return response.content.decode()


@pytest.mark.parametrize("name", FORMS)
def test_what_is_saved_in_a_panel_is_news(as_responder: Client, as_viewer: Client, scene: Scene, name: str) -> None:
    before, entry = revision(scene.incident), ENTRIES[name]
    response = as_responder.post(entry.address(scene), entry.sent(as_responder, scene))
    assert response.status_code == 302
    assert revision(scene.incident) > before
    page = answer(as_viewer, scene.incident, before)
    for text in entry.texts:
        assert entry.valid[text] in page
    # A viewer is offered nothing.
    assert "hx-post" not in page


def test_all_panels_come_once(as_responder: Client, scene: Scene) -> None:
    since = revision(scene.incident)
    add_cause(scene.incident, kind="trigger", category="capacity", statement="Logs were kept for ever")
    page = answer(as_responder, scene.incident, since)
    assert [page.count(f'id="{name}"') for name in PANELS] == [1] * len(PANELS)
    assert "Logs were kept for ever" in page
    assert "data-renew" not in page


def test_a_postmortem_that_was_begun_is_news(as_responder: Client, responder: User) -> None:
    incident = make_incident(responder, now=THEN)
    since = revision(incident)
    start_postmortem(incident, actor=responder)
    assert reverse("incidents:postmortem", args=[incident.number]) in answer(as_responder, incident, since)
    assert revision(incident) == since + 1
    start_postmortem(incident, actor=responder)
    assert revision(incident) == since + 1


def test_files_that_come_and_go_are_news(
    as_viewer: Client, scene: Scene, responder: User, settings: Settings, tmp_path: Path
) -> None:
    settings.ATTACHMENTS_DIR = tmp_path / "attachments"
    since = revision(scene.incident)
    file = attach_file(scene.incident, file=SimpleUploadedFile("app.log", b"one line\n"), actor=responder)
    assert "app.log" in answer(as_viewer, scene.incident, since)
    since = revision(scene.incident)
    remove_attachment(file, now=timezone.now())
    assert "app.log" not in answer(as_viewer, scene.incident, since)


def test_evidence_and_drills_are_asked_for_anew_when_something_was_said_of_them(
    as_viewer: Client, scene: Scene, responder: User
) -> None:
    facts: dict[str, Any] = {"actor": responder, "now": NOW}
    since = revision(scene.incident)
    test = make_restore_test()
    evidence = attach_evidence(test, incident=scene.incident, caption="It came back", **facts)
    for act in (withdraw_evidence, restore_evidence):
        page = answer(as_viewer, scene.incident, since)
        for route in ("recovery:evidence_list", "recovery:drill_list"):
            assert f'data-renew="{reverse(route, args=[scene.incident.number])}"' in page
        since = revision(scene.incident)
        act(evidence, **facts)
    since = revision(scene.incident)
    queue_drill(test.replica, incident=scene.incident, **facts)
    assert "data-renew" in answer(as_viewer, scene.incident, since)


def test_a_panel_is_not_forgotten_beside_rows_that_came_together(
    as_responder: Client, scene: Scene, responder: User
) -> None:
    """Many rows may carry one revision: they do not make up for that of a panel."""
    since = revision(scene.incident)
    add_cause(scene.incident, kind="trigger", category="capacity", statement="Logs were kept for ever")
    together = since + 2
    Incident.objects.filter(pk=scene.incident.pk).update(revision=together)
    for number in range(5):
        make_event(scene.incident, f"Pasted {number}", revision=together, occurred_at=THEN)
    assert "Logs were kept for ever" in answer(as_responder, scene.incident, since)


def test_full_panels_take_as_many_queries_as_nearly_empty_ones(as_responder: Client, scene: Scene) -> None:
    incident, counts = scene.incident, []
    for numbers in (range(3), range(3, 60)):
        since = revision(incident)
        for n in numbers:
            person = make_user(f"person {n}")
            cause = RootCause.objects.create(incident=incident, statement=f"Cause {n}")
            ActionItem.objects.create(incident=incident, title=f"Item {n}", root_cause=cause, owner_person=person)
            Improvement.objects.create(incident=incident, metric=f"Metric {n}", before="a", after="b")
            IncidentLink.objects.create(incident=incident, title=f"Link {n}", url="https://example.org/")
            incident.related.add(make_incident(person, f"Other {n}", now=THEN))
        add_cause(incident, kind="trigger", category="capacity", statement="One more")
        with CaptureQueriesContext(connection) as queries:
            page = answer(as_responder, incident, since)
        assert page.count("Cause") >= len(numbers)
        counts.append(len(queries))
    assert counts[0] == counts[1] < 25
