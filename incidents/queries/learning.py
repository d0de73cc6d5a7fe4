"""What an incident taught, and what is done about it."""

from django.db.models import Prefetch, prefetch_related_objects

from incidents.models import ActionItem, Improvement, Incident, RootCause
from lib.compiled import CompiledRecords

_ANY_NUMBER = -102
_causes = CompiledRecords[RootCause](lambda: RootCause.objects.filter(incident=_ANY_NUMBER))
_improvements = CompiledRecords[Improvement](lambda: Improvement.objects.filter(incident=_ANY_NUMBER))
_action_items = CompiledRecords[ActionItem](
    lambda: ActionItem.objects.filter(incident=_ANY_NUMBER).select_related("owner_person", "owner_team", "root_cause")
)


def list_causes(incident: Incident) -> list[RootCause]:
    """The incident's causes with the action items that address them."""
    causes = _causes.fetch({_ANY_NUMBER: incident.pk})
    # By the incident, which an index leads to: few items have a cause, and where statistics say so, databases read all.
    prefetch_related_objects(causes, Prefetch("action_items", incident.action_items.all()))
    return causes


def list_action_items(incident: Incident) -> list[ActionItem]:
    """The incident's action items with their owners."""
    return _action_items.fetch({_ANY_NUMBER: incident.pk})


def list_improvements(incident: Incident) -> list[Improvement]:
    """What got better after the incident."""
    return _improvements.fetch({_ANY_NUMBER: incident.pk})
