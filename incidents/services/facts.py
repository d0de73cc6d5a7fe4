"""Correcting what is said of an incident as a whole."""

from datetime import datetime
from typing import Any

from django.db import transaction

from accounts.models import User
from incidents.models import Incident, Service, SeverityLevel, TimelineEvent
from incidents.services.timeline import record
from lib.edits import check_unchanged, values_of

IMPACT = ("impact", "customers_affected", "requests_failed", "data_lost", "cost")


def fact_values(incident: Incident) -> dict[str, Any]:
    """What a form over the facts is filled with."""
    return values_of(incident, ("title", "summary", "severity", "mode")) | {"services": list(incident.services.all())}


def impact_values(incident: Incident) -> dict[str, Any]:
    """What a form over the impact is filled with."""
    return values_of(incident, IMPACT)


@transaction.atomic
def change_facts(
    incident: Incident,
    *,
    actor: User,
    now: datetime,
    severity: SeverityLevel,
    services: list[Service],
    seen: str | None = None,
    **texts: str,
) -> Incident:
    """The incident with these facts; `texts` are title, summary and mode. A change of severity is a timeline event.

    Raises EditConflict when somebody changed them since they were `seen`.
    """
    incident = Incident.objects.select_for_update().select_related("severity").get(pk=incident.pk)
    check_unchanged(fact_values(incident), seen)
    if severity != incident.severity:
        change = f"{incident.severity.name} → {severity.name}"
        record(incident, TimelineEvent.Kind.STATUS_CHANGE, change, actor=actor, at=now)
    incident.severity = severity
    for name in ("title", "summary", "mode"):
        setattr(incident, name, texts[name])
    incident.save(update_fields=["severity", "title", "summary", "mode", "updated_at"])
    incident.services.set(services)
    return incident


@transaction.atomic
def change_impact(incident: Incident, *, seen: str | None = None, **impact: Any) -> Incident:
    """The incident with this impact; None or empty text is unknown.

    Raises EditConflict when somebody changed it since it was `seen`.
    """
    incident = Incident.objects.select_for_update().get(pk=incident.pk)
    check_unchanged(impact_values(incident), seen)
    for name in IMPACT:
        setattr(incident, name, impact[name])
    incident.save(update_fields=[*IMPACT, "updated_at"])
    return incident
