"""Which incidents there are, a page at a time."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, OuterRef, Prefetch, QuerySet, Subquery
from django.db.models.functions import Coalesce

from accounts.models import User
from incidents.durations import Duration
from incidents.lifecycle import ONGOING, Status
from incidents.models import ActionItem, Incident, IncidentRole, Postmortem, RoleAssignment
from incidents.queries.filtering import ONGOING_WORD, IncidentFilter, filter_incidents
from incidents.queries.sorting import sort_keys
from lib.keyset import Key, Page, Place, read_last_page, read_page, read_place, walk

PAGE_SIZE = 50
CHUNK = 500
# Beyond it a number says nothing that “more than” does not.
COUNTED_TO = 10_000
CLOSED_ITEMS = (ActionItem.Status.DONE, ActionItem.Status.NOT_DOING)


@dataclass(frozen=True)
class Position:
    """Where in a list a page begins: after a row, before one, at the end, or, without any of them, at the beginning."""

    after: Place | None = None
    before: Place | None = None
    is_last: bool = False


def read_position(after: str, before: str, keys: list[Key]) -> Position:
    """The position that an address holds; ValueError for a place that is none in this order."""
    if after:
        return Position(after=read_place(after, keys))
    return Position(before=read_place(before, keys)) if before else Position()


@dataclass(frozen=True)
class Tally:
    """How many there are; `is_exact` False is more than that."""

    count: int
    is_exact: bool


@dataclass(frozen=True)
class Row:
    """What a list shows of an incident, in words: a template that looks for them itself takes many times as long."""

    incident: Incident
    status: str
    services: list[str]
    commander: str
    began_at: datetime
    length: Duration
    postmortem: str


@dataclass(frozen=True)
class Listing:
    """One page of incidents, the places of the pages beside it (empty: there is none), and how many there are."""

    rows: list[Row]
    before: str
    after: str
    tally: Tally


@dataclass(frozen=True)
class WholeListing:
    """The same, each incident with all that is known of it."""

    incidents: list[Incident]
    before: str
    after: str
    tally: Tally


def list_incidents(user: User, wanted: IncidentFilter, sort: str, position: Position) -> Listing:
    """The page of the incidents this person sees and asks for, each with what a row shows."""
    page, tally = _page(user, wanted, sort, position)
    return Listing(describe(load_rows(row.number for row in page.rows)), page.before, page.after, tally)


def list_whole(user: User, wanted: IncidentFilter, sort: str, position: Position) -> WholeListing:
    """The same page, for programs."""
    page, tally = _page(user, wanted, sort, position)
    return WholeListing(load_whole((row.number for row in page.rows), user), page.before, page.after, tally)


def describe(incidents: Iterable[Incident]) -> list[Row]:
    """Incidents that were loaded as rows, in words."""
    statuses = {status.value: str(status.label) for status in Status}
    postmortems = {status.value: str(status.label) for status in Postmortem.Status}
    return [
        Row(
            incident=incident,
            status=statuses[incident.status],
            services=[service.name for service in incident.services.all()],
            commander=str(commander_of(incident) or ""),
            began_at=incident.impact_started_at or incident.declared_at,
            length=incident.time_to_resolve,
            postmortem=postmortems[incident.postmortem.status] if hasattr(incident, "postmortem") else "",
        )
        for incident in incidents
    ]


def walk_incidents(user: User, wanted: IncidentFilter, sort: str) -> Iterator[list[Incident]]:
    """All that a person sees and asks for, in order, so many at a time, each with all that is known of it."""
    for rows in walk(filter_incidents(user, wanted).only("number"), keys_for(wanted, sort), size=CHUNK):
        yield load_whole((row.number for row in rows), user)


def keys_for(wanted: IncidentFilter, sort: str) -> list[Key]:
    """What the list is sorted by: the number alone where no incident asked for can have what `sort` names."""
    is_unresolved = bool(wanted.status) and set(wanted.status) <= {ONGOING_WORD, *ONGOING}
    is_descending = sort.startswith("-")
    if sort.endswith("duration") and is_unresolved:
        return sort_keys("-number" if is_descending else "number")
    return sort_keys(sort)


def load_rows(numbers: Iterable[int]) -> list[Incident]:
    """These incidents, in this order, with severity, services, commander, post-mortem and number of open actions."""
    incidents = Incident.objects.select_related("severity", "postmortem").annotate(open_action_count=_open_actions())
    return _in_order(incidents.prefetch_related("services", _commander()), numbers)


def load_whole(numbers: Iterable[int], user: User) -> list[Incident]:
    """These incidents, in this order, with everything that exports and the API say of them.

    `shown_duplicate_of` is what one is a duplicate of, as far as this person may know of it.
    """
    roles = RoleAssignment.objects.filter(released_at=None).select_related("person").order_by("taken_at", "pk")
    incidents = Incident.objects.select_related("severity", "postmortem", "declared_by")
    incidents = incidents.annotate(
        open_action_count=_open_actions(),
        action_count=_counted(ActionItem.objects.filter(incident=OuterRef("pk"))),
        shown_duplicate_of=Subquery(
            Incident.objects.visible_to(user).filter(pk=OuterRef("duplicate_of")).order_by().values("pk")
        ),
    )
    return _in_order(
        incidents.prefetch_related("services", "tags", Prefetch("role_assignments", roles, to_attr="held_roles")),
        numbers,
    )


def commander_of(incident: Incident) -> User | None:
    """Who commands one of the incidents loaded here; None for nobody."""
    found: list[RoleAssignment] = getattr(incident, "commanders", [])
    return found[0].person if found else None


def _page(user: User, wanted: IncidentFilter, sort: str, position: Position) -> tuple[Page[Incident], Tally]:
    found = filter_incidents(user, wanted)
    page = _read(found.only("number"), keys_for(wanted, sort), position)
    is_all = not page.before and not page.after
    return page, Tally(len(page.rows), is_exact=True) if is_all else _count(found)


def _read(found: QuerySet[Incident], keys: list[Key], position: Position) -> Page[Incident]:
    if position.is_last:
        return read_last_page(found, keys, size=PAGE_SIZE)
    page = read_page(found, keys, size=PAGE_SIZE, after=position.after, before=position.before)
    # What is left before a place may be less than a page; the first page is whole.
    is_short = position.before is not None and not page.before and len(page.rows) < PAGE_SIZE
    return read_page(found, keys, size=PAGE_SIZE) if is_short else page


def _count(found: QuerySet[Incident]) -> Tally:
    count = found.only("number")[: COUNTED_TO + 1].count()
    return Tally(min(count, COUNTED_TO), is_exact=count <= COUNTED_TO)


def _in_order(incidents: QuerySet[Incident], numbers: Iterable[int]) -> list[Incident]:
    wanted = list(numbers)
    known = incidents.in_bulk(wanted)
    # One that was deleted meanwhile is left out.
    return [known[number] for number in wanted if number in known]


def _commander() -> "Prefetch[str]":
    held = RoleAssignment.objects.filter(role=IncidentRole.COMMANDER, released_at=None).select_related("person")
    return Prefetch("role_assignments", held, to_attr="commanders")


def _open_actions() -> Coalesce:
    return _counted(ActionItem.objects.filter(incident=OuterRef("pk")).exclude(status__in=CLOSED_ITEMS))


def _counted(items: QuerySet[ActionItem]) -> Coalesce:
    # Counted for the incidents at hand alone; a join would group all of them first.
    return Coalesce(Subquery(items.order_by().values("incident").annotate(count=Count("*")).values("count")), 0)
