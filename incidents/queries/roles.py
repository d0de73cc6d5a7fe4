"""Who has which part in a response."""

from dataclasses import dataclass

from django.db.models import QuerySet

from accounts.models import Role, User
from incidents.models import Incident, IncidentRole, RoleAssignment
from incidents.models.grant import who_sees
from lib.compiled import CompiledRecords

COMMANDER = IncidentRole.COMMANDER
MOST_SUCCESSORS = 30
_ANY_NUMBER = -102
_assignments = CompiledRecords[RoleAssignment](
    lambda: RoleAssignment.objects.filter(incident=_ANY_NUMBER).select_related("person").order_by("taken_at", "pk")
)


@dataclass(frozen=True)
class HeldRole:
    """A role, and who holds it now: nobody, one, or, of experts, any number."""

    role: IncidentRole
    held: tuple[RoleAssignment, ...]

    @property
    def label(self) -> str:
        """The role in words."""
        return str(self.role.label)

    @property
    def is_single(self) -> bool:
        """True for a role that one person holds at a time."""
        return self.role is not IncidentRole.EXPERT

    @property
    def holder(self) -> RoleAssignment | None:
        """Who holds a single role now."""
        return self.held[0] if self.held else None


def list_assignments(incident: Incident) -> list[RoleAssignment]:
    """All that anybody has held in this incident, in the order in which it was taken."""
    return _assignments.fetch({_ANY_NUMBER: incident.pk})


def held_roles(assignments: list[RoleAssignment]) -> list[HeldRole]:
    """Every role with those who hold it now."""
    held = [assignment for assignment in assignments if assignment.released_at is None]
    return [HeldRole(role, tuple(one for one in held if one.role == role)) for role in IncidentRole]


def list_assignable_people(incident: Incident) -> QuerySet[User]:
    """Those who may be given a role: everyone who may write and may see this incident."""
    may_write = {"is_active": True, "role__in": (Role.RESPONDER, Role.ADMINISTRATOR)}
    return User.objects.filter(who_sees(incident), **may_write).order_by("name", "username")


def list_participants(assignments: list[RoleAssignment]) -> list[User]:
    """Those who hold a part now, but for who has the command: the first to hand it over to."""
    held = [one for one in assignments if one.released_at is None]
    commanders = {one.person_id for one in held if one.role == COMMANDER}
    people = {one.person_id: one.person for one in held if one.person_id not in commanders}
    return list(people.values())


def list_holders(incident: Incident) -> QuerySet[User]:
    """Who holds a role now, each once, whether they may still sign in or not."""
    return User.objects.filter(role_assignments__incident=incident, role_assignments__released_at=None).distinct()


def list_successors(incident: Incident) -> list[User]:
    """Who may be given the command besides those who have a part in the incident, by name; of many, the first."""
    held = incident.role_assignments.filter(released_at=None).values("person")
    return list(list_assignable_people(incident).exclude(pk__in=held).only("username", "name")[:MOST_SUCCESSORS])
