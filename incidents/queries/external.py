"""A post-mortem for readers outside, and the names that are left in it."""

import hashlib
from dataclasses import dataclass

from accounts.models import User
from incidents.documents.external import NameLeft, make_external, names_left, replace_names, roles_in
from incidents.documents.frozen import build_frozen
from incidents.documents.tree import Document
from incidents.documents.tree_json import canonical
from incidents.models import Postmortem
from incidents.queries.publications import find_version, read_version


@dataclass(frozen=True)
class ExternalCopy:
    """The document with roles for people, what is left of names, and the document without those too."""

    document: Document
    names: list[NameLeft]
    without_names: Document
    fingerprint: str


def prepare_external(postmortem: Postmortem, version: str) -> ExternalCopy | None:
    """The copy of a published version, or of what stands now where `version` is empty; None where there is none."""
    people = list(User.objects.order_by("pk"))
    if not version:
        internal = build_frozen(postmortem)
        roles = roles_in(postmortem.incident, internal, people)
        external = make_external(internal, people, roles)
    else:
        publication = find_version(postmortem, int(version)) if version.isdecimal() and len(version) < 10 else None
        if publication is None:
            return None
        roles = roles_in(postmortem.incident, read_version(publication), people)
        external = read_version(publication, is_external=True)
    names = names_left(external, people, roles)
    fingerprint = hashlib.sha256(canonical(external).encode()).hexdigest()
    return ExternalCopy(external, names, replace_names(external, people, roles), fingerprint)
