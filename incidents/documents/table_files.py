"""Many incidents as one file, written while it is being read from the database."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from typing import Any

from incidents.documents.representation import as_json
from incidents.models import Incident
from lib.tables import csv_lines, json_pieces

# Without it, some spreadsheets read Thai as Latin letters.
BYTE_ORDER_MARK = "\ufeff"
SEPARATOR = "; "


def write_csv(chunks: Iterable[Sequence[Incident]]) -> Iterator[str]:
    """A line with the names of the columns, and a line for each incident; unknown is empty."""
    yield BYTE_ORDER_MARK
    yield from csv_lines([*COLUMNS], map(_cells, chain.from_iterable(chunks)))


def write_json(chunks: Iterable[Sequence[Incident]]) -> Iterator[str]:
    """A list of incidents, one a line; unknown is null."""
    return json_pieces(map(as_json, chain.from_iterable(chunks)))


MILESTONES = ("impact_started", "detected", "declared", "acknowledged", "mitigated", "resolved", "closed")
DURATIONS = ("time_to_detect", "time_to_acknowledge", "time_to_mitigate", "time_to_resolve")
ROLES = ("commander", "deputy", "scribe", "communications", "expert")
IMPACT = ("description", "customers_affected", "requests_failed", "data_loss", "data_lost", "cost")
# Where each column is in the incident's representation
COLUMNS: dict[str, tuple[str, ...]] = {
    **{name: (name,) for name in ("number", "reference", "title", "summary")},
    "severity_level": ("severity", "level"),
    "severity": ("severity", "name"),
    **{name: (name,) for name in ("status", "mode", "visibility", "services", "tags", "declared_by")},
    **{name: ("roles", name) for name in ROLES},
    **{f"{name}_at": ("milestones", f"{name}_at") for name in MILESTONES},
    **{f"{name}_seconds": ("durations", name, "seconds") for name in DURATIONS},
    **{f"{name}_state": ("durations", name, "state") for name in DURATIONS},
    **{("impact" if name == "description" else name): ("impact", name) for name in IMPACT},
    **{f"postmortem_{name}": ("postmortem", name) for name in ("status", "due", "published_at")},
    **{f"action_items_{name}": ("action_items", name) for name in ("total", "open")},
    **{name: (name,) for name in ("duplicate_of", "created_at", "updated_at", "path")},
}


def _cells(incident: Incident) -> list[Any]:
    known = as_json(incident)
    return [_cell(_find(known, place)) for place in COLUMNS.values()]


def _find(known: Any, place: tuple[str, ...]) -> Any:
    for name in place:
        known = known[name]
    return known


def _cell(value: Any) -> Any:
    return SEPARATOR.join(value) if isinstance(value, list) else value
