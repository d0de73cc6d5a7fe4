"""What the top of an incident's page shows: its head, its course, its status, who has which part in it."""

from datetime import datetime
from typing import Any

from django.utils import timezone

from incidents.closing import list_obstacles
from incidents.documents.phase_picture import draw_phases
from incidents.lifecycle import MILESTONES, Status
from incidents.models import Incident, IncidentRole
from incidents.queries.roles import held_roles, list_assignments, list_participants


def panels(incident: Incident, *, now: datetime) -> dict[str, Any]:
    """What the whole page shows of it."""
    return head(incident, now=now) | course(incident, now=now) | obstacles(incident)


def head(incident: Incident, *, now: datetime) -> dict[str, Any]:
    """What the head and the panel of roles show."""
    assignments = list_assignments(incident)
    roles = held_roles(assignments)
    commander = next(role.holder for role in roles if role.role is IncidentRole.COMMANDER)
    began = incident.impact_started_at or incident.detected_at or incident.declared_at
    end = incident.resolved_at or now
    return {
        "roles": roles,
        "role_history": assignments,
        "commander": commander,
        "participants": list_participants(assignments),
        "age": max((end - began).total_seconds(), 0.0),
        "began": began,
    }


def course(incident: Incident, *, now: datetime) -> dict[str, Any]:
    """What the picture of the phases and the panel of milestones show."""
    milestones = [(label, incident.milestones[name]) for name, label in MILESTONES.items()]
    picture = draw_phases(incident, now=now, zone=timezone.get_current_timezone())
    return {"milestones": milestones, "durations": incident.durations, "picture": picture}


def obstacles(incident: Incident) -> dict[str, Any]:
    """What stands in the way of closing an incident that is not closed."""
    return {"obstacles": [] if incident.status == Status.CLOSED else list_obstacles(incident)}
