"""Who had which part in the response, for a document."""

from datetime import tzinfo

from django.utils.translation import gettext as _

from incidents.documents.blocks import format_instant
from incidents.documents.tree import Cell, Fact, Facts
from incidents.models import IncidentRole, RoleAssignment


def role_blocks(assignments: list[RoleAssignment], zone: tzinfo) -> tuple[Facts, ...]:
    """Each role that anybody held, with everyone who held it and when; nothing where nobody held any."""
    if not assignments:
        return ()
    facts = []
    for role in IncidentRole:
        held = [_describe(one, zone) for one in assignments if one.role == role]
        if held:
            facts.append(Fact(str(role.label), Cell("; ".join(held))))
    return (Facts(tuple(facts), title=_("Roles")),)


def _describe(assignment: RoleAssignment, zone: tzinfo) -> str:
    words = {"person": assignment.person, "from": format_instant(assignment.taken_at, zone)}
    if assignment.released_at is None:
        return _("%(person)s, since %(from)s") % words
    words["until"] = format_instant(assignment.released_at, zone)
    return _("%(person)s, %(from)s to %(until)s") % words
