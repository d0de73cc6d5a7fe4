"""What is said about sections: comments, answers, and that one is dealt with."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from incidents.errors import IncidentError
from incidents.models import PostmortemSection, SectionComment

LONGEST_QUOTE = 500


def add_comment(section: PostmortemSection, *, text: str, actor: User, quote: str = "") -> SectionComment:
    """A comment on the section, or on the passage `quote` of it."""
    text, quote = text.strip(), " ".join(quote.split())
    if not text:
        raise IncidentError(_("Write what you want to say."), field="text")
    if len(quote) > LONGEST_QUOTE:
        raise IncidentError(_("This passage is too long; quote the words that matter."), field="quote")
    return SectionComment.objects.create(section=section, text=text, quote=quote, author=actor)


@transaction.atomic
def answer_comment(comment: SectionComment, *, text: str, actor: User) -> SectionComment:
    """An answer below the comment; one to an answer stands below the same comment."""
    thread = SectionComment.objects.select_for_update(of=("self",)).get(pk=comment.parent_id or comment.pk)
    if not text.strip():
        raise IncidentError(_("Write what you want to say."), field="text")
    return SectionComment.objects.create(section=thread.section, parent=thread, text=text.strip(), author=actor)


@transaction.atomic
def resolve_comment(comment: SectionComment, *, is_resolved: bool, actor: User, now: datetime) -> SectionComment:
    """The comment is dealt with, or open again; saying so twice changes nothing."""
    comment = SectionComment.objects.select_for_update(of=("self",)).get(pk=comment.parent_id or comment.pk)
    if bool(comment.resolved_at) == is_resolved:
        return comment
    comment.resolved_at, comment.resolved_by = (now, actor) if is_resolved else (None, None)
    comment.save(update_fields=["resolved_at", "resolved_by", "updated_at"])
    return comment
