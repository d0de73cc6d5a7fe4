"""An incident, its duplicates, and what it is a duplicate of, for changing together."""

from dataclasses import dataclass

from django.db.models import Q
from django.utils.translation import gettext as _

from incidents.errors import IncidentError
from incidents.models import Incident


@dataclass(frozen=True)
class Family:
    """The incident as it stands now, what it was merged into, and what was merged into it."""

    incident: Incident
    target: Incident | None
    duplicates: list[Incident]


def lock_in_order(wanted: Q) -> dict[int, Incident]:
    """These incidents by number, locked in the order of their numbers, so that two changes never wait for each other.

    To be called before any of them, and anything of theirs, is locked.
    """
    numbers = list(Incident.objects.filter(wanted).values_list("pk", flat=True))
    return {found.pk: found for found in Incident.objects.select_for_update().filter(pk__in=numbers).order_by("pk")}


def lock_family(incident: Incident) -> Family:
    """All of them locked: until the transaction ends, nobody merges, takes out or restricts any of them.

    Raises IncidentError where one came to them at this very moment.
    """
    found = lock_in_order(Q(pk=incident.pk) | Q(duplicates=incident.pk) | Q(duplicate_of=incident.pk))
    incident = found.pop(incident.pk)
    target = found.get(incident.duplicate_of_id or 0)
    duplicates = [other for other in found.values() if other.duplicate_of_id == incident.pk]
    is_target_unknown = incident.duplicate_of_id is not None and target is None
    if is_target_unknown or incident.duplicates.exclude(pk__in=found).exists():
        raise IncidentError(_("An incident was merged with this one at this moment. Send it again."))
    return Family(incident, target, duplicates)
