"""Sections whose texts know what the references in them stand for."""

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass, replace
from typing import Any

from incidents.documents.references import find_references
from incidents.documents.tree import Cell, Prose, Section
from incidents.models import Incident
from lib.markdown_references import Reference, spell_keys


def with_references(sections: tuple[Section, ...], incident: Incident) -> tuple[Section, ...]:
    """The sections with what their references stand for, in a fixed number of queries however many there are."""
    found = find_references(_texts(sections), incident)
    if not found:
        return sections
    referred: tuple[Section, ...] = _refer(sections, found)
    return referred


def _texts(value: Any) -> Iterator[str]:
    """Every piece of Markdown in a part of the tree."""
    if isinstance(value, tuple):
        for item in value:
            yield from _texts(item)
    elif is_dataclass(value):
        yield _source(value)
        for each in fields(value):
            yield from _texts(getattr(value, each.name))


def _refer(value: Any, found: Mapping[str, Reference]) -> Any:
    if isinstance(value, tuple):
        return tuple(_refer(item, found) for item in value)
    if not is_dataclass(value) or isinstance(value, type):
        return value
    meant = dict.fromkeys(key for key in spell_keys(_source(value)) if key in found)
    known = {each.name: getattr(value, each.name) for each in fields(value)}
    if meant:
        return replace(value, references=tuple(found[key] for key in meant))
    changed = {
        name: _refer(part, found) for name, part in known.items() if isinstance(part, tuple) or is_dataclass(part)
    }
    return replace(value, **changed) if any(changed[name] is not known[name] for name in changed) else value


def _source(value: Any) -> str:
    """The Markdown that a value of the tree is, or nothing."""
    if isinstance(value, Prose):
        return value.markdown
    return value.text if isinstance(value, Cell) and value.style == "markdown" else ""
