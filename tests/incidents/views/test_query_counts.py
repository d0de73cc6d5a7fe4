"""How many queries each page takes, and that more rows take no more."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from incidents.models import ActionItem, Improvement, RootCause, Service
from incidents.services.drafts import start_postmortem
from recovery.services.evidence import attach_evidence
from tests.factories import NOW, make_event, make_incident, make_replica, make_restore_test, make_team, make_user
from tests.incidents.conftest import THEN, Scene

# Two of them are the session and the person signed in.
COUNTS = {
    "incident": 15,
    "postmortem": 23,
    "html_file": 21,
    "markdown_file": 21,
    "postmortem_json_file": 21,
    "incident_create": 7,
    "facts_edit": 8,
    "impact_edit": 5,
    "milestones_edit": 5,
    "status_edit": 5,
    "event_create": 8,
    "cause_create": 9,
    "action_item_create": 9,
    "improvement_create": 8,
    "section_edit": 9,
}


def fill(scene: Scene, numbers: range) -> None:
    """One of everything that a page lists for each number, with what belongs to it."""
    incident = scene.incident
    for n in numbers:
        person, team = make_user(f"person {n}"), make_team(f"Team {n}")
        make_event(incident, f"Event {n}", author=person, occurred_at=THEN)
        cause = RootCause.objects.create(incident=incident, statement=f"Cause {n}")
        owner = {"owner_person": person} if n % 2 else {"owner_team": team}
        ActionItem.objects.create(incident=incident, title=f"Item {n}", root_cause=cause, **owner)
        Improvement.objects.create(incident=incident, metric=f"Metric {n}", before="a", after="b")
        incident.services.add(Service.objects.create(name=f"Service {n}", team=team))
        other = make_incident(person, f"Other {n}", now=THEN)
        start_postmortem(other, actor=person)
        ActionItem.objects.create(incident=other, title="Another")


def address(name: str, scene: Scene) -> str:
    args: list[Any] = [] if name == "incident_create" else [scene.incident.number]
    return reverse(f"incidents:{name}", args=args + (["lessons"] if name == "section_edit" else []))


@pytest.mark.parametrize("name", COUNTS)
def test_a_page_takes_as_many_queries_for_sixty_rows_as_for_three(
    as_responder: Client, scene: Scene, django_assert_num_queries: Any, name: str
) -> None:
    fill(scene, range(3))
    with django_assert_num_queries(COUNTS[name]):
        few = as_responder.get(address(name, scene))
    fill(scene, range(3, 60))
    with django_assert_num_queries(COUNTS[name]):
        many = as_responder.get(address(name, scene))
    assert few.status_code == many.status_code == 200
    assert len(many.content) >= len(few.content)


def test_evidence_takes_no_more_queries_either(
    as_responder: Client, scene: Scene, responder: User, django_assert_num_queries: Any
) -> None:
    replica = make_replica()
    for count in (1, 20):
        for _ in range(count):
            test = make_restore_test(replica)
            attach_evidence(test, incident=scene.incident, caption="It came back", actor=responder, now=NOW)
        # One more, however many there are: the runs of the same databases, beside which a restore test is drawn.
        with django_assert_num_queries(COUNTS["postmortem"] + 1):
            as_responder.get(address("postmortem", scene))
