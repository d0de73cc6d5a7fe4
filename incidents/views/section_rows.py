"""The sections of a document as its page shows them."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from accounts.models import User
from incidents.documents.tree import Document
from incidents.models import Postmortem, PostmortemSection
from incidents.queries.comments import list_talks
from incidents.queries.outline import questions_of
from incidents.queries.reviews import may_comment
from incidents.queries.section_presence import list_present


def shown_sections(
    postmortem: Postmortem,
    document: Document,
    reader: User,
    *,
    sections: list[PostmortemSection],
    now: datetime,
) -> dict[str, Any]:
    """Each section with who else writes in it and what is said of it, what empty ones ask, and the state of all.

    The state is another one after each save. The `sections` are to be read before the document is built from them:
    what is saved between the two is shown twice, and not never.
    """
    present = list_present(postmortem, now=now, but=reader)
    return {
        "rows": [{"section": each, "present": present.get(each.key, [])} for each in document.sections],
        **said_of(postmortem, reader),
        "questions": questions_of(sections) if reader.is_writer else {},
        "state": spell({each.key: each.version for each in sections}),
        "writing": spell_present(present),
    }


def said_of(postmortem: Postmortem, reader: User) -> dict[str, Any]:
    """What is said of its sections and not resolved, by their keys, and whether the reader may say something."""
    return {"talks": list_talks(postmortem), "can_comment": may_comment(reader, postmortem)}


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
