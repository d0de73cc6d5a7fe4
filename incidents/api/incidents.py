"""Incidents: declared and read by programs."""

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Query, Router, Status

from accounts.api import ScopedToken, acting_person
from accounts.models import Scope, User
from incidents.access import get_visible_incident
from incidents.api.named import NAMED, audience_of, services_of, severity_of
from incidents.api.schemas import Answer, IncidentIn, IncidentOut, IncidentPage, IncidentQuery
from incidents.documents.representation import as_json
from incidents.models import Incident
from incidents.queries.filtering import IncidentFilter
from incidents.queries.incidents import Position, keys_for, list_whole, load_whole, read_position
from incidents.services.declaration import declare_incident
from lib.api_fields import ProblemOut
from lib.keyset import Key
from lib.problems import Problem

# The route below takes the name.
_list = list

router = Router(tags=["incidents"])
REFUSALS = dict.fromkeys((401, 403, 422), ProblemOut)
PLACES = ("sort", "after", "before")


@router.post(
    "",
    auth=ScopedToken(Scope.WRITE_INCIDENTS),
    response={201: IncidentOut, 200: IncidentOut, **REFUSALS, **dict.fromkeys((409, 413, 415), ProblemOut)},
    url_name="incident_list",
)
def create(request: HttpRequest, sent: IncidentIn) -> Status[Answer]:
    """Declare an incident; a title is enough. 201 is a new one, 200 the one that was sent before under this key."""
    person, now = acting_person(request), timezone.now()
    check_may_write(person)
    facts = sent.model_dump(exclude_unset=True, exclude={"severity", "title", *NAMED})
    facts = {name: value for name, value in facts.items() if value is not None}
    facts |= {"severity": severity_of(sent.severity), "services": services_of(sent.services), **audience_of(sent)}
    incident = declare_incident(title=sent.title, actor=person, now=now, **facts)
    if not Incident.objects.visible_to(person).filter(pk=incident.pk).exists():
        # It has been restricted since, and no longer names whoever declared it.
        raise Problem(409, _("This submission key was used before. Choose another one for another incident."))
    return Status(201 if incident.declared_at == now else 200, _whole(incident.pk, person))


@router.get(
    "", auth=ScopedToken(Scope.READ_INCIDENTS), response={200: IncidentPage, **REFUSALS}, url_name="incident_list"
)
def list(request: HttpRequest, asked: Query[IncidentQuery]) -> Answer:
    """The incidents that the token's maker sees, 50 a page; filters and orders are those of the page."""
    refuse_unknown(request, {*IncidentQuery.model_fields})
    wanted = IncidentFilter.of(asked.model_dump(exclude={*PLACES}))
    position = position_of(asked.after, asked.before, keys_for(wanted, asked.sort))
    found = list_whole(acting_person(request), wanted, asked.sort, position)
    return {
        "count": found.tally.count,
        "is_count_exact": found.tally.is_exact,
        "next": found.after or None,
        "previous": found.before or None,
        "results": [as_json(incident) for incident in found.incidents],
    }


@router.get(
    "{int:number}/",
    auth=ScopedToken(Scope.READ_INCIDENTS),
    response={200: IncidentOut, 404: ProblemOut, **REFUSALS},
    url_name="incident",
)
def detail(request: HttpRequest, number: int) -> Answer:
    """One incident."""
    person = acting_person(request)
    return _whole(get_visible_incident(person, number).pk, person)


def check_may_write(person: User) -> None:
    """Problem 403 where whoever made the token may only read."""
    if not person.is_writer:
        detail = _("Whoever made this token may only read. Ask an administrator for the responder role.")
        raise Problem(403, detail)


def refuse_unknown(request: HttpRequest, known: set[str]) -> None:
    """Problem 422 for a filter that is not there: left alone, a slip of the pen would give everything."""
    if unknown := sorted(set(request.GET) - known):
        detail = _("There is no such filter; there are %(names)s.") % {"names": ", ".join(sorted(known))}
        raise Problem(422, detail, errors=[{"pointer": name[:100], "detail": detail} for name in unknown[:10]])


def position_of(after: str, before: str, keys: "_list[Key]") -> Position:
    """Where the page begins; Problem 422 for a place that no answer has named."""
    try:
        return read_position(after, before, keys)
    except ValueError as error:
        detail = _("This is no place in a list in this order. Take “next” or “previous” from an answer as it stands.")
        raise Problem(422, detail, errors=[{"pointer": "after" if after else "before", "detail": detail}]) from error


def _whole(number: int, person: User) -> Answer:
    return as_json(load_whole([number], person)[0])
