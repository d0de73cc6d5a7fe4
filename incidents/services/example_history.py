"""The example's other incidents: those of the past months, and a drill that is going on."""

import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.db import transaction
from django.db.models import ProtectedError, QuerySet
from django.utils.translation import gettext as _

from accounts.audit import Door, changes_by
from accounts.models import Team, User
from incidents.errors import IncidentError
from incidents.models import ActionItem, Incident, RootCause, Service, SeverityLevel, TimelineEvent
from incidents.services.drafts import start_postmortem
from incidents.services.sections import save_section
from incidents.services.tags import name_tags

DATA = Path(__file__).resolve().parent.parent / "data" / "example_history.json"
# By this tag people find what is made up.
TAG = "example"


@transaction.atomic
def load_example_history(*, actor: User, now: datetime) -> list[Incident]:
    """The incidents that lie in the weeks before `now`, so that board, figures and search show something.

    Those that stand already stay as they are, and are not among those returned.
    """
    stories = json.loads(DATA.read_text())
    known = {*_history().values_list("example", flat=True)}
    with changes_by(actor, door=Door.IMPORT):
        return [_load(story, actor=actor, now=now) for story in stories if story["name"] not in known]


@transaction.atomic
def remove_example_history() -> int:
    """None of them is there any more; how many were. Raises IncidentError where other records rest on one."""
    removed = 0
    for incident in _history():
        try:
            incident.delete()
        except ProtectedError as error:
            raise IncidentError(
                _("%(incident)s stays, and so do the others: evidence, a restore test or another incident rests on it.")
                % {"incident": incident.reference}
            ) from error
        removed += 1
    return removed


def _history() -> QuerySet[Incident]:
    return Incident.objects.filter(example__in=[story["name"] for story in json.loads(DATA.read_text())])


def _load(story: dict[str, Any], *, actor: User, now: datetime) -> Incident:
    began = _begin(story["began"], now)
    incident = _create_incident(story, began, actor)
    for minute, kind, text in story["events"]:
        at = began + timedelta(minutes=minute)
        TimelineEvent.objects.create(
            incident=incident, occurred_at=at, kind=kind, text=text, author=actor, source=TimelineEvent.Source.IMPORT
        )
    causes = [RootCause.objects.create(incident=incident, **cause) for cause in story["causes"]]
    for item in story["action_items"]:
        _add_item(incident, item, causes)
    if told := story.get("postmortem"):
        _write_postmortem(incident, told, actor)
    return incident


def _begin(told: dict[str, Any], now: datetime) -> datetime:
    if minutes := told.get("minutes_ago"):
        return now.replace(second=0, microsecond=0) - timedelta(minutes=minutes)
    hour, minute = told["at"].split(":")
    day = now - timedelta(days=told["days_ago"])
    return day.replace(hour=int(hour), minute=int(minute), second=0, microsecond=0)


def _create_incident(story: dict[str, Any], began: datetime, actor: User) -> Incident:
    milestones = {name: began + timedelta(minutes=minutes) for name, minutes in story["minutes"].items()}
    if "mode" not in story["facts"]:
        milestones["impact_started_at"] = began
    severity = SeverityLevel.objects.get(level=story["severity"])
    facts = {"severity": severity, "declared_by": actor, "example": story["name"]}
    incident = Incident.objects.create(**story["facts"], **milestones, **facts)
    incident.services.set(Service.objects.get_or_create(name=name)[0] for name in story["services"])
    incident.tags.set(name_tags([TAG, *story["tags"]]))
    return incident


def _add_item(incident: Incident, item: dict[str, Any], causes: list[RootCause]) -> None:
    over = incident.resolved_at or incident.declared_at
    done_after = item.get("done_after_days")
    ActionItem.objects.create(
        incident=incident,
        title=item["title"],
        kind=item["kind"],
        status=item["status"],
        owner_team=Team.objects.get_or_create(name=item["owner"])[0],
        due_date=(over + timedelta(days=item["due_after_days"])).date(),
        completed_at=over + timedelta(days=done_after) if done_after else None,
        root_cause=causes[item["cause"]],
    )


def _write_postmortem(incident: Incident, told: dict[str, Any], actor: User) -> None:
    postmortem = start_postmortem(incident, actor=actor)
    written_at = incident.resolved_at or incident.declared_at
    for section in postmortem.sections.filter(key__in=told["sections"]):
        save_section(section, body=told["sections"][section.key], actor=actor, now=written_at)
    if incident.resolved_at and (days := told.get("published_after_days")):
        postmortem.status, postmortem.published_at = told["status"], incident.resolved_at + timedelta(days=days)
        postmortem.save(update_fields=["status", "published_at", "updated_at"])
