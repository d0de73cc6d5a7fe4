"""One document of the preview: its facts and rows as they are shown and sent back."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from incidents.models import Postmortem
from incidents.readers.document import ReadEvent, ReadItem, ReadPostmortem
from incidents.readers.read import read_postmortem
from incidents.services.import_files import Source
from incidents.services.imports import is_own
from lib.moment_text import MomentError, read_moment, write_moment


@dataclass
class Row:
    """An event or an item to be: `values` by field name, as they are typed."""

    name: str
    line: int
    values: dict[str, str]
    is_used: bool = True
    problem: str = ""


@dataclass
class DocumentRow:
    """A document of the preview. `read` is None for Debrief's own, which nobody corrects here."""

    number: int
    source: Source
    read: ReadPostmortem | None
    facts: dict[str, str] = field(default_factory=dict)
    events: list[Row] = field(default_factory=list)
    items: list[Row] = field(default_factory=list)
    is_used: bool = True
    problem: str = ""
    known: Postmortem | None = None


@dataclass(frozen=True)
class Corrected:
    """What is to be made of a document."""

    read: ReadPostmortem
    ends: tuple[datetime | None, datetime | None]


def preview_document(number: int, source: Source, *, time_zone: str, day: date | None) -> DocumentRow:
    """What the document would become."""
    if is_own(source.text):
        return DocumentRow(number, source, None)
    zone = ZoneInfo(time_zone)
    read = read_postmortem(source.text, zone=zone, name=source.name, day=day)
    begins = [event.occurred_at for event in read.events]
    ends = [event.ended_at or event.occurred_at for event in read.events]
    facts = {"title": read.title, "severity": str(read.severity or ""), "authors": read.authors}
    facts["began"] = _write(min(begins), zone) if begins else ""
    facts["resolved"] = _write(max(ends), zone) if ends else ""
    events = [_event_row(number, place, event, zone) for place, event in enumerate(read.events)]
    items = [_item_row(number, place, item) for place, item in enumerate(read.items)]
    return DocumentRow(number, source, read, facts, events, items)


def restore_document(row: DocumentRow, sent: Mapping[str, str]) -> DocumentRow:
    """The same document with what was typed over it."""
    row.is_used = f"d{row.number}-use" in sent
    for name in row.facts:
        row.facts[name] = sent.get(f"d{row.number}-{name}", row.facts[name])
    for each in [*row.events, *row.items]:
        each.is_used = f"{each.name}-use" in sent
        for name in each.values:
            typed = sent.get(f"{each.name}-{name}", "")
            each.values[name] = typed.replace("\r\n", "\n").replace("\r", "\n")
    return row


def correct(row: DocumentRow, *, time_zone: str, now: datetime) -> Corrected | None:
    """What is to be made of the document; None where a row has a problem, which then stands on it."""
    read = row.read
    if read is None:
        return None
    zone = ZoneInfo(time_zone)
    events = [_event(each, old, zone, now) for each, old in zip(row.events, read.events, strict=True)]
    items = [_item(each, old) for each, old in zip(row.items, read.items, strict=True)]
    ends = (_moment(row, "began", zone, now), _moment(row, "resolved", zone, now))
    if not row.facts["title"].strip():
        row.problem = row.problem or _("Give the incident a title.")
    if row.problem or any(each.problem for each in [*row.events, *row.items]):
        return None
    level = row.facts["severity"]
    read = replace(
        read,
        title=row.facts["title"].strip()[:200],
        authors=row.facts["authors"].strip()[:200],
        severity=int(level) if level in {"1", "2", "3", "4", "5"} else None,
        events=tuple(filter(None, events)),
        items=tuple(filter(None, items)),
    )
    return Corrected(read, ends)


def _write(instant: datetime, zone: ZoneInfo) -> str:
    text = write_moment(instant, zone)
    return text.removesuffix(":00") if text.count(":") == 2 else text


def _event_row(number: int, place: int, event: ReadEvent, zone: ZoneInfo) -> Row:
    until = _write(event.ended_at, zone) if event.ended_at else ""
    values = {"at": _write(event.occurred_at, zone), "until": until, "text": event.text}
    return Row(f"d{number}-e{place}", event.line, values)


def _item_row(number: int, place: int, item: ReadItem) -> Row:
    due = item.due_date.isoformat() if item.due_date else ""
    values = {"title": item.title, "owner": item.owner, "due": due, "done": "on" if item.is_done else ""}
    return Row(f"d{number}-i{place}", item.line, values)


def _event(row: Row, old: ReadEvent, zone: ZoneInfo, now: datetime) -> ReadEvent | None:
    if not row.is_used:
        return None
    if not row.values["text"].strip():
        row.problem = _("Write what happened, or untick this.")
        return None
    try:
        at = _kept(row.values["at"], old.occurred_at, zone, now)
        until = _kept(row.values["until"], old.ended_at, zone, now) if row.values["until"].strip() else None
    except MomentError as error:
        row.problem = str(error)
        return None
    if until and until < at:
        row.problem = _("“Until” is before “When”. Correct one of the two, or leave “Until” empty.")
        return None
    return replace(old, occurred_at=at, ended_at=until, text=row.values["text"].strip())


def _kept(typed: str, old: datetime | None, zone: ZoneInfo, now: datetime) -> datetime:
    """The instant that was read, where nobody changed its words: clocks that go back show some times twice."""
    return old if old and typed == _write(old, zone) else read_moment(typed, now=now, zone=zone)


def _item(row: Row, old: ReadItem) -> ReadItem | None:
    if not row.is_used:
        return None
    title = " ".join(row.values["title"].split())
    if not title:
        row.problem = _("Write what is to be done, or untick this.")
        return None
    due = row.values["due"].strip()
    try:
        day = date.fromisoformat(due) if due else None
    except ValueError:
        row.problem = _("This day cannot be read. Write it as 2024-03-10.")
        return None
    owner = row.values["owner"].strip()[:60]
    return replace(old, title=title[:200], owner=owner, due_date=day, is_done=bool(row.values["done"]))


def _moment(row: DocumentRow, name: str, zone: ZoneInfo, now: datetime) -> datetime | None:
    typed = row.facts[name].strip()
    try:
        return read_moment(typed, now=now, zone=zone) if typed else None
    except MomentError as error:
        row.problem = str(error)
        return None
