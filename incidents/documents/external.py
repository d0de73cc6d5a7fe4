"""A document for readers outside: people are their roles in it, and every name that is left is found before it leaves.

What the records say of people (author, owners, roles, mentions) becomes a role, as do full names, user names and
addresses wherever they stand. A part of a name may be a word like any other, so it is listed for a person to decide.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass, replace
from typing import Any

from django.utils.translation import gettext as _

from accounts.models import User
from incidents.documents.tree import Document, Figure, Picture, Section
from incidents.models import Incident, IncidentRole
from lib.markdown_references import Reference

SHORTEST_PART = 4
# What programs read in a tree; no person's word stands there.
MACHINE_FIELDS = {"style", "state", "status", "template", "sha256", "media_type", "address", "key", "language", "zone"}
THAI = re.compile("[\u0e00-\u0e7f]")


@dataclass(frozen=True)
class NameLeft:
    """A name that still stands in the document: whose it may be, where, and the words around it."""

    name: str
    person: str
    place: str
    around: str
    role: str = ""


def make_external(document: Document, people: Sequence[User], roles: Mapping[int, str]) -> Document:
    """The document with people as `roles` (by the person's key): no records, no attached files, no way to people."""
    needles = [(needle, roles[person.pk]) for person in people if person.pk in roles for needle in whole_names(person)]
    external: Document = _map_texts(_unlink(document), _replacer(needles))
    author = _role_of(document.author, people, roles) or _("Author")
    # Signed files say who attached them, and cannot be changed.
    return replace(external, author=author, attachments=(), records=None, variant="external")


def replace_names(document: Document, people: Sequence[User], roles: Mapping[int, str]) -> Document:
    """The external document with the parts of names that are left as roles too."""
    needles = [(needle, roles[person.pk]) for person in people if person.pk in roles for needle in all_names(person)]
    replaced: Document = _map_texts(document, _replacer(needles))
    return replaced


def names_left(document: Document, people: Iterable[User], roles: Mapping[int, str] | None = None) -> list[NameLeft]:
    """Each name, user name, address or part of a name (of four letters and more) in the document, with its place."""
    places = list(_places(document))
    everything = "\n".join(text for _place, text in places).casefold()
    found = []
    for person in people:
        for needle in all_names(person):
            # Most people are in no document: that is found out quickly.
            if needle.casefold() in everything:
                pattern = _pattern([needle])
                role = (roles or {}).get(person.pk, "")
                found += [
                    NameLeft(match[0], str(person), place, text[max(match.start() - 40, 0) : match.end() + 40], role)
                    for place, text in places
                    for match in pattern.finditer(text)
                ]
    return list(dict.fromkeys(found))


def roles_in(incident: Incident, document: Document, people: Iterable[User]) -> dict[int, str]:
    """What each person who is in the document is called: their part in the incident, else “Responder 1”, in order.

    Where several had the same part, they are numbered.
    """
    text = "\n".join([document.author, *(text for _place, text in _places(document))]).casefold()
    parts = _parts(incident)
    named = sorted((place, person.pk) for person in people if (place := _first_place(person, text)) >= 0)
    keys = [*dict.fromkeys([*parts, *(key for _place, key in named)])]
    labels = {key: str(parts[key].label) if key in parts else _("Responder") for key in keys}
    return _number(labels, always=_("Responder"))


def whole_names(person: User) -> list[str]:
    """What names this person beyond doubt, the longest first."""
    known = {person.name.strip(), person.email.strip(), f"@{person.username}", person.username}
    return sorted((name for name in known if len(name) > 1), key=len, reverse=True)


def all_names(person: User) -> list[str]:
    """The same, and each part of the name that has four letters or more."""
    parts = {part for part in re.split(r"[\s.,'-]+", person.name) if len(part) >= SHORTEST_PART}
    return [*whole_names(person), *sorted(parts - set(whole_names(person)), key=lambda part: (-len(part), part))]


def _parts(incident: Incident) -> dict[int, IncidentRole]:
    order = list(IncidentRole)
    held = [(order.index(IncidentRole(one.role)), one.person_id) for one in incident.role_assignments.all()]
    return {person: order[place] for place, person in sorted(held, reverse=True)}


def _number(labels: dict[int, str], *, always: str) -> dict[int, str]:
    shared = [label for label in labels.values() if [*labels.values()].count(label) > 1 or label == always]
    count: dict[str, int] = {}
    numbered = {}
    for key, label in labels.items():
        count[label] = count.get(label, 0) + 1
        numbered[key] = f"{label} {count[label]}" if label in shared else label
    return numbered


def _first_place(person: User, text: str) -> int:
    places = (text.find(name.casefold()) for name in all_names(person))
    return min((place for place in places if place >= 0), default=-1)


def _role_of(author: str, people: Iterable[User], roles: Mapping[int, str]) -> str:
    known = (roles.get(person.pk, "") for person in people if author in (person.name, person.username))
    return next(known, "")


def _pattern(needles: Iterable[str]) -> re.Pattern[str]:
    """Each as a word of its own, in any case; Thai is written without blanks, so that it has no such ends."""
    words = [
        re.escape(needle) if THAI.search(needle) else rf"(?<!\w){re.escape(needle)}(?!\w)"
        for needle in sorted(needles, key=len, reverse=True)
    ]
    return re.compile("|".join(words), re.IGNORECASE)


def _replacer(needles: Sequence[tuple[str, str]]) -> Callable[[str], str]:
    known: dict[str, str] = {}
    for needle, role in needles:
        known.setdefault(needle.casefold(), role)
    if not known:
        return lambda text: text
    pattern = _pattern(known)
    return lambda text: pattern.sub(lambda match: known.get(match[0].casefold(), match[0]), text)


def _unlink(value: Any) -> Any:
    """No mention stands for a person any more; as text it is replaced as all other text is."""
    if isinstance(value, tuple):
        return tuple(_unlink(part) for part in value if not (isinstance(part, Reference) and part.key[:1] == "@"))
    return _rebuild(value, _unlink)


def _map_texts(value: Any, change: Callable[[str], str]) -> Any:
    if isinstance(value, str):
        return change(value)
    if isinstance(value, Picture):
        return value
    return _rebuild(value, lambda part: _map_texts(part, change))


def _rebuild(value: Any, change: Callable[[Any], Any]) -> Any:
    """The same with its parts changed; equal values stay the same ones."""
    if isinstance(value, tuple):
        return tuple(change(part) for part in value)
    if not is_dataclass(value) or isinstance(value, type):
        return value
    skipped = (
        MACHINE_FIELDS if not isinstance(value, Document) else MACHINE_FIELDS | {"records", "attachments", "status"}
    )
    known = {field.name: getattr(value, field.name) for field in fields(value) if field.name not in skipped}
    changed = {name: part for name, old in known.items() if (part := change(old)) != old}
    return replace(value, **changed) if changed else value


def _places(document: Document) -> Iterator[tuple[str, str]]:
    """Every text that people read, with where it stands."""
    yield _("Title"), document.title
    yield _("Author"), document.author
    for fact in document.key_figures:
        yield fact.label, fact.value.text
    for section in document.sections:
        yield from ((section.title, text) for text in _texts(section))


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, tuple):
        for part in value:
            yield from _texts(part)
    elif isinstance(value, Section | Figure) or is_dataclass(value):
        for field in fields(value):
            if field.name not in MACHINE_FIELDS:
                yield from _texts(getattr(value, field.name))
