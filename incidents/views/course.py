"""What the top of an incident's page shows: its head, its course, its status, who has which part in it."""

from datetime import datetime
from typing import Any

from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import SafeString

from incidents.closing import list_obstacles
from incidents.documents.phase_picture import draw_phases
from incidents.durations import measure_durations
from incidents.lifecycle import MILESTONES, Status
from incidents.models import Incident, IncidentRole
from incidents.queries.roles import held_roles, list_assignments, list_participants
from lib.fragments import remembered


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
    milestones = tuple(incident.milestones.values())
    # While it goes on, the picture is another one each second.
    draw = _draw_again if incident.is_over else _draw
    return {
        "times": _list_times(milestones, incident.is_over),
        "picture": draw(milestones, incident.status, None if incident.is_over else now),
    }


@remembered
def _list_times(milestones: tuple[datetime | None, ...], is_over: bool) -> SafeString:  # found by values
    known = dict(zip(MILESTONES, milestones, strict=True))
    context = {
        "milestones": zip(MILESTONES.values(), milestones, strict=True),
        "durations": measure_durations(known, is_over=is_over),
    }
    return render_to_string("incidents/facts/_times.html", context)


def _draw(milestones: tuple[datetime | None, ...], status: str, now: datetime | None) -> SafeString:
    incident = Incident(status=status, **dict(zip(MILESTONES, milestones, strict=True)))
    picture = draw_phases(incident, now=now or timezone.now(), zone=timezone.get_current_timezone())
    return render_to_string("incidents/course/_picture.html", {"picture": picture})


_draw_again = remembered(_draw)


def obstacles(incident: Incident) -> dict[str, Any]:
    """What stands in the way of closing an incident that is not closed."""
    return {"obstacles": [] if incident.status == Status.CLOSED else list_obstacles(incident)}
