"""A document for readers outside: people are their roles in it, and every name that is left is found before it leaves.

What the records say of people (author, owners, roles, mentions) becomes a role, as do full names and addresses wherever
they stand. A part of a name may be a word like any other, so it is listed for a person to decide.
"""

import html
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass, replace
from typing import Any

from django.utils.translation import gettext as _

from accounts.models import User
from incidents.documents.external_names import (
    Folded,
    Found,
    Needle,
    find_names,
    find_strangers,
    fold_text,
    relevant,
    replace_found,
)
from incidents.documents.tree import Document, Picture, Section
from incidents.models import Incident, IncidentRole
from lib.markdown_references import Reference

# What programs read in a tree; no person's word stands there.
MACHINE_FIELDS = {
    *("address", "crosses", "dots", "edge", "fill", "key", "kind", "language", "line", "media_type", "reference"),
    *("severity_colour", "sha256", "state", "status", "style", "template", "variant", "zone"),
}
# A letter that is written as a number is read as the letter.
ENTITY = re.compile(r"&#(?:\d{1,7}|[xX][0-9a-fA-F]{1,6});")
# Ways to people's pages here, and to their mailboxes.
LINK = re.compile(r"\[([^\[\]\n]*)\]\(<?(?:[^\s()<>]*/people/\d+|mailto:)[^()]*\)")
ADDRESS = re.compile(r"(?:https?://[^\s<>\"'()\[\]/]+)?[^\s<>\"'()\[\]]*/people/(\d+)(?:/[^\s<>\"'()\[\]]*)?")
AROUND = 40
# As a person's key: a name that somebody typed as the author's.
TYPED = -1


@dataclass(frozen=True)
class NameLeft:
    """A name that still stands in the document: whose it may be, where, the words around it, and what it becomes."""

    name: str
    person: str
    place: str
    around: str
    role: str = ""

    @property
    def key(self) -> str:
        """The same for each spelling of the name."""
        return fold_text(self.name).folded.strip()


def make_external(document: Document, people: Sequence[User], roles: Mapping[int, str]) -> Document:
    """The document with people as `roles` (by the person's key): no records, no attached files, no way to people."""
    needles = relevant(people, _everything(document).folded)

    def change(text: str) -> str:
        plain = _without_links(ENTITY.sub(_spell_letter, text), roles)
        found = [each for each in find_names(fold_text(plain), needles) if each.is_sure]
        return replace_found(plain, found, roles, somebody())

    external: Document = _map_texts(_unlink(document), change)
    # A section that was imported may have a name in the name of its anchor.
    sections = tuple(
        replace(section, key=f"section-{place}") if find_names(fold_text(section.key), needles) else section
        for place, section in enumerate(external.sections, start=1)
    )
    author = external.author
    if not document.is_external:
        author = _role_of(document.author, people, roles) or _("Author")
    # Signed files say who attached them, and cannot be changed.
    return replace(external, sections=sections, author=author, attachments=(), records=None, variant="external")


def replace_names(
    document: Document,
    people: Sequence[User],
    roles: Mapping[int, str],
    *,
    typed: str = "",
    keep: Collection[str] = (),
) -> Document:
    """The external document with the names that are left as roles too, but for those whose key is in `keep`."""
    needles = _needles(document, people, typed)
    words = _words(roles)

    def change(text: str) -> str:
        found = [each for each in _find(text, needles, roles) if _key(text, each) not in keep]
        return replace_found(text, found, words, somebody())

    replaced: Document = _map_texts(document, change)
    return replaced


def names_left(
    document: Document, people: Iterable[User], roles: Mapping[int, str] | None = None, *, typed: str = ""
) -> list[NameLeft]:
    """Each name, user name, address or part of a name in the document, with its place.

    So are addresses and handles of people who have no account here, and `typed`, the author's name as it was typed.
    """
    known, people = roles or {}, list(people)
    named, words = {person.pk: str(person) for person in people}, _words(known)
    needles = _needles(document, people, typed)
    found = [
        NameLeft(
            text[each.start : each.end],
            named.get(each.person, ""),
            place,
            text[max(each.start - AROUND, 0) : each.end + AROUND],
            words.get(each.person, "") if each.person > 0 else words.get(each.person, somebody()),
        )
        for place, text in _places(document)
        for each in _find(text, needles, known)
    ]
    return list(dict.fromkeys(found))


def roles_in(incident: Incident, document: Document, people: Iterable[User]) -> dict[int, str]:
    """What each person who is in the document is called: their part in the incident, else “Responder 1”, in order.

    Where several had the same part, they are numbered.
    """
    everything = _everything(document)
    parts = _parts(incident)
    found = find_names(everything, relevant(people, everything.folded))
    linked = [int(match[1]) for match in ADDRESS.finditer(everything.text)]
    known = {person.pk for person in people}
    keys = [*dict.fromkeys([*parts, *(each.person for each in found), *(key for key in linked if key in known)])]
    labels = {key: str(parts[key].label) if key in parts else _("Responder") for key in keys}
    return _number(labels, always=_("Responder"))


def somebody() -> str:
    """What stands for a person whose part is not known."""
    return _("a person")


def _words(roles: Mapping[int, str]) -> dict[int, str]:
    return {**roles, TYPED: _("Author")}


def _needles(document: Document, people: Iterable[User], typed: str) -> list[Needle]:
    needles = relevant(people, _everything(document).folded)
    name = fold_text(typed).folded.strip()
    return [*needles, Needle(name, typed, TYPED)] if name else needles


def _find(text: str, needles: Sequence[Needle], roles: Mapping[int, str]) -> list[Found]:
    """What may name a person in the text, but for where it is the word for one."""
    labels = [*roles.values(), somebody()]
    spans = [match.span() for label in labels if label in text for match in re.finditer(re.escape(label), text)]
    names = find_names(fold_text(text), needles) if needles else []
    # An address goes as a whole, whoever's name may be in it.
    strangers = [*find_strangers(text, [each for each in names if each.is_sure])]
    within = [(each.start, each.end) for each in strangers]
    found = [each for each in names if not any(start <= each.start and each.end <= end for start, end in within)]
    found += strangers
    return [each for each in found if not any(start <= each.start and each.end <= end for start, end in spans)]


def _key(text: str, found: Found) -> str:
    return fold_text(text[found.start : found.end]).folded.strip()


def _spell_letter(match: re.Match[str]) -> str:
    letter = html.unescape(match[0])
    return letter if letter.isalnum() else match[0]


def _without_links(text: str, roles: Mapping[int, str]) -> str:
    text = LINK.sub(lambda match: match[1], text)
    return ADDRESS.sub(lambda match: roles.get(int(match[1]), somebody()), text)


def _everything(document: Document) -> Folded:
    texts = (ENTITY.sub(_spell_letter, text) for _place, text in _places(document))
    return fold_text("\n".join([document.author, *texts]))


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


def _role_of(author: str, people: Iterable[User], roles: Mapping[int, str]) -> str:
    known = (roles.get(person.pk, "") for person in people if author in (person.name, person.username))
    return next(known, "")


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
        yield fact.label, fact.label
        yield fact.label, fact.value.text
    for section in document.sections:
        yield from ((section.title, text) for text in _texts(section))


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, tuple):
        for part in value:
            yield from _texts(part)
    elif isinstance(value, Section) or is_dataclass(value):
        for field in fields(value):
            if field.name not in MACHINE_FIELDS:
                yield from _texts(getattr(value, field.name))
