"""Whether a published version still is what its SHA-256 was made of."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from incidents.documents.tree_json import published_digest, to_json
from incidents.models import Publication
from incidents.queries.publications import read_named


def is_as_published(publication: Publication) -> bool:
    """True where what is kept, for readers inside and outside, and what is taken away as JSON have their SHA-256."""
    kept = {publication.content: publication.sha256, publication.external_content: publication.external_sha256}
    if any(hashlib.sha256(text.encode()).hexdigest() != sha256 for text, sha256 in kept.items()):
        return False
    return published_digest(to_json(read_named(publication))) == publication.sha256


def find_published(data: Mapping[str, Any]) -> tuple[str, Publication | None]:
    """The SHA-256 of what a JSON file holds, and the version that was published here with it."""
    sha256 = published_digest(data)
    return sha256, Publication.objects.filter(sha256=sha256).select_related("postmortem__incident").first()


def read_file(text: str) -> dict[str, Any]:
    """What a JSON file holds; raises ValueError where it is none, or no post-mortem."""
    data = json.loads(text)
    if not isinstance(data, dict) or not isinstance(data.get("sections"), list):
        raise ValueError("It holds no post-mortem.")  # as for any other text that is not right
    return data
