"""Correcting what is said of an incident as a whole."""

from datetime import datetime
from typing import Any

from django.db import transaction

from accounts.models import User
from incidents.models import Incident, Service, SeverityLevel, TimelineEvent
from incidents.services.timeline import record


@transaction.atomic
def change_facts(
    incident: Incident,
    *,
    actor: User,
    now: datetime,
    severity: SeverityLevel,
    services: list[Service],
    **texts: str,
) -> Incident:
    """The incident with these facts; `texts` are title, summary and mode. A change of severity is a timeline event."""
    incident = Incident.objects.select_for_update().select_related("severity").get(pk=incident.pk)
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
def change_impact(incident: Incident, **impact: Any) -> Incident:
    """The incident with this impact; None or empty text is unknown."""
    incident = Incident.objects.select_for_update().get(pk=incident.pk)
    for name in ("impact", "customers_affected", "requests_failed", "data_lost", "cost"):
        setattr(incident, name, impact[name])
    incident.save(update_fields=["impact", "customers_affected", "requests_failed", "data_lost", "cost", "updated_at"])
    return incident
