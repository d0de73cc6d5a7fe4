"""Which incidents there are, a page at a time."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Generic, TypeVar

from django.db.models import Count, OuterRef, Prefetch, QuerySet, Subquery
from django.db.models.functions import Coalesce

from accounts.models import User
from incidents.lifecycle import ONGOING
from incidents.models import ActionItem, Incident, IncidentRole, RoleAssignment
from incidents.queries.filtering import ONGOING_WORD, IncidentFilter, filter_incidents
from incidents.queries.sorting import sort_keys
from lib.keyset import Key, Page, Place, list_numbers, read_last_page, read_page, read_place

PAGE_SIZE = 50
CHUNK = 500
# Beyond it a number says nothing that “more than” does not.
COUNTED_TO = 10_000
# What a row shows. Half of an incident's fields are times, and each takes a while to read from SQLite.
ROW = (
    *("number", "title", "status", "mode", "visibility", "time_zone", "duplicate_of_id", "severity_id"),
    *("impact_started_at", "declared_at", "resolved_at", "updated_at", "postmortem__status"),
)
Listed = TypeVar("Listed")
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
class Summary:
    """An incident as lists show it: the fields of `ROW`, and the names of its services and its commander."""

    incident: Incident
    services: tuple[str, ...]
    commander: str


@dataclass(frozen=True)
class Listing(Generic[Listed]):
    """One page of incidents, the places of the pages beside it (empty: there is none), and how many there are."""

    incidents: list[Listed]
    before: str
    after: str
    tally: Tally


def list_incidents(user: User, wanted: IncidentFilter, sort: str, position: Position) -> Listing[Summary]:
    """The page of the incidents this person sees and asks for, each with what `load_rows` reads."""
    page, tally = _page(user, wanted, sort, position)
    return Listing(load_rows(row.number for row in page.rows), page.before, page.after, tally)


def list_whole(user: User, wanted: IncidentFilter, sort: str, position: Position) -> Listing[Incident]:
    """The same page, each with what `load_whole` reads, for programs."""
    page, tally = _page(user, wanted, sort, position)
    return Listing(load_whole((row.number for row in page.rows), user), page.before, page.after, tally)


def walk_incidents(user: User, wanted: IncidentFilter, sort: str) -> Iterator[list[Incident]]:
    """All that a person sees and asks for, in order, so many at a time, each with all that is known of it.

    Which ones and in what order is settled before the first: one that is changed meanwhile is neither left out nor
    there twice. One that this person no longer sees when its turn comes is left out.
    """
    numbers = list_numbers(filter_incidents(user, wanted), keys_for(wanted, sort))
    for start in range(0, len(numbers), CHUNK):
        some = numbers[start : start + CHUNK]
        seen = {*Incident.objects.visible_to(user).filter(pk__in=some).order_by().values_list("pk", flat=True)}
        yield load_whole((number for number in some if number in seen), user)


def list_all_numbers(user: User, wanted: IncidentFilter, sort: str) -> list[int]:
    """The numbers of all that a person sees and asks for, in order."""
    return list_numbers(filter_incidents(user, wanted), keys_for(wanted, sort))


def keys_for(wanted: IncidentFilter, sort: str) -> list[Key]:
    """What the list is sorted by: the number alone where no incident asked for can have what `sort` names."""
    is_unresolved = bool(wanted.status) and set(wanted.status) <= {ONGOING_WORD, *ONGOING}
    is_descending = sort.startswith("-")
    if sort.endswith("duration") and is_unresolved:
        return sort_keys("-number" if is_descending else "number")
    return sort_keys(sort)


def load_rows(numbers: Iterable[int]) -> list[Summary]:
    """Summaries of these incidents, in this order; the incidents have severity, post-mortem, `open_action_count`."""
    wanted = list(numbers)
    incidents = Incident.objects.only(*ROW).select_related("postmortem").annotate(open_action_count=_open_actions())
    services = _service_names(wanted)
    commanders = _commander_names(wanted)
    return [
        Summary(incident, tuple(services[incident.pk]), commanders.get(incident.pk, ""))
        for incident in _in_order(incidents.prefetch_related("severity"), wanted)
    ]


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


def _service_names(numbers: list[int]) -> dict[int, list[str]]:
    # Read as names: whole services and people, for a word of each, would take longer than all else about a list.
    names: dict[int, list[str]] = defaultdict(list)
    belonging = Incident.services.through.objects.filter(incident__in=numbers).order_by("service__name")
    for number, name in belonging.values_list("incident_id", "service__name"):
        names[number].append(name)
    return names


def _commander_names(numbers: list[int]) -> dict[int, str]:
    held = RoleAssignment.objects.filter(incident__in=numbers, role=IncidentRole.COMMANDER, released_at=None)
    # Of several, who took it first.
    people = held.order_by("-taken_at", "-pk").values_list("incident_id", "person__name", "person__username")
    return {number: name or username for number, name, username in people}


def _open_actions() -> Coalesce:
    return _counted(ActionItem.objects.filter(incident=OuterRef("pk")).exclude(status__in=CLOSED_ITEMS))


def _counted(items: QuerySet[ActionItem]) -> Coalesce:
    # Counted for the incidents at hand alone; a join would group all of them first.
    return Coalesce(Subquery(items.order_by().values("incident").annotate(count=Count("*")).values("count")), 0)
