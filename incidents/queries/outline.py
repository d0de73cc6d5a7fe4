"""The sections of a document: which there are, which were, and what those ask in which nothing is written."""

from collections.abc import Iterable

from incidents.documents.outline import prompt_of
from incidents.models import Postmortem, PostmortemSection


def list_sections(postmortem: Postmortem) -> list[PostmortemSection]:
    """The sections of the document in their order."""
    return list(postmortem.sections.all())


def list_removed_sections(postmortem: Postmortem) -> list[PostmortemSection]:
    """What was taken out of the document, the last first."""
    rows = PostmortemSection.with_removed.filter(postmortem=postmortem).exclude(removed_at=None)
    return list(rows.order_by("-removed_at", "-pk"))


def questions_of(sections: Iterable[PostmortemSection]) -> dict[str, str]:
    """What the author of each empty section is asked, by the section's key."""
    return {each.key: question for each in sections if not each.body and (question := prompt_of(each))}
