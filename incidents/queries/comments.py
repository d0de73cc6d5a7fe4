"""The comments of a post-mortem with the passages they are about."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Prefetch

from incidents.models import Postmortem, PostmortemSection, SectionComment


@dataclass(frozen=True)
class Thread:
    """A comment with its answers. Where its passage still stands, `before` and `after` are the words around it."""

    comment: SectionComment
    answers: list[SectionComment]
    is_gone: bool
    before: str = ""
    after: str = ""


@dataclass(frozen=True)
class CommentedSection:
    """A section and what is said about it, what is open first."""

    section: PostmortemSection
    threads: list[Thread]

    @property
    def open_count(self) -> int:
        """How many comments nobody has resolved."""
        return sum(1 for thread in self.threads if thread.comment.resolved_at is None)


AROUND = 60


def list_commented_sections(postmortem: Postmortem) -> list[CommentedSection]:
    """Every section of the document in order with its comments, in a fixed number of queries."""
    answers = SectionComment.objects.select_related("author").order_by("created_at", "pk")
    comments = SectionComment.objects.filter(parent=None).select_related("author", "resolved_by")
    comments = comments.order_by("created_at", "pk").prefetch_related(Prefetch("answers", answers))
    sections = postmortem.sections.prefetch_related(Prefetch("comments", comments))
    return [CommentedSection(section, _threads(section, section.comments.all())) for section in sections]


def _threads(section: PostmortemSection, comments: Iterable[SectionComment]) -> list[Thread]:
    threads = [_thread(section, comment) for comment in comments]
    return sorted(threads, key=lambda thread: thread.comment.resolved_at is not None)


def _thread(section: PostmortemSection, comment: SectionComment) -> Thread:
    answers = list(comment.answers.all())
    if not comment.quote:
        return Thread(comment, answers, is_gone=False)
    place = find_passage(section.body, comment.quote)
    if place is None:
        return Thread(comment, answers, is_gone=True)
    text = " ".join(section.body.split())
    start, end = place
    return Thread(
        comment, answers, is_gone=False, before=text[max(start - AROUND, 0) : start], after=text[end:][:AROUND]
    )


def find_passage(body: str, quote: str) -> tuple[int, int] | None:
    """Where the passage stands in the text, blanks of all sorts taken as one; None where it is no longer there.

    What was selected on the page has none of the signs of Markdown, so they are passed over where they are in the way.
    """
    text, wanted = " ".join(body.split()), " ".join(quote.split())
    start = text.find(wanted)
    if start >= 0:
        return start, start + len(wanted)
    places = [place for place, sign in enumerate(text) if sign not in "*_`~"]
    start = "".join(text[place] for place in places).find("".join(sign for sign in wanted if sign not in "*_`~"))
    if start < 0 or not wanted.strip("*_`~ "):
        return None
    length = len("".join(sign for sign in wanted if sign not in "*_`~"))
    return places[start], places[start + length - 1] + 1
