"""What is said about sections: comments, answers, and that one is dealt with."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from incidents.documents.build import build_document
from incidents.documents.section_text import section_text
from incidents.errors import IncidentError
from incidents.models import PostmortemSection, SectionComment
from lib.passages import Passage, find_places

LONGEST_QUOTE = 500
LONGEST_BEFORE = 60


def add_comment(
    section: PostmortemSection, *, text: str, actor: User, quote: str = "", quote_before: str = ""
) -> SectionComment:
    """A comment on the section, or on the passage `quote` of it; the words before it tell it from others of its words.

    Raises IncidentError where the section does not say so.
    """
    text, quote = _checked(text), " ".join(quote.split())
    if len(quote) > LONGEST_QUOTE:
        raise IncidentError(_("This passage is too long; quote the words that matter."), field="quote")
    if quote and not _is_there(section, quote):
        sentence = _("The section does not say this as it stands. Copy the words from it, or leave the passage empty.")
        raise IncidentError(sentence, field="quote")
    before = " ".join(quote_before.split())[-LONGEST_BEFORE:] if quote else ""
    return SectionComment.objects.create(section=section, text=text, quote=quote, quote_before=before, author=actor)


@transaction.atomic
def answer_comment(comment: SectionComment, *, text: str, actor: User) -> SectionComment:
    """An answer below the comment; one to an answer stands below the same comment."""
    thread = _lock_thread(comment)
    return SectionComment.objects.create(section=thread.section, parent=thread, text=_checked(text), author=actor)


@transaction.atomic
def edit_comment(comment: SectionComment, *, text: str, actor: User, now: datetime) -> SectionComment:
    """The comment or answer says this instead, and that it was edited; unchanged words change nothing.

    Raises IncidentError for anybody else than its author.
    """
    comment, text = _lock_own(comment, actor), _checked(text)
    if comment.text == text:
        return comment
    comment.text, comment.edited_at = text, now
    comment.save(update_fields=["text", "edited_at", "updated_at"])
    return comment


@transaction.atomic
def remove_comment(comment: SectionComment, *, actor: User, now: datetime) -> SectionComment:
    """Nobody but its author sees the comment or answer any more; what others answered stays.

    Raises IncidentError for anybody else than its author.
    """
    return _set_removed(comment, actor, now)


@transaction.atomic
def bring_back_comment(comment: SectionComment, *, actor: User) -> SectionComment:
    """The comment or answer is there again. Raises IncidentError for anybody else than its author."""
    return _set_removed(comment, actor, None)


@transaction.atomic
def resolve_comment(comment: SectionComment, *, is_resolved: bool, actor: User, now: datetime) -> SectionComment:
    """The comment is dealt with, or open again; saying so twice changes nothing."""
    comment = _lock_thread(comment)
    if bool(comment.resolved_at) == is_resolved:
        return comment
    comment.resolved_at, comment.resolved_by = (now, actor) if is_resolved else (None, None)
    comment.save(update_fields=["resolved_at", "resolved_by", "updated_at"])
    return comment


def _lock_thread(comment: SectionComment) -> SectionComment:
    thread = comment.parent_id or comment.pk
    locked = SectionComment.objects.select_for_update(of=("self",)).filter(pk=thread).first()
    if locked is None:
        raise IncidentError(_("This comment was deleted meanwhile. Write a new one instead."))
    return locked


def _lock_own(comment: SectionComment, actor: User) -> SectionComment:
    comment = SectionComment.with_removed.select_for_update(of=("self",)).get(pk=comment.pk)
    if comment.author_id != actor.pk:
        raise IncidentError(_("Only whoever wrote this changes or deletes it."))
    return comment


def _set_removed(comment: SectionComment, actor: User, removed_at: datetime | None) -> SectionComment:
    comment = _lock_own(comment, actor)
    if bool(comment.removed_at) != bool(removed_at):
        comment.removed_at = removed_at
        comment.save(update_fields=["removed_at", "updated_at"])
    return comment


def _checked(text: str) -> str:
    text = text.strip()
    if not text:
        raise IncidentError(_("Write what you want to say."), field="text")
    return text


def _is_there(section: PostmortemSection, quote: str) -> bool:
    shown = next((part for part in build_document(section.postmortem).sections if part.key == section.key), None)
    return shown is not None and bool(find_places(section_text(shown), [Passage(0, quote)]))
