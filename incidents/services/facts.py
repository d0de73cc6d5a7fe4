"""Correcting what is said of an incident as a whole."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from incidents.errors import IncidentError
from incidents.models import Incident, Mode, SeverityLevel, TimelineEvent
from incidents.services.tags import name_tags
from incidents.services.timeline import next_revision, record
from lib.edits import check_unchanged, values_of

FACTS = ("title", "summary", "mode", "time_zone")
IMPACT = ("impact", "customers_affected", "requests_failed", "data_loss", "data_lost", "cost")


def fact_values(incident: Incident) -> dict[str, Any]:
    """What a form over the facts is filled with."""
    return values_of(incident, (*FACTS, "severity")) | {
        "services": list(incident.services.all()),
        "tags": sorted(tag.name for tag in incident.tags.all()),
    }


def impact_values(incident: Incident) -> dict[str, Any]:
    """What a form over the impact is filled with."""
    return values_of(incident, IMPACT)


@transaction.atomic
def change_facts(incident: Incident, *, actor: User, now: datetime, seen: str | None = None, **facts: Any) -> Incident:
    """The incident with these facts; what is not given stays. A change of severity is a timeline event.

    `facts` are title, summary, mode, time_zone (empty: the installation's), severity, services, and tags (words).
    Raises EditConflict when somebody changed them since they were `seen`, IncidentError for a mode that cannot be.
    """
    # Itself alone: all incidents of a severity share that row, and others are edited meanwhile.
    incident = Incident.objects.select_for_update(of=("self",)).select_related("severity").get(pk=incident.pk)
    check_unchanged(fact_values(incident), seen)
    _check_mode(incident, facts.get("mode", incident.mode))
    _change_severity(incident, facts.get("severity"), actor=actor, now=now)
    for name in FACTS:
        setattr(incident, name, facts.get(name, getattr(incident, name)))
    next_revision(incident)
    incident.save(update_fields=["severity", *FACTS, "updated_at"])
    if "services" in facts:
        incident.services.set(facts["services"])
    if "tags" in facts:
        incident.tags.set(name_tags(facts["tags"]))
    return incident


def _check_mode(incident: Incident, mode: str) -> None:
    if mode == Mode.RETROSPECTIVE != incident.mode and not incident.is_over:
        raise IncidentError(
            _("A retrospective incident is over, and this one is not. Resolve it first, or choose another mode."),
            field="mode",
        )


def _change_severity(incident: Incident, severity: SeverityLevel | None, *, actor: User, now: datetime) -> None:
    """The severity on the incident, unsaved, and the event that tells it."""
    if severity is None or severity == incident.severity:
        return
    change = f"{incident.severity.name} → {severity.name}"
    record(incident, TimelineEvent.Kind.STATUS_CHANGE, change, actor=actor, at=now)
    incident.severity = severity


@transaction.atomic
def change_impact(incident: Incident, *, seen: str | None = None, **impact: Any) -> Incident:
    """The incident with this impact; None or empty text is unknown, what is not given stays.

    Raises EditConflict when somebody changed it since it was `seen`.
    """
    incident = Incident.objects.select_for_update().get(pk=incident.pk)
    check_unchanged(impact_values(incident), seen)
    for name in IMPACT:
        setattr(incident, name, impact.get(name, getattr(incident, name)))
    next_revision(incident)
    incident.save(update_fields=[*IMPACT, "updated_at"])
    return incident
