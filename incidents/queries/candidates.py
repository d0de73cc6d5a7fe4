"""The newest records in which all the words stand: what a search ranks. Each look is bounded, whatever is searched for.

How many records hold a common word is never asked. The index is read from its newest end, piece by piece, until there
are enough or the time is used up. Only visible records are found and counted; others cost time, as everything does.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, Max, OuterRef, QuerySet

from accounts.models import User
from incidents.models import ActionItem, Incident, PostmortemSection, TimelineEvent
from incidents.search.index import engine
from incidents.search.kinds import SOURCES, Kind
from lib.folding import fold
from lib.search_words import Words

# Of each kind; more would only be ranked lower.
MOST = {Kind.INCIDENT: 200, Kind.ACTION_ITEM: 100, Kind.SECTION: 60, Kind.EVENT: 200}
# Words that are too short for the index are looked for in this many records: the newest of what the others found.
RECENT = {Kind.INCIDENT: 2_000, Kind.ACTION_ITEM: 1_000, Kind.SECTION: 200, Kind.EVENT: 2_000}
# Letters up to which titles are looked through on their own, since what is common in texts may be rare in titles. More
# than these are hardly ever common, and where they are, FTS5 compares all their trigrams in every row to its end.
TITLED = 24
# The seconds of a search after which no further piece of the index is begun.
SECONDS = 0.05


@dataclass(frozen=True)
class Found:
    """One record in which the words stand. `age` is 0 for the newest that was found and grows towards 1."""

    kind: Kind
    key: int
    incident: int
    title: str
    text: str
    # What a page says of it besides: the section's key, the action item's or the event's status.
    detail: str = ""
    # Less telling than others: hidden events, and those that the system wrote.
    is_aside: bool = False
    age: float = 0.0


@dataclass(frozen=True)
class Catch:
    """What was found of one kind; `is_full` where there may be more, `is_cut` where older ones were not looked at."""

    found: tuple[Found, ...] = ()
    is_full: bool = False
    is_cut: bool = False


class Clock:
    """The time that one search may take, shared by its looks."""

    def __init__(self) -> None:
        self._end = time.monotonic() + SECONDS

    @property
    def is_over(self) -> bool:
        """True once no further piece is to be begun."""
        return time.monotonic() > self._end


def catch(user: User, kind: Kind, words: Words, clock: Clock) -> Catch:
    """The newest records of the kind that this person may see and that hold all the words."""
    rows, make = _ROWS[kind](user)
    indexed = [term for term in words.terms if engine().is_indexed(term)]
    excluded = [term for term in words.excluded if engine().is_indexed(term)]
    rest = Words(
        tuple(term for term in words.terms if term not in indexed),
        tuple(term for term in words.excluded if term not in excluded),
    )
    most = RECENT[kind] if rest.terms or rest.excluded else MOST[kind]
    is_cut = False
    if indexed:
        is_titled = kind == Kind.INCIDENT and sum(map(len, indexed)) <= TITLED
        titled = _narrowed(rows, kind, indexed, excluded, titles_only=True)[:most] if is_titled else ()
        newest, is_cut = _read(_narrowed(rows, kind, indexed, excluded), kind, most, clock)
        taken = {row[0]: row for row in (*titled, *newest)}.values()
    else:
        taken = {row[0]: row for row in rows.order_by("-pk")[:most]}.values()
    records = [make(row) for row in sorted(taken, key=lambda row: -row[0])]
    held = [record for record in records if _holds(record, rest)]
    return _aged(held[: 2 * MOST[kind]], is_full=len(records) >= most, is_cut=is_cut)


def is_short(term: str) -> bool:
    """True for a word that no index finds, so that it is only looked for in recent records."""
    return not engine().is_indexed(term)


def _narrowed(
    rows: QuerySet[Any], kind: Kind, terms: list[str], excluded: list[str], *, titles_only: bool = False
) -> QuerySet[Any]:
    narrowed: QuerySet[Any] = engine().narrow(rows, SOURCES[kind], terms, excluded, titles_only=titles_only)
    return narrowed


def _read(rows: QuerySet[Any], kind: Kind, most: int, clock: Clock) -> tuple[list[Any], bool]:
    """The newest rows, and whether the time was over before there were enough."""
    end = (rows.model._default_manager.aggregate(last=Max("pk"))["last"] or 0) + 1
    found: list[Any] = []
    size, is_begun = engine().PIECE, False
    while end > 0 and len(found) < most:
        if is_begun and clock.is_over:
            return found, True
        piece = engine().between(rows, SOURCES[kind], max(0, end - size), end)
        found += piece[: most - len(found)]
        end, is_begun = end - size, True
    return found, False


def _holds(record: Found, words: Words) -> bool:
    text = fold(f"{record.title} {record.text}") if words.terms or words.excluded else ""
    return all(term in text for term in words.terms) and not any(term in text for term in words.excluded)


def _aged(records: list[Found], *, is_full: bool, is_cut: bool) -> Catch:
    aged = tuple(Found(**{**vars(record), "age": place / len(records)}) for place, record in enumerate(records))
    return Catch(aged, is_full=is_full, is_cut=is_cut)


Rows = tuple[QuerySet[Any], Callable[[Any], Found]]


def _incidents(user: User) -> Rows:
    rows = Incident.objects.visible_to(user).values_list("number", "title", "summary", "impact", "data_lost")
    return rows, lambda row: Found(Kind.INCIDENT, row[0], row[0], row[1], "\n\n".join(filter(None, row[2:])))


def _action_items(user: User) -> Rows:
    rows = ActionItem.objects.filter(_seen_by(user, "incident")).values_list(
        "number", "incident", "title", "reason", "status"
    )
    return rows, lambda row: Found(Kind.ACTION_ITEM, row[0], row[1], row[2], row[3], row[4])


def _sections(user: User) -> Rows:
    rows = PostmortemSection.objects.filter(_seen_by(user, "postmortem__incident")).values_list(
        "pk", "postmortem__incident", "title", "body", "key"
    )
    return rows, lambda row: Found(Kind.SECTION, row[0], row[1], row[2], row[3], row[4])


def _events(user: User) -> Rows:
    rows = TimelineEvent.objects.filter(_seen_by(user, "incident")).values_list(
        "pk", "incident", "text", "occurred_at", "is_hidden", "source"
    )
    system = TimelineEvent.Source.SYSTEM

    def make(row: Any) -> Found:
        return Found(
            Kind.EVENT, row[0], row[1], "", row[2], "hidden" if row[4] else "", is_aside=row[4] or row[5] == system
        )

    return rows, make


def _seen_by(user: User, incident: str) -> Exists:
    """True for rows of an incident that this person may know of; asked row by row, since few rows are looked at."""
    return Exists(Incident.objects.visible_to(user).filter(pk=OuterRef(incident)).order_by())


_ROWS: dict[Kind, Callable[[User], Rows]] = {
    Kind.INCIDENT: _incidents,
    Kind.ACTION_ITEM: _action_items,
    Kind.SECTION: _sections,
    Kind.EVENT: _events,
}
