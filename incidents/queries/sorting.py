"""The orders in which incidents are listed, each with an index of its own."""

from collections.abc import Callable
from typing import Any

from django.db.models import F
from django.db.models.expressions import Combinable
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from incidents.models.sort_keys import began, status_rank, time_to_resolve
from lib.keyset import LARGEST, Key, read_instant, read_number

# As they stand in an address: with a minus in front the greatest, the latest, the longest come first.
Order = tuple[Promise, Callable[[], Combinable], Callable[[str], Any]]
ORDERS: dict[str, Order] = {
    "number": (_("Number"), lambda: F("number"), read_number),
    "began": (_("Began"), began, read_instant),
    "severity": (_("Severity"), lambda: F("severity_id"), read_number),
    "status": (_("Status"), status_rank, read_number),
    "updated": (_("Last update"), lambda: F("updated_at"), read_instant),
    "duration": (_("Time to resolve"), time_to_resolve, read_number),
}
# Only of some incidents it is known how long they took.
LEAST = {"duration": -LARGEST}
NEWEST_FIRST = "-number"


def known_sort(text: str) -> str:
    """The order that a text names; newest first where it names none."""
    return text if text.removeprefix("-") in ORDERS else NEWEST_FIRST


def sort_keys(sort: str) -> list[Key]:
    """What a list in this order is sorted by; the number settles what is equal, in the same direction."""
    name, is_descending = sort.removeprefix("-"), sort.startswith("-")
    _label, expression, read = ORDERS[name]
    number = Key("number", F("number"), read_number, is_descending)
    if name == "number":
        return [number]
    return [Key(name, expression(), read, is_descending, least=LEAST.get(name)), number]
