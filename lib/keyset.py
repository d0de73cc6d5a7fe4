"""Pages of a sorted list that begin at a place in it, not at a number of rows to skip.

So the last page is as quick as the first, and what is added or removed meanwhile moves nothing: walking on gives each
row once. One whose own place changes meanwhile may be met again, or not at all; where that must not be, `list_numbers`
holds still. The last key of a list must be unique and never empty. Rows without a value in a key come after the others,
in either direction.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, Generic, TypeVar

from django.db.models import Model, Q, QuerySet
from django.db.models.expressions import Combinable, F, OrderBy

Row = TypeVar("Row", bound=Model)
Place = tuple[Any, ...]
UNKNOWN = "-"
BETWEEN = "~"
LARGEST = 2**63 - 1


@dataclass(frozen=True)
class Key:
    """One thing that a list is sorted by; `read` turns the text in an address into its value, or raises ValueError.

    `least` says that rows may be without a value: no value is less than it. Of IS NOT NULL SQLite makes no range, and
    would step over all empty entries of an index.
    """

    name: str
    expression: Combinable
    read: Callable[[str], Any]
    is_descending: bool = False
    least: Any = None

    @property
    def is_optional(self) -> bool:
        """True where rows may be without a value."""
        return self.least is not None

    @property
    def label(self) -> str:
        """The annotation that holds its value in each row."""
        return f"key_{self.name}"

    @property
    def empty(self) -> Q:
        """The rows without a value."""
        return Q(**{f"{self.label}__isnull": True})

    @property
    def known(self) -> Q:
        """The rows with a value."""
        return Q(**{f"{self.label}__gte": self.least}) if self.is_optional else Q()

    def plain_ordering(self, *, is_backwards: bool) -> OrderBy:
        """The order among rows that all have a value: any index serves it, in both directions."""
        return OrderBy(F(self.label), descending=self.is_descending is not is_backwards)

    def ordering(self, *, is_backwards: bool) -> OrderBy:
        """The order among all rows."""
        if not self.is_optional:
            return self.plain_ordering(is_backwards=is_backwards)
        is_descending = self.is_descending is not is_backwards
        empty_ones = {"nulls_first": True} if is_backwards else {"nulls_last": True}
        return OrderBy(F(self.label), descending=is_descending, **empty_ones)


@dataclass(frozen=True)
class Stretch:
    """Rows that follow each other and share their values in the first `depth` keys.

    In the key after those, all of them have a value; `is_mixed` says that some may have none.
    """

    condition: Q
    depth: int
    is_mixed: bool = False

    def order(self, keys: Sequence[Key], *, is_backwards: bool) -> list[OrderBy]:
        """How to sort them."""
        order = [key.ordering(is_backwards=is_backwards) for key in keys[self.depth :]]
        return order if self.is_mixed else [keys[self.depth].plain_ordering(is_backwards=is_backwards), *order[1:]]


@dataclass(frozen=True)
class Page(Generic[Row]):
    """Some rows in order, and the places where the pages before and after them begin; empty where there are none."""

    rows: list[Row]
    before: str
    after: str


def read_number(text: str) -> int:
    """The whole number that a place holds; ValueError for what no database could hold."""
    number = int(text) if len(text) < 25 else LARGEST + 1
    if abs(number) > LARGEST:
        raise ValueError(f"{text} is more than a database holds")
    return number


def read_instant(text: str) -> datetime:
    """The instant that a place holds; ValueError for anything else."""
    try:
        return datetime.fromisoformat(text.replace("Z", "+00:00")).astimezone(UTC)
    except OverflowError as error:
        raise ValueError(f"{text} is beyond the calendar") from error


def write_place(values: Place) -> str:
    """A place as it stands in an address: `2024-03-10T14:03:00Z~42`."""
    return BETWEEN.join(map(_write, values))


def read_place(text: str, keys: Sequence[Key]) -> Place:
    """The place that an address holds; ValueError where it is none in a list with these keys."""
    parts = text.split(BETWEEN)
    if len(parts) != len(keys):
        raise ValueError(f"“{text}” is no place in this list")
    return tuple(_read(part, key) for part, key in zip(parts, keys, strict=True))


def read_page(
    rows: QuerySet[Row], keys: Sequence[Key], *, size: int, after: Place | None = None, before: Place | None = None
) -> Page[Row]:
    """The page of so many rows after a place, or before one; without either, the first."""
    if before is not None:
        found = _take(rows, keys, before, size + 1, is_backwards=True)
        return _page(found[:size][::-1], keys, has_before=len(found) > size, has_after=True)
    found = _take(rows, keys, after, size + 1, is_backwards=False)
    return _page(found[:size], keys, has_before=after is not None, has_after=len(found) > size)


def read_last_page(rows: QuerySet[Row], keys: Sequence[Key], *, size: int) -> Page[Row]:
    """The page of so many rows at the end."""
    found = _take(rows, keys, None, size + 1, is_backwards=True)
    return _page(found[:size][::-1], keys, has_before=len(found) > size, has_after=False)


def walk(rows: QuerySet[Row], keys: Sequence[Key], *, size: int) -> Iterator[list[Row]]:
    """All rows in order, so many at a time; none may be given a new place meanwhile."""
    place: Place | None = None
    while found := _take(rows, keys, place, size, is_backwards=False):
        yield found
        if len(found) < size:
            return
        place = _place_of(found[-1], keys)


def list_numbers(rows: QuerySet[Row], keys: Sequence[Key]) -> list[int]:
    """The primary keys of all rows in the order of this moment."""
    named = rows.annotate(**{key.label: key.expression for key in keys})
    return [*named.order_by(*(key.ordering(is_backwards=False) for key in keys)).values_list("pk", flat=True)]


def _page(rows: list[Row], keys: Sequence[Key], *, has_before: bool, has_after: bool) -> Page[Row]:
    before = write_place(_place_of(rows[0], keys)) if rows and has_before else ""
    after = write_place(_place_of(rows[-1], keys)) if rows and has_after else ""
    return Page(rows, before, after)


def _take(
    rows: QuerySet[Row], keys: Sequence[Key], place: Place | None, count: int, *, is_backwards: bool
) -> list[Row]:
    """So many rows from a place on. Each stretch is one range of an index, and is read only while rows are missing."""
    named = rows.annotate(**{key.label: key.expression for key in keys})
    found: list[Row] = []
    for stretch in _stretches(keys, place, is_backwards=is_backwards):
        ordered = named.filter(stretch.condition).order_by(*stretch.order(keys, is_backwards=is_backwards))
        found += ordered[: count - len(found)]
        if len(found) == count:
            break
    return found


def _stretches(keys: Sequence[Key], place: Place | None, *, is_backwards: bool) -> Iterator[Stretch]:
    """What follows a place, in the order it is read.

    For the place (5, 42) of two descending keys: the rows with 5 below 42, those below 5, those without a value.
    """
    if place is None:
        key = keys[0]
        both = [Stretch(key.known, 0), *([Stretch(key.empty, 1, is_mixed=True)] if key.is_optional else [])]
        yield from reversed(both) if is_backwards else both
        return
    same = [Q(**{key.label: value}) if value is not None else key.empty for key, value in zip(keys, place, strict=True)]
    for depth in reversed(range(len(keys))):
        for stretch in _beyond(keys[depth], place[depth], depth, is_backwards=is_backwards):
            yield replace(stretch, condition=Q(*same[:depth]) & stretch.condition)


def _beyond(key: Key, value: Any, depth: int, *, is_backwards: bool) -> list[Stretch]:
    """What comes after a value of one key, or, read backwards, before it."""
    if value is None:
        return [Stretch(key.known, depth)] if is_backwards else []
    comparison = "lt" if key.is_descending is not is_backwards else "gt"
    further = Stretch(Q(**{f"{key.label}__{comparison}": value}), depth)
    return (
        [further, Stretch(key.empty, depth + 1, is_mixed=True)] if key.is_optional and not is_backwards else [further]
    )


def _place_of(row: Model, keys: Sequence[Key]) -> Place:
    return tuple(getattr(row, key.label) for key in keys)


def _write(value: Any) -> str:
    if value is None:
        return UNKNOWN
    return value.astimezone(UTC).isoformat().replace("+00:00", "Z") if isinstance(value, datetime) else str(value)


def _read(text: str, key: Key) -> Any:
    return None if text == UNKNOWN and key.is_optional else key.read(text)
