"""The document tree as JSON and back, field by field as its dataclasses say: a new block needs nothing here.

A field that has its default is left out, so a field that is added later changes neither old files nor their digests.
"""

import base64
import binascii
import hashlib
import json
from collections.abc import Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from types import NoneType, UnionType
from typing import Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

from django.conf import settings
from django.utils.translation import gettext as _

from incidents.documents.tree import Block, Document
from incidents.errors import IncidentError

FORMAT = "debrief-postmortem-1"
# What a file says of itself, not of the incident: no part of what is published, nor of its SHA-256.
OF_THE_FILE = ("$schema", "publication")
# No figure of an incident comes near; beyond it are numbers that are none, and those that no float holds.
MOST = 1e15
Value = TypeVar("Value")
BLOCKS = {block.__name__.lower(): block for block in get_args(Block)}
KIND = {block: name for name, block in BLOCKS.items()}


class UnreadableDocumentError(IncidentError):
    """What was to be read is no post-mortem of this project's, or a damaged one."""


def to_json(document: Document) -> dict[str, Any]:
    """The document as values that JSON has; equal documents give equal values, `from_json` an equal document."""
    return {"format": FORMAT, **write_value(document)}


def canonical(document: Document) -> str:
    """The document as one line of JSON: sorted keys, no blanks. Equal documents give the same characters."""
    return _in_one_line(to_json(document))


def published_digest(data: Mapping[str, Any]) -> str:
    """The SHA-256 that a version has whose JSON file holds this; its file may be laid out in any way."""
    told = {name: value for name, value in data.items() if name not in OF_THE_FILE}
    return hashlib.sha256(_in_one_line(told).encode()).hexdigest()


def digest(document: Document) -> str:
    """The SHA-256 of the document's canonical form."""
    return hashlib.sha256(canonical(document).encode()).hexdigest()


def from_json(data: Any) -> Document:
    """The document that `to_json` made these values of; names it does not know are passed over.

    Raises UnreadableDocumentError with a sentence that says which value is not as it should be.
    """
    if not isinstance(data, dict) or data.get("format") != FORMAT:
        raise UnreadableDocumentError(
            _("This is no post-mortem that Debrief exported as JSON: its “format” is not “%(format)s”.")
            % {"format": FORMAT}
        )
    return read_value(Document, data)


def write_value(value: Any) -> Any:
    """Any of the dataclasses, or what they hold, as values that JSON has."""
    return _write(value)


def read_value(cls: type[Value], data: Any) -> Value:
    """The dataclass that `write_value` made this of; raises UnreadableDocumentError as `from_json` does."""
    value: Value = _read(cls, data, "")
    return value


def _in_one_line(data: Mapping[str, Any]) -> str:
    return json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _write(value: Any) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        written = {field.name: getattr(value, field.name) for field in fields(value)}
        kind = {"type": KIND[type(value)]} if type(value) in KIND else {}
        return kind | {field.name: _write(written[field.name]) for field in _not_default(value)}
    if isinstance(value, tuple):
        return [_write(item) for item in value]
    if isinstance(value, Mapping):
        return {name: _write(item) for name, item in value.items()}
    return _write_plain(value)


def _not_default(value: Any) -> list[Field[Any]]:
    return [field for field in fields(value) if getattr(value, field.name) != default_of(field)]


def default_of(field: Field[Any]) -> Any:
    """What the field has where nothing is said; MISSING where it has to be said."""
    return field.default if field.default_factory is MISSING else field.default_factory()


def _write_plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    # Where a file lies is this installation's own business; in which of its folders is not.
    return value.name if isinstance(value, Path) else value


@cache
def hints_of(cls: type) -> dict[str, Any]:
    """The types of a dataclass's fields."""
    known = get_type_hints(cls)
    return {field.name: known[field.name] for field in fields(cls)}


def _read(hint: Any, data: Any, place: str) -> Any:
    origin = get_origin(hint)
    if is_dataclass(hint):
        return _read_record(hint, data, place)
    if origin in (UnionType, Union):
        return _read_union(get_args(hint), data, place)
    if origin is tuple:
        _expect(isinstance(data, list), place)
        return tuple(_read(get_args(hint)[0], item, f"{place}[{number}]") for number, item in enumerate(data))
    if origin is Literal:
        _expect(data in get_args(hint), place)
        return data
    if origin is not None:
        _expect(isinstance(data, dict) and all(map(_is_text, data)), place)
        return {name: _read(get_args(hint)[1], item, f"{place}.{name}") for name, item in data.items()}
    return _read_plain(hint, data, place)


def _read_record(cls: Any, data: Any, place: str) -> Any:
    _expect(isinstance(data, dict), place)
    hints, values = hints_of(cls), {}
    for field in fields(cls):
        if field.name in data:
            values[field.name] = _read(hints[field.name], data[field.name], f"{place}.{field.name}".lstrip("."))
        else:
            _expect(default_of(field) is not MISSING, f"{place}.{field.name}".lstrip("."))
    return cls(**values)


def _read_union(choices: tuple[Any, ...], data: Any, place: str) -> Any:
    if data is None and NoneType in choices:
        return None
    rest = [choice for choice in choices if choice is not NoneType]
    if len(rest) == 1:
        return _read(rest[0], data, place)
    kind = data.get("type") if isinstance(data, dict) else None
    _expect(isinstance(kind, str) and BLOCKS.get(kind) in rest, f"{place}.type")
    return _read(BLOCKS[str(kind)], data, place)


def _read_plain(hint: Any, data: Any, place: str) -> Any:
    if hint is float:
        _expect(isinstance(data, int | float) and not isinstance(data, bool) and abs(data) < MOST, place)
        return float(data)
    if hint in (str, int, bool):
        _expect(type(data) is hint and (hint is not str or _is_text(data)), place)
        return data
    _expect(isinstance(data, str), place)
    try:
        return _READERS[hint](data)
    except (ValueError, OverflowError, binascii.Error):
        _expect(is_right=False, place=place)


def _is_text(value: str) -> bool:
    """False where no database keeps it, or no file: half of a pair of surrogates, or the character of nothing."""
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return "\0" not in value


def _instant(text: str) -> datetime:
    instant = datetime.fromisoformat(text)
    if instant.tzinfo is None:
        raise ValueError(text)
    return instant.astimezone(UTC)


def _folder(name: str) -> Path:
    """One of the folders that pictures are kept in: no other is read, whatever a file says."""
    for folder in settings.PICTURE_DIRS:
        if folder.name == name:
            return Path(folder)
    raise ValueError(name)


_READERS: dict[Any, Any] = {
    datetime: _instant,
    date: date.fromisoformat,
    bytes: lambda text: base64.b64decode(text, validate=True),
    Path: _folder,
}


def _expect(is_right: bool, place: str) -> None:
    if not is_right:
        raise UnreadableDocumentError(
            _("The post-mortem in this file is damaged: “%(place)s” is not there or not what it should be.")
            % {"place": place or "format"}
        )
