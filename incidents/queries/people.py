"""What a person does and did in incidents: always as far as the reader sees the incidents behind it."""

from dataclasses import dataclass
from typing import Generic, TypeVar

from django.db.models import Exists, Model, OuterRef, Q, QuerySet

from accounts.models import User
from incidents.models import ActionItem, Incident, IncidentRole, RoleAssignment
from incidents.queries.incidents import CLOSED_ITEMS
from incidents.queries.services import list_open_items

SHOWN = 20
Listed = TypeVar("Listed", bound=Model)


@dataclass(frozen=True)
class First(Generic[Listed]):
    """The first of what there is, and whether there is more."""

    shown: list[Listed]
    has_more: bool


def list_held_parts(person: User, reader: User) -> QuerySet[RoleAssignment]:
    """The parts this person has now in incidents that go on, the newest first."""
    return _parts(person, reader).filter(_is_held()).order_by("-taken_at", "-pk")


def list_former_parts(person: User, reader: User) -> First[RoleAssignment]:
    """The parts this person handed over, or had when the incident was over, the newest first."""
    return _first(_parts(person, reader).exclude(_is_held()).order_by("-taken_at", "-pk"))


def list_owed_items(person: User, reader: User) -> First[ActionItem]:
    """What this person still owes, what is due first at the top."""
    # By what an item's incident is, not by a list of all incidents: a person's items are few.
    theirs = ActionItem.objects.filter(owner_person=person).exclude(status__in=CLOSED_ITEMS).order_by()
    return _first(list_open_items(reader, Q(owner_person=person), among=theirs.values("incident")))


def list_declared(person: User, reader: User) -> First[Incident]:
    """The incidents this person declared, the newest first."""
    declared = Incident.objects.visible_to(reader).filter(declared_by=person)
    return _first(declared.select_related("severity").order_by("-number"))


def list_holders_by_role(reader: User) -> list[tuple[IncidentRole, list[RoleAssignment]]]:
    """Every role with those who hold it in incidents that go on, the newest first."""
    ongoing = Incident.objects.visible_to(reader).ongoing().order_by().values("pk")
    held = RoleAssignment.objects.filter(incident__in=ongoing, released_at=None)
    held = held.select_related("incident", "person").order_by("-taken_at", "-pk")
    known = list(held)
    return [(role, [one for one in known if one.role == role]) for role in IncidentRole]


def _parts(person: User, reader: User) -> QuerySet[RoleAssignment]:
    # Asked for each part: a list of all incidents would take longer than all else about the page.
    seen = Incident.objects.visible_to(reader).filter(pk=OuterRef("incident")).order_by()
    return RoleAssignment.objects.filter(Exists(seen), person=person).select_related("incident")


def _is_held() -> Q:
    return Q(released_at=None, incident__resolved_at=None)


def _first(found: QuerySet[Listed]) -> First[Listed]:
    some = list(found[: SHOWN + 1])
    return First(some[:SHOWN], has_more=len(some) > SHOWN)
