"""What an incident taught, and what is done about it."""

from django.db.models import QuerySet

from incidents.models import ActionItem, Improvement, Incident, RootCause


def list_causes(incident: Incident) -> QuerySet[RootCause]:
    """The incident's causes with the action items that address them."""
    return RootCause.objects.filter(incident=incident).prefetch_related("action_items")


def list_action_items(incident: Incident) -> QuerySet[ActionItem]:
    """The incident's action items with their owners."""
    return ActionItem.objects.filter(incident=incident).select_related("owner_person", "owner_team", "root_cause")


def list_improvements(incident: Incident) -> QuerySet[Improvement]:
    """What got better after the incident."""
    return Improvement.objects.filter(incident=incident)
