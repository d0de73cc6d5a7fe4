"""Which post-mortems a person may take as one file."""

from collections.abc import Iterable

from accounts.models import User
from incidents.models import Export, Incident, Postmortem


def list_exportable(actor: User, numbers: Iterable[int]) -> list[int]:
    """Of these incidents those that have a post-mortem and that the person sees, in the same order."""
    wanted = [*numbers]
    seen = Incident.objects.visible_to(actor).filter(pk__in=wanted)
    begun = Postmortem.objects.exclude(status=Postmortem.Status.NOT_REQUIRED).filter(incident__in=seen)
    found = {*begun.values_list("incident_id", flat=True)}
    return [number for number in wanted if number in found]


def is_still_seen(export: Export, reader: User) -> bool:
    """Whether the reader sees every incident that is in the file, as they did when it was made."""
    numbers = {*export.numbers}
    return Incident.objects.visible_to(reader).filter(pk__in=numbers).count() == len(numbers)
