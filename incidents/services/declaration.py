"""Declaring an incident."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from incidents.lifecycle import check_milestones
from incidents.models import Incident, Mode, SeverityLevel, TimelineEvent
from incidents.services.timeline import record


@transaction.atomic
def declare_incident(
    *,
    title: str,
    severity: SeverityLevel,
    actor: User,
    now: datetime,
    mode: str = Mode.LIVE,
    **facts: Any,
) -> Incident:
    """A new incident under investigation, with its declaration as first timeline event.

    `facts` may hold `summary` and `impact_started_at` (None: unknown).
    """
    check_milestones({"impact_started_at": facts.get("impact_started_at")}, now=now)
    incident = Incident.objects.create(
        title=title, severity=severity, mode=mode, declared_by=actor, declared_at=now, **facts
    )
    record(incident, TimelineEvent.Kind.STATUS_CHANGE, _("Incident declared."), actor=actor, at=now)
    return incident
