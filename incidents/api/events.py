"""Timelines: written and read by programs."""

from django.db.models import F
from django.http import HttpRequest
from django.utils import timezone
from ninja import Query, Router, Status

from accounts.api import ScopedToken, acting_person
from accounts.models import Scope
from incidents.access import get_visible_incident
from incidents.api.incidents import check_may_write, position_of, refuse_unknown
from incidents.api.schemas import Answer, EventIn, EventOut, EventPage, EventQuery
from incidents.documents.representation import event_as_json
from incidents.errors import SentElsewhereError
from incidents.models import TimelineEvent
from incidents.services.timeline import add_event
from lib.api_fields import ProblemOut
from lib.keyset import Key, read_instant, read_number, read_page
from lib.problems import Problem

router = Router(tags=["timelines"])
REFUSALS = dict.fromkeys((401, 403, 404, 422), ProblemOut)
EVENTS_A_PAGE = 100
IN_ORDER = [Key("occurred_at", F("occurred_at"), read_instant), Key("id", F("pk"), read_number)]


@router.post(
    "{int:number}/events/",
    auth=ScopedToken(Scope.WRITE_INCIDENTS),
    response={201: EventOut, 200: EventOut, **REFUSALS, **dict.fromkeys((409, 413, 415), ProblemOut)},
    url_name="event_list",
)
def create(request: HttpRequest, number: int, sent: EventIn) -> Status[Answer]:
    """Add to a timeline. 201 is a new entry, 200 the one that was sent before under this key with the same text."""
    person, now = acting_person(request), timezone.now()
    incident = get_visible_incident(person, number)
    check_may_write(person)
    facts = {name: value for name, value in sent.model_dump().items() if value is not None}
    try:
        event = add_event(incident, actor=person, now=now, source=TimelineEvent.Source.API, **facts)
    except SentElsewhereError as error:
        raise Problem(409, str(error)) from error
    return Status(201 if event.created_at >= now else 200, event_as_json(event))


@router.get(
    "{int:number}/events/",
    auth=ScopedToken(Scope.READ_INCIDENTS),
    response={200: EventPage, **REFUSALS},
    url_name="event_list",
)
def list(request: HttpRequest, number: int, asked: Query[EventQuery]) -> Answer:
    """The timeline of an incident in order, 100 entries a page, hidden ones among them."""
    refuse_unknown(request, {*EventQuery.model_fields})
    incident = get_visible_incident(acting_person(request), number)
    position = position_of(asked.after, asked.before, IN_ORDER)
    events = TimelineEvent.objects.filter(incident=incident).select_related("author")
    page = read_page(events, IN_ORDER, size=EVENTS_A_PAGE, after=position.after, before=position.before)
    return {
        "next": page.after or None,
        "previous": page.before or None,
        "results": [event_as_json(event) for event in page.rows],
    }
