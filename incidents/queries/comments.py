"""The comments of a post-mortem with the passages they are about."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db.models import Count, Prefetch, Q

from accounts.models import User
from incidents.documents.build import build_document
from incidents.documents.section_text import section_text
from incidents.documents.tree import Section
from incidents.models import Postmortem, PostmortemSection, SectionComment
from lib.passages import Passage, Place, find_places


@dataclass(frozen=True)
class Thread:
    """A comment with its answers; where its passage still stands, `place` has the words around it."""

    comment: SectionComment
    answers: list[SectionComment]
    place: Place | None = None

    @property
    def is_gone(self) -> bool:
        """True where the passage is no longer in the text."""
        return bool(self.comment.quote) and self.place is None


@dataclass(frozen=True)
class CommentedSection:
    """A section and what is said about it, what is open first."""

    section: PostmortemSection
    threads: list[Thread]

    @property
    def open_count(self) -> int:
        """How many comments nobody has resolved."""
        return sum(1 for thread in self.threads if _is_open(thread.comment))


@dataclass(frozen=True)
class Talk:
    """The comments on a section that nobody has resolved, by their keys, each with how much is said in its thread."""

    comments: Mapping[int, SectionComment]
    counts: Mapping[int, int]

    @property
    def passages(self) -> list[Passage]:
        """What those are about that are about a passage."""
        return [passage_of(comment) for comment in self.comments.values() if comment.quote]


def list_talks(postmortem: Postmortem) -> dict[str, Talk]:
    """What is open of each section, by the section's key, in one query."""
    sections = postmortem.sections.all().values("pk")
    answers = Count("answers", filter=Q(answers__removed_at=None))
    found = SectionComment.objects.filter(section__in=sections, parent=None, resolved_at=None)
    found = found.select_related("author", "section").annotate(said=answers + 1).order_by("created_at", "pk")
    talks: dict[str, Talk] = {}
    for comment in found:
        talk = talks.setdefault(comment.section.key, Talk({}, {}))
        talk.comments[comment.pk], talk.counts[comment.pk] = comment, comment.said  # type: ignore[index]
    return talks


def list_commented_sections(postmortem: Postmortem, reader: User) -> list[CommentedSection]:
    """Every section of the document in order with its comments, in a fixed number of queries.

    What was deleted is there for its author, who may bring it back, and where somebody answered it.
    """
    answers = SectionComment.with_removed.select_related("author").order_by("created_at", "pk")
    comments = SectionComment.with_removed.filter(parent=None).select_related("author", "resolved_by")
    comments = comments.order_by("created_at", "pk").prefetch_related(Prefetch("answers", answers))
    sections = list(postmortem.sections.prefetch_related(Prefetch("comments", comments, to_attr="said")))
    has_passages = any(comment.quote for section in sections for comment in _said(section))
    shown = {part.key: part for part in build_document(postmortem).sections} if has_passages else {}
    return [CommentedSection(each, _threads(_said(each), shown.get(each.key), reader)) for each in sections]


def passage_of(comment: SectionComment) -> Passage:
    """What the comment is about."""
    return Passage(comment.pk, comment.quote, comment.quote_before)


def _said(section: PostmortemSection) -> list[SectionComment]:
    said: list[SectionComment] = section.said  # type: ignore[attr-defined]
    return said


def _threads(comments: Iterable[SectionComment], shown: Section | None, reader: User) -> list[Thread]:
    known = [comment for comment in comments if _is_shown(comment, reader)]
    passages = [passage_of(comment) for comment in known if comment.quote]
    places = find_places(section_text(shown), passages) if shown and passages else {}
    threads = [Thread(each, _answers(each, reader), places.get(each.pk)) for each in known]
    return sorted(threads, key=lambda thread: not _is_open(thread.comment))


def _answers(comment: SectionComment, reader: User) -> list[SectionComment]:
    return [answer for answer in comment.answers.all() if not answer.removed_at or answer.author_id == reader.pk]


def _is_shown(comment: SectionComment, reader: User) -> bool:
    return not comment.removed_at or comment.author_id == reader.pk or bool(_answers(comment, reader))


def _is_open(comment: SectionComment) -> bool:
    return not comment.resolved_at and not comment.removed_at
