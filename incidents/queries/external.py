"""A post-mortem for readers outside, and the names that are left in it."""

import hashlib
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from accounts.models import Team, User
from incidents.documents.external import NameLeft, make_external, names_left, replace_names, roles_in
from incidents.documents.frozen import build_frozen
from incidents.documents.tree import Document
from incidents.documents.tree_json import canonical
from incidents.models import Postmortem
from incidents.queries.publications import find_version, read_named, read_version, with_standing

SHOWN = 3


@dataclass(frozen=True)
class Spelling:
    """A name that is left, once for all its places: the first few of them, and how many more there are."""

    name: NameLeft
    places: list[NameLeft]
    more: int


@dataclass(frozen=True)
class ExternalCopy:
    """The document with roles for people, what is left of names, and a digest of both by which they are known again."""

    document: Document
    names: list[NameLeft]
    fingerprint: str
    people: list[User] = field(repr=False)
    roles: dict[int, str] = field(repr=False)
    typed: str = ""

    @property
    def spellings(self) -> list[Spelling]:
        """The names that are left, each once."""
        grouped: dict[tuple[str, str], list[NameLeft]] = {}
        for left in self.names:
            grouped.setdefault((left.key, left.person), []).append(left)
        return [Spelling(each[0], each[:SHOWN], len(each[SHOWN:])) for each in grouped.values()]

    @property
    def without_names(self) -> Document:
        """The document without any name that is left."""
        return self.without()

    def without(self, *, keep: Collection[str] = ()) -> Document:
        """The document without the names that are left, but for those whose key is in `keep`."""
        return replace_names(self.document, self.people, self.roles, typed=self.typed, keep=keep)


def prepare_external(postmortem: Postmortem, version: str) -> ExternalCopy | None:
    """The copy of a published version, or of what stands now where `version` is empty; None where there is none."""
    people = list(User.objects.order_by("pk"))
    if not version:
        internal = with_standing(build_frozen(postmortem), postmortem)
        roles = roles_in(postmortem.incident, internal, people)
        external = make_external(internal, people, roles)
    else:
        publication = find_version(postmortem, int(version)) if version.isdecimal() and len(version) < 10 else None
        if publication is None:
            return None
        internal = read_version(publication)
        roles = roles_in(postmortem.incident, internal, people)
        # What names people is known better today than when it was published: they may have an account since.
        external = make_external(read_named(publication, is_external=True), people, roles)
    typed = "" if _is_known(internal.author, people) else internal.author
    names = names_left(external, people, roles, typed=typed)
    seen = canonical(external) + "".join(sorted(f"\n{left.key}" for left in names))
    return ExternalCopy(external, names, hashlib.sha256(seen.encode()).hexdigest(), people, roles, typed)


def _is_known(author: str, people: Iterable[User]) -> bool:
    """True where an account or a team has this name: a team is no person."""
    named = {each.casefold() for person in people for each in (person.name, person.username)}
    return author.casefold() in named or Team.objects.filter(name__iexact=author).exists()
