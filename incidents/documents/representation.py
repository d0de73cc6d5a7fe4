"""An incident as programs read it: in the API, and in files of many. Unknown is null."""

from datetime import UTC, datetime
from typing import Any

from incidents.models import Incident, IncidentRole, TimelineEvent

EVENT_FIELDS = ("kind", "text", "source", "grading", "is_pinned", "is_hidden", "version")


def as_json(incident: Incident) -> dict[str, Any]:
    """What is known of an incident that was loaded whole, durations in seconds, instants in RFC 3339.

    People are user names; `duplicate_of` is a number only where the reader may know of that incident.
    """
    return {
        "number": incident.number,
        "reference": incident.reference,
        "path": incident.get_absolute_url(),
        "title": incident.title,
        "summary": incident.summary,
        "severity": {"level": incident.severity.level, "name": incident.severity.name},
        "status": incident.status,
        "mode": incident.mode,
        "visibility": incident.visibility,
        "services": sorted(service.name for service in incident.services.all()),
        "tags": sorted(tag.name for tag in incident.tags.all()),
        "declared_by": incident.declared_by.username,
        "roles": _roles(incident),
        "milestones": {name: _instant(value) for name, value in incident.milestones.items()},
        "durations": {
            duration.name: {"state": duration.state.value, "seconds": duration.seconds}
            for duration in incident.durations
        },
        "impact": {
            "description": incident.impact or None,
            "customers_affected": incident.customers_affected,
            "requests_failed": incident.requests_failed,
            "data_loss": incident.data_loss if incident.data_loss != "unknown" else None,
            "data_lost": incident.data_lost or None,
            "cost": incident.cost or None,
        },
        "postmortem": _postmortem(incident),
        "action_items": {"total": _counted(incident, "action_count"), "open": _counted(incident, "open_action_count")},
        "duplicate_of": getattr(incident, "shown_duplicate_of", None),
        "created_at": _instant(incident.created_at),
        "updated_at": _instant(incident.updated_at),
    }


def event_as_json(event: TimelineEvent) -> dict[str, Any]:
    """One entry of a timeline."""
    return {
        "id": event.pk,
        "incident": event.incident_id,
        "occurred_at": _instant(event.occurred_at),
        "ended_at": _instant(event.ended_at),
        "author": event.author.username,
        **{name: getattr(event, name) for name in EVENT_FIELDS},
        "created_at": _instant(event.created_at),
        "updated_at": _instant(event.updated_at),
    }


def _roles(incident: Incident) -> dict[str, list[str]]:
    """Who holds which role now, by user name."""
    roles: dict[str, list[str]] = {role: [] for role in IncidentRole.values}
    for assignment in getattr(incident, "held_roles", ()):
        roles[assignment.role].append(assignment.person.username)
    return roles


def _postmortem(incident: Incident) -> dict[str, Any]:
    found = getattr(incident, "postmortem", None)
    due = incident.postmortem_due
    return {
        "status": found.status if found else None,
        "due": due.isoformat() if due else None,
        "published_at": _instant(found.published_at) if found else None,
    }


def _counted(incident: Incident, name: str) -> int:
    count: int = getattr(incident, name)
    return count


def _instant(value: datetime | None) -> str | None:
    return value.astimezone(UTC).isoformat().replace("+00:00", "Z") if value else None
