"""The example incident: a SQLite database, a full disk, and a replica that saved the day."""

import json
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.db import transaction

from accounts.audit import Door, changes_by
from accounts.models import Team, User
from incidents.models import (
    ActionItem,
    Improvement,
    Incident,
    Mode,
    RootCause,
    SectionVersion,
    Service,
    SeverityLevel,
    TimelineEvent,
)
from incidents.services.drafts import start_postmortem
from incidents.services.sections import save_section

EXAMPLE = "sqlite-corruption"
DATA = Path(__file__).resolve().parent.parent / "data" / "example_incident.json"


@transaction.atomic
def load_example_incident(*, actor: User) -> Incident:
    """The example incident with everything that belongs to it; the one that stands, where it was loaded before."""
    if known := Incident.objects.filter(example=EXAMPLE).first():
        return known
    with changes_by(actor, door=Door.IMPORT):
        return _load(actor)


def _load(actor: User) -> Incident:
    data = json.loads(DATA.read_text())
    teams = {name: Team.objects.get_or_create(name=name)[0] for name in data["teams"]}
    incident = _create_incident(data, teams, actor)
    for event in data["events"]:
        facts = {"occurred_at": _instant(event["at"]), "kind": event["kind"], "text": event["text"], "author": actor}
        TimelineEvent.objects.create(incident=incident, source=TimelineEvent.Source.IMPORT, **facts)
    causes = _add_causes(incident, data["causes"])
    items = [_add_item(incident, item, teams, causes) for item in data["action_items"]]
    names = {"{INC}": incident.reference}
    names |= {f"{{ACT:{place}}}": item.reference for place, item in enumerate(items, start=1)}
    for facts in data["improvements"]:
        Improvement.objects.create(incident=incident, **{name: _named(text, names) for name, text in facts.items()})
    postmortem = start_postmortem(incident, actor=actor, author_line=data["author"])
    for section in postmortem.sections.all():
        body = _named(data["sections"].get(section.key, ""), names)
        save_section(section, body=body, actor=actor, now=incident.declared_at, origin=SectionVersion.Origin.IMPORTED)
    return incident


def _create_incident(data: dict[str, Any], teams: dict[str, Team], actor: User) -> Incident:
    facts = {name: _instant(value) if name.endswith("_at") else value for name, value in data["incident"].items()}
    severity = SeverityLevel.objects.get(level=data["severity"]["level"])
    if severity.name == "SEV1" and not severity.incidents.exists():
        # The guide calls its worst level P1. A level that is in use keeps the name its team knows.
        severity.name, severity.definition = data["severity"]["name"], data["severity"]["definition"]
        severity.save(update_fields=["name", "definition"])
    incident = Incident.objects.create(
        **facts, severity=severity, status="resolved", mode=Mode.RETROSPECTIVE, declared_by=actor, example=EXAMPLE
    )
    for service in data["services"]:
        known, _is_new = Service.objects.get_or_create(
            name=service["name"], defaults={"description": service["description"], "team": teams[service["team"]]}
        )
        incident.services.add(known)
    return incident


def _add_causes(incident: Incident, told: list[dict[str, Any]]) -> list[RootCause]:
    known = ("kind", "category", "statement", "whys")
    causes = [
        RootCause.objects.create(incident=incident, **{name: cause[name] for name in known if name in cause})
        for cause in told
    ]
    for cause, facts in zip(causes, told, strict=True):
        cause.leads_to.set([causes[place] for place in facts.get("leads_to", [])])
    return causes


def _add_item(incident: Incident, item: dict[str, Any], teams: dict[str, Team], causes: list[RootCause]) -> ActionItem:
    # Created as it is told: when a done item was completed is not known, so completed_at stays empty.
    return ActionItem.objects.create(
        incident=incident,
        title=item["title"],
        kind=item["kind"],
        status=item["status"],
        owner_team=teams[item["owner"]],
        due_date=date.fromisoformat(item["due"]),
        root_cause=causes[item["cause"]],
    )


def _named(text: str, names: dict[str, str]) -> str:
    """The text with the numbers that the records got here: `{ACT:1}` is the first action."""
    for mark, name in names.items():
        text = text.replace(mark, name)
    return text


def _instant(text: str) -> datetime:
    return datetime.fromisoformat(text)
