"""What two people made of the same words, side by side, to choose from."""

from dataclasses import dataclass

from django.http import QueryDict

from incidents.errors import IncidentError, MergeConflict
from incidents.forms.sections import SectionForm, to_version
from incidents.models import PostmortemSection
from incidents.queries.section_versions import text_at
from lib.merging import Piece, compare_texts, join_texts, mark_changed, shorten_pieces


@dataclass(frozen=True)
class Choice:
    """The text both began from, and what each changed in it, without what is the same in all three far from that.

    `version` is the one that theirs is.
    """

    message: str
    base: list[Piece]
    mine: list[Piece]
    theirs: list[Piece]
    version: int

    @classmethod
    def of(cls, conflict: MergeConflict) -> "Choice":
        """The choice that this conflict asks for."""
        base, texts = conflict.base, (conflict.mine, conflict.theirs)
        mine, theirs = (shorten_pieces(compare_texts(base, text)) for text in texts)
        return cls(str(conflict), shorten_pieces(mark_changed(base, *texts)), mine, theirs, conflict.version)


def choose(section: PostmortemSection, typed: QueryDict) -> SectionForm | None:
    """The form with the texts of both in one, over the version that stood when it was asked; it is yet to be saved.

    None where there never was such a version.
    """
    resolved = to_version(typed.get("resolves", ""))
    theirs = _find(section, resolved)
    if theirs is None:
        return None
    mine = typed.get("body", "").replace("\r\n", "\n")
    base = _find(section, to_version(typed.get("seen", ""))) or ""
    form = SectionForm(section=section)
    form.initial = {"body": join_texts(base, mine, theirs), "seen": resolved}
    return form


def _find(section: PostmortemSection, number: int) -> str | None:
    try:
        return text_at(section, number)
    except IncidentError:
        return None
