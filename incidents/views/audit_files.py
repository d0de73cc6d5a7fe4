"""Changes as files: a line for each field in CSV, an object for each change in JSON."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.http import StreamingHttpResponse

from accounts.queries.change_words import FieldChange, RecordedChange
from incidents.queries.changes import write_instant
from lib.tables import csv_lines, download, json_pieces

HEAD = ("at", "person", "name", "door", "action", "kind", "key", "record", "incident", "field", "before", "after")


def csv_file(changes: Iterable[RecordedChange]) -> StreamingHttpResponse:
    """The changes as a table; times are UTC."""
    return download(csv_lines(HEAD, _rows(changes)), name="changes.csv", media_type="text/csv")


def json_file(changes: Iterable[RecordedChange]) -> StreamingHttpResponse:
    """The changes as an array; times are UTC."""
    return download(json_pieces(map(_item, changes)), name="changes.json", media_type="application/json")


FILES = {"csv": csv_file, "json": json_file}


def _rows(changes: Iterable[RecordedChange]) -> Iterator[list[Any]]:
    for change in changes:
        facts = [*_facts(change).values()]
        # Of a record that was created or deleted with nothing to say, there is a line as well.
        yield from ([*facts, *field] for field in change.fields or [FieldChange("", "", "")])


def _item(change: RecordedChange) -> dict[str, Any]:
    return _facts(change) | {"fields": [field._asdict() for field in change.fields]}


def _facts(change: RecordedChange) -> dict[str, Any]:
    return {
        "at": write_instant(change.at),
        "person": change.actor.username if change.actor else None,
        "name": str(change.actor) if change.actor else None,
        "door": change.door.value,
        "action": change.action,
        "kind": change.kind,
        "key": change.key,
        "record": change.subject,
        "incident": change.incident_number,
    }
