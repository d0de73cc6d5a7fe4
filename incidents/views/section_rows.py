"""The sections of a document as its page shows them."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from accounts.models import User
from incidents.documents.tree import Document
from incidents.models import Postmortem
from incidents.queries.outline import list_questions
from incidents.queries.reviews import count_open_comments, may_comment
from incidents.queries.section_presence import list_present
from incidents.queries.section_versions import list_versions


def shown_sections(postmortem: Postmortem, document: Document, reader: User, *, now: datetime) -> dict[str, Any]:
    """Each section with who else writes in it and what is said of it, what empty ones ask, and the state of all.

    The state is another one after each save.
    """
    present = list_present(postmortem, now=now, but=reader)
    comments = count_open_comments(postmortem)
    return {
        "rows": [
            {"section": each, "present": present.get(each.key, []), "open_comments": comments.get(each.key, 0)}
            for each in document.sections
        ],
        "can_comment": may_comment(reader, postmortem),
        "questions": list_questions(postmortem) if reader.is_writer else {},
        "state": spell(list_versions(postmortem)),
        "writing": spell_present(present),
    }


def spell(versions: Mapping[str, int]) -> str:
    """`summary.3,impact.1`: the version of each section."""
    return ",".join(f"{key}.{version}" for key, version in versions.items())


def spell_present(present: Mapping[str, list[str]]) -> str:
    """The same for how many write in each section."""
    return spell({key: len(names) for key, names in sorted(present.items())})


def read(state: str) -> dict[str, str]:
    """The versions by key that a page says it shows; what nobody can have spelled is left out."""
    pairs = (part.rpartition(".") for part in state.split(","))
    return {key: version for key, _dot, version in pairs if key}
