"""The JSON Schema of the document tree, read off the dataclasses that it is written and read by."""

from dataclasses import MISSING, fields, is_dataclass
from datetime import date, datetime
from pathlib import Path
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin

from incidents.documents.tree import Document
from incidents.documents.tree_json import FORMAT, KIND, default_of, hints_of

DIALECT = "https://json-schema.org/draft/2020-12/schema"
# Where every installation answers with it.
ADDRESS = "/schemas/postmortem-1.json"
_PLAIN: dict[Any, dict[str, Any]] = {
    str: {"type": "string"},
    bool: {"type": "boolean"},
    int: {"type": "integer"},
    float: {"type": "number"},
    datetime: {"type": "string", "format": "date-time"},
    date: {"type": "string", "format": "date"},
    bytes: {"type": "string", "contentEncoding": "base64"},
    Path: {"type": "string"},
}


def make_schema() -> dict[str, Any]:
    """The schema of a JSON export: the document, and the definitions of all that it is made of, in order of name."""
    definitions: dict[str, Any] = {}
    _define(Document, definitions)
    document = definitions.pop("Document")
    # What the file says of itself.
    document["properties"] = {"$schema": {"type": "string"}, "format": {"const": FORMAT}} | document["properties"]
    document["required"] = ["format", *document["required"]]
    return {
        "$schema": DIALECT,
        "$id": f"https://document.invalid{ADDRESS}",
        "title": "Post-mortem",
        **document,
        "$defs": dict(sorted(definitions.items())),
    }


def _define(cls: Any, definitions: dict[str, Any]) -> dict[str, str]:
    """A reference to the definition of the class, which is there afterwards, with all that it names."""
    if cls.__name__ not in definitions:
        definitions[cls.__name__] = {}
        definitions[cls.__name__] = _describe(cls, definitions)
    return {"$ref": f"#/$defs/{cls.__name__}"}


def _describe(cls: Any, definitions: dict[str, Any]) -> dict[str, Any]:
    properties: dict[str, Any] = {"type": {"const": KIND[cls]}} if cls in KIND else {}
    required = [*properties]
    for field in fields(cls):
        described = _of(hints_of(cls)[field.name], definitions)
        default = default_of(field)
        if default is MISSING:
            required.append(field.name)
        elif isinstance(default, str | bool | int):
            described = described | {"default": default}
        properties[field.name] = described
    return {
        "description": " ".join((cls.__doc__ or "").split()),
        "type": "object",
        "properties": properties,
        "required": required,
        "additionalProperties": False,
    }


def _of(hint: Any, definitions: dict[str, Any]) -> dict[str, Any]:
    origin, arguments = get_origin(hint), get_args(hint)
    if is_dataclass(hint):
        return dict(_define(hint, definitions))
    if origin in (UnionType, Union):
        return {"anyOf": [{"type": "null"} if each is NoneType else _of(each, definitions) for each in arguments]}
    if origin is tuple:
        return {"type": "array", "items": _of(arguments[0], definitions)}
    if origin is Literal:
        return {"enum": [*arguments]}
    if origin is not None:
        return {"type": "object", "additionalProperties": _of(arguments[1], definitions)}
    return dict(_PLAIN[hint])
