"""What else an incident has to do with, as far as a reader may know of it."""

from dataclasses import dataclass

from django.db.models import Exists, OuterRef, QuerySet

from accounts.models import User
from incidents.models import Incident, IncidentLink
from lib.compiled import CompiledRecords

_ANY_PERSON, _ANY_NUMBER, _ANY_OTHER = -101, -102, -103


@dataclass(frozen=True)
class Relations:
    """The incidents that the page of one names; `merged_into` is what it is a duplicate of, where that is visible."""

    merged_into: Incident | None
    duplicates: list[Incident]
    related: list[Incident]


def list_relations(incident: Incident, user: User) -> Relations:
    """Duplicates and related incidents that this person sees, in one query."""
    rows = _related.fetch({_ANY_PERSON: user.pk, _ANY_NUMBER: incident.pk, _ANY_OTHER: incident.duplicate_of_id})
    # Read so, since the annotation is unknown to the type of the rows.
    related = [row for row in rows if vars(row)["is_related"]]
    return Relations(
        merged_into=next((row for row in rows if row.pk == incident.duplicate_of_id), None),
        duplicates=[row for row in rows if row.duplicate_of_id == incident.pk],
        related=related,
    )


def find_incident(user: User, number: int) -> Incident | None:
    """The incident with this number, where this person may know of it."""
    return Incident.objects.visible_to(user).filter(number=number).first()


def list_links(incident: Incident) -> list[IncidentLink]:
    """Where else something is said of the incident."""
    return _links.fetch({_ANY_NUMBER: incident.pk})


def _relations() -> QuerySet[Incident]:
    through = Incident.related.through.objects.filter(from_incident=_ANY_NUMBER)
    alike = Incident.objects.order_by().values("pk")
    # One list of keys: alternatives would be looked for among all incidents.
    wanted = alike.filter(duplicate_of=_ANY_NUMBER).union(
        alike.filter(pk=_ANY_OTHER), through.values("to_incident"), all=True
    )
    found = Incident.objects.visible_to(User(pk=_ANY_PERSON)).filter(pk__in=wanted).select_related("severity")
    return found.annotate(is_related=Exists(through.filter(to_incident=OuterRef("pk")))).order_by("-number")


_related = CompiledRecords[Incident](_relations)
_links = CompiledRecords[IncidentLink](lambda: IncidentLink.objects.filter(incident=_ANY_NUMBER))
