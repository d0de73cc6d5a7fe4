"""Declaring, facts, timeline, causes, action items, improvements and sections: each rule and each refusal."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import IntegrityError, transaction

from accounts.models import Change, User
from incidents.documents.outline import DEFAULT_SECTIONS, PROMPTS
from incidents.errors import IncidentError
from incidents.models import ActionItem, Incident, PostmortemSection, Service, SeverityLevel
from incidents.services.action_items import add_action_item, change_action_item
from incidents.services.causes import add_cause, change_cause
from incidents.services.declaration import declare_incident
from incidents.services.drafts import start_postmortem
from incidents.services.facts import change_facts, change_impact
from incidents.services.improvements import add_improvement, change_improvement
from incidents.services.sections import save_section
from incidents.services.status import change_status
from incidents.services.timeline import add_event, correct_event
from lib.errors import DomainError, EditConflict
from tests.factories import make_incident, make_team
from tests.incidents.conftest import THEN, Scene

Stored = Callable[[], dict[str, Any]]
LATER = THEN + timedelta(minutes=25)
ITEM: dict[str, Any] = {
    "title": "Add an alert",
    "owner": None,
    "due_date": None,
    "status": "open",
    "kind": "detect",
    "reason": "",
    "root_cause": None,
}


def test_declaring_begins_the_timeline(responder: User) -> None:
    incident = make_incident(responder, now=THEN)
    (event,) = incident.events.all()
    assert (incident.status, incident.declared_at, incident.mode) == ("investigating", THEN, "live")
    assert (event.text, event.occurred_at, event.is_pinned) == ("Incident declared.", THEN, False)


def test_severity_changes_are_events_and_nothing_else_is(scene: Scene, responder: User) -> None:
    facts: dict[str, Any] = {"title": "New", "summary": "", "mode": "drill", "services": []}
    count = scene.incident.events.count()
    change_facts(scene.incident, actor=responder, now=LATER, severity=scene.incident.severity, **facts)
    assert scene.incident.events.count() == count
    worst = SeverityLevel.objects.get(level=1)
    facts["services"] = [Service.objects.create(name="shop")]
    changed = change_facts(scene.incident, actor=responder, now=LATER, severity=worst, **facts)
    event = scene.incident.events.get(occurred_at=LATER)
    assert (event.text, event.author, event.source) == ("SEV3 → SEV1", responder, "system")
    assert (changed.title, changed.mode, changed.severity) == ("New", "drill", worst)
    assert [service.name for service in changed.services.all()] == ["shop"]


def test_only_what_is_over_becomes_retrospective(scene: Scene, responder: User) -> None:
    with pytest.raises(IncidentError, match="Resolve it first") as refusal:
        change_facts(scene.incident, actor=responder, now=LATER, mode="retrospective")
    assert refusal.value.field == "mode"
    change_status(scene.incident, status="resolved", actor=responder, now=LATER)
    known = change_facts(scene.incident, actor=responder, now=LATER, mode="retrospective")
    assert known.mode == "retrospective"
    # What was taken up again is not kept from being edited otherwise.
    change_status(scene.incident, status="investigating", actor=responder, now=LATER)
    assert change_facts(scene.incident, actor=responder, now=LATER, mode="retrospective", title="New").title == "New"


def test_impact_can_be_known_and_become_unknown_again(scene: Scene) -> None:
    known = {"impact": "a", "customers_affected": 0, "requests_failed": 2**63 - 1, "data_lost": "b", "cost": "c"}
    known |= {"data_loss": "lost"}
    unknown = {"impact": "", "customers_affected": None, "requests_failed": None, "data_lost": "", "cost": ""}
    unknown |= {"data_loss": "unknown"}
    for impact in (known, unknown):
        change_impact(scene.incident, **impact)
        scene.incident.refresh_from_db()
        assert {name: getattr(scene.incident, name) for name in impact} == impact


def test_an_event_without_a_time_happened_now(scene: Scene, responder: User) -> None:
    event = add_event(scene.incident, text="x", actor=responder, now=LATER, kind="alert", is_pinned=True)
    assert (event.occurred_at, event.source, event.version) == (LATER, "person", 1)


def test_a_correction_changes_time_and_text_and_counts(scene: Scene) -> None:
    facts: dict[str, Any] = {"text": "better", "kind": "action", "is_pinned": False}
    event = correct_event(scene.event, now=LATER, occurred_at=LATER, **facts)
    assert (event.text, event.kind, event.occurred_at, event.is_pinned, event.version) == (
        "better",
        "action",
        LATER,
        False,
        2,
    )


def test_a_cause_and_an_improvement_are_reworded(scene: Scene) -> None:
    cause = change_cause(scene.cause, kind="trigger", category="capacity", statement="better")
    assert (cause.pk, cause.kind, cause.category, cause.statement) == (scene.cause.pk, "trigger", "capacity", "better")
    improvement = change_improvement(scene.improvement, metric="RTO", before="a", after="b")
    assert str(improvement) == "RTO: a → b"


def test_an_action_item_belongs_to_a_person_or_a_team_or_nobody(scene: Scene, responder: User) -> None:
    team = make_team()
    for owner, pair in ((responder, (responder, None)), (team, (None, team)), (None, (None, None))):
        item = change_action_item(scene.item, now=LATER, **ITEM | {"owner": owner})
        assert (item.owner_person, item.owner_team) == pair
        assert item.owner == owner


def test_an_item_is_completed_when_it_becomes_done_and_not_again(scene: Scene) -> None:
    done = change_action_item(scene.item, now=THEN, **ITEM | {"status": "done"})
    assert done.completed_at == THEN
    assert change_action_item(done, now=LATER, **ITEM | {"status": "done"}).completed_at == THEN
    assert change_action_item(done, now=LATER, **ITEM | {"status": "blocked"}).completed_at is None
    assert add_action_item(scene.incident, now=LATER, **ITEM | {"status": "done"}).completed_at == LATER


def test_when_a_done_item_was_completed_is_not_guessed_later(scene: Scene) -> None:
    ActionItem.objects.filter(pk=scene.item.pk).update(status="done")
    assert change_action_item(scene.item, now=LATER, **ITEM | {"status": "done"}).completed_at is None


@pytest.mark.parametrize("status", ActionItem.Status.values)
@pytest.mark.parametrize("days", [-1, 0, None])
def test_an_item_is_overdue_once_its_day_has_passed_and_it_is_still_owed(status: str, days: int | None) -> None:
    today = date(2024, 3, 10)
    item = ActionItem(status=status, due_date=None if days is None else today + timedelta(days=days))
    assert item.is_overdue(today) == (days == -1 and status in ("open", "in_progress", "blocked"))


def test_a_post_mortem_is_begun_once_with_the_default_sections(scene: Scene, viewer: User) -> None:
    again = start_postmortem(scene.incident, actor=viewer)
    assert again == scene.section.postmortem
    assert again.author != viewer
    assert [section.key for section in again.sections.all()] == list(DEFAULT_SECTIONS) == list(PROMPTS)


def test_the_history_of_each_section_begins_with_the_post_mortem(responder: User) -> None:
    postmortem = start_postmortem(make_incident(responder), actor=responder)
    kind = ContentType.objects.get_for_model(PostmortemSection)
    created = Change.objects.filter(content_type=kind, action=Change.Action.CREATE)
    sections = {str(section.pk) for section in postmortem.sections.all()}
    assert sections
    assert {change.object_pk for change in created} >= sections


def test_a_section_counts_its_versions_unless_nothing_changed(scene: Scene, responder: User) -> None:
    section = save_section(scene.section, body="text", actor=responder, now=THEN).section
    assert (section.body, section.version, section.edited_by) == ("text", 2, responder)
    assert save_section(section, body="text", actor=responder, now=THEN).section.version == 2


REFUSED: dict[str, Callable[[Scene, User], object]] = {
    "declared before it began": lambda _scene, actor: declare_incident(
        title="x",
        severity=SeverityLevel.objects.get(level=3),
        actor=actor,
        now=THEN,
        impact_started_at=LATER,
    ),
    "not doing without a reason": lambda scene, _actor: change_action_item(
        scene.item, now=LATER, **ITEM | {"status": "not_doing"}
    ),
    "a cause of another incident": lambda scene, actor: add_action_item(
        make_other(actor), now=LATER, **ITEM | {"root_cause": scene.cause}
    ),
    "an event corrected meanwhile": lambda scene, _actor: correct_event(
        scene.event, seen="x", now=LATER, text="mine", kind="alert", occurred_at=THEN, is_pinned=True
    ),
    "an event that has not happened yet": lambda scene, actor: add_event(
        scene.incident, text="x", actor=actor, now=THEN, occurred_at=LATER
    ),
    "an event corrected into the future": lambda scene, _actor: correct_event(
        scene.event, now=THEN, text="x", kind="alert", occurred_at=LATER, is_pinned=True
    ),
    "a section of a version that is yet to come": lambda scene, actor: save_section(
        scene.section, base_version=7, body="mine", actor=actor, now=LATER
    ),
}
# The database's own word, for whoever does not come through a form.
IMPOSSIBLE: dict[str, Callable[[Scene, User], object]] = {
    "an incident without a title": lambda _scene, actor: make_incident(actor, title="", now=THEN),
    "an event without a text": lambda scene, actor: add_event(scene.incident, text="", actor=actor, now=THEN),
    "a cause without a statement": lambda scene, _actor: add_cause(
        scene.incident, kind="risk", category="change", statement=""
    ),
    "an item without a title": lambda scene, _actor: add_action_item(scene.incident, now=THEN, **ITEM | {"title": ""}),
    "an improvement of nothing": lambda scene, _actor: add_improvement(scene.incident, metric="", before="", after=""),
    "a status out of nowhere": lambda _scene, _actor: Incident.objects.update(status="lost"),
    "over without an end": lambda _scene, _actor: Incident.objects.update(status="closed"),
}


def make_other(actor: User) -> Incident:
    return Incident.objects.filter(title="Another").first() or make_incident(actor, title="Another", now=THEN)


@pytest.mark.parametrize("name", REFUSED)
def test_what_a_rule_refuses_leaves_the_database_as_it_was(
    scene: Scene, responder: User, stored: Stored, name: str
) -> None:
    make_other(responder)
    known = stored()
    with pytest.raises(DomainError) as refusal:
        REFUSED[name](scene, responder)
    assert str(refusal.value).endswith(".")
    assert stored() == known
    if isinstance(refusal.value, EditConflict):
        assert {"The graphs went flat", ""} & {refusal.value.values.get("text"), refusal.value.values.get("body")}
    else:
        assert isinstance(refusal.value, IncidentError)


@pytest.mark.parametrize("name", IMPOSSIBLE)
def test_what_the_database_refuses_leaves_it_as_it_was(
    scene: Scene, responder: User, stored: Stored, name: str
) -> None:
    known = stored()
    with pytest.raises(IntegrityError), transaction.atomic():
        IMPOSSIBLE[name](scene, responder)
    assert stored() == known
