"""Incidents that have to do with one another."""

from django.db import transaction
from django.utils.translation import gettext as _

from incidents.errors import IncidentError
from incidents.models import Incident
from incidents.services.timeline import next_revision


@transaction.atomic
def relate_incidents(incident: Incident, *, other: Incident) -> Incident:
    """Each of the two is named on the page of the other, for whoever may see both."""
    if incident.pk == other.pk:
        raise IncidentError(_("This is the incident itself. Enter the number of another one."), field="other")
    _renew(incident, other)
    incident.related.add(other)
    return incident


@transaction.atomic
def part_incidents(incident: Incident, *, other: Incident) -> Incident:
    """Neither of the two is named on the page of the other any more; relating them again undoes it."""
    _renew(incident, other)
    incident.related.remove(other)
    return incident


def _renew(*incidents: Incident) -> None:
    # In the order of their numbers, as everything that locks two incidents.
    for incident in sorted(incidents, key=lambda incident: incident.pk):
        next_revision(incident)
