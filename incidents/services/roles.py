"""Taking, handing over and releasing the parts of a response."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from incidents.errors import IncidentError
from incidents.lifecycle import fits
from incidents.models import Incident, IncidentRole, Mode, RoleAssignment, TimelineEvent
from incidents.queries.roles import list_assignable_people
from incidents.services.timeline import record
from lib.markdown_source import escape


@transaction.atomic
def assign_role(
    incident: Incident, *, role: str, person: User, actor: User, now: datetime, seen: Collection[int] = ()
) -> RoleAssignment:
    """The person in this role from now on; whoever held it has released it, unless experts may be many.

    `seen` are the keys of the assignments that were shown as held. Refused where another one stands, so that nobody is
    relieved unseen. Taking command for the first time acknowledges the incident.
    """
    incident = Incident.objects.select_for_update().get(pk=incident.pk)
    part = IncidentRole(role)
    if not list_assignable_people(incident).filter(pk=person.pk).exists():
        raise IncidentError(
            _("%(person)s cannot be given a role here: only people who may see and change this incident can.")
            % {"person": person},
            field="person",
        )
    held = list(incident.role_assignments.filter(role=part, released_at=None).select_related("person"))
    _check_free(part, held, person=person, seen=seen)
    before = held[0] if held and part is not IncidentRole.EXPERT else None
    if before:
        _end(before, now)
    assignment = RoleAssignment.objects.create(incident=incident, role=part, person=person, taken_at=now)
    is_first = part is IncidentRole.COMMANDER and _acknowledge(incident, now)
    text = _tell(assignment, before, actor) + (" " + _("Acknowledged.") if is_first else "")
    record(incident, TimelineEvent.Kind.STATUS_CHANGE, text, actor=actor, at=now)
    return assignment


@transaction.atomic
def release_role(assignment: RoleAssignment, *, actor: User, now: datetime) -> RoleAssignment:
    """The role held no longer by this person; nobody holds it until it is taken."""
    incident = Incident.objects.select_for_update().get(pk=assignment.incident_id)
    assignment = RoleAssignment.objects.select_related("person").get(pk=assignment.pk)
    if assignment.released_at is not None:
        raise IncidentError(_("This role has been released or handed over already."))
    _end(assignment, now)
    words = {"role": assignment.get_role_display(), "person": escape(str(assignment.person))}
    text = _("%(role)s: released by %(person)s.") % words
    record(incident, TimelineEvent.Kind.STATUS_CHANGE, text, actor=actor, at=now)
    return assignment


def _check_free(part: IncidentRole, held: list[RoleAssignment], *, person: User, seen: Collection[int]) -> None:
    if any(one.person_id == person.pk for one in held):
        raise IncidentError(
            _("%(person)s holds this role already: %(role)s.") % {"person": person, "role": part.label}, field="person"
        )
    if part is IncidentRole.EXPERT or not held or held[0].pk in seen:
        return
    words = {"person": held[0].person, "role": part.label}
    raise IncidentError(
        _("Somebody else was quicker: %(person)s holds this role now: %(role)s. Hand it over if it should change.")
        % words
    )


def _end(assignment: RoleAssignment, now: datetime) -> None:
    # The clocks of two servers may differ by a little; a role does not end before it began.
    assignment.released_at = max(now, assignment.taken_at)
    assignment.save(update_fields=["released_at", "updated_at"])


def _acknowledge(incident: Incident, now: datetime) -> bool:
    """Whether taking command acknowledges: not what is known, and not what is written down afterwards."""
    if incident.acknowledged_at or incident.mode == Mode.RETROSPECTIVE:
        return False
    if not fits("acknowledged_at", now, incident.milestones):
        return False
    incident.acknowledged_at = now
    incident.save(update_fields=["acknowledged_at", "updated_at"])
    return True


def _tell(assignment: RoleAssignment, before: RoleAssignment | None, actor: User) -> str:
    words = {"role": assignment.get_role_display(), "person": escape(str(assignment.person))}
    if before:
        words["before"] = escape(str(before.person))
        return _("%(role)s: handed over from %(before)s to %(person)s.") % words
    if assignment.person_id == actor.pk:
        return _("%(role)s: taken by %(person)s.") % words
    return _("%(role)s: given to %(person)s.") % words
