"""What reviewing and publishing turns user input into: as `access`, unknown is 404 and what may not be done is 403."""

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from accounts.models import User
from incidents.access import get_editable_postmortem, get_visible_postmortem
from incidents.models import Postmortem, PostmortemSection, Publication, Review, SectionComment
from incidents.queries.publications import find_version
from incidents.queries.reviews import may_comment


def get_own_review(user: User, number: int) -> Review:
    """The review that this person was asked for; 404 where nobody asked them."""
    reviews = Review.objects.select_related("postmortem")
    return get_object_or_404(reviews, postmortem=get_visible_postmortem(user, number), reviewer=user)


def get_asked_review(user: User, number: int, pk: int) -> Review:
    """A review that somebody was asked for, for withdrawing it."""
    reviews = Review.objects.select_related("postmortem", "reviewer")
    return get_object_or_404(reviews, postmortem=get_editable_postmortem(user, number), pk=pk)


def get_commentable_postmortem(user: User, number: int) -> Postmortem:
    """The post-mortem for commenting, which whoever was asked to read it may do too."""
    postmortem = get_visible_postmortem(user, number)
    if not may_comment(user, postmortem):
        raise PermissionDenied(
            _("Only responders and those who were asked for a review comment. Ask to be a reviewer.")
        )
    return postmortem


def get_commentable_section(user: User, number: int, key: str) -> PostmortemSection:
    """A section of the post-mortem for commenting."""
    return get_object_or_404(PostmortemSection, postmortem=get_commentable_postmortem(user, number), key=key)


def get_commentable_comment(user: User, number: int, pk: int) -> SectionComment:
    """A comment for answering and resolving."""
    comments = SectionComment.objects.select_related("section")
    return get_object_or_404(comments, section__postmortem=get_commentable_postmortem(user, number), pk=pk)


def get_own_comment(user: User, number: int, pk: int) -> SectionComment:
    """A comment or answer of the reader's own, also one they deleted, for changing it; 403 where it is another's."""
    comments = SectionComment.with_removed.select_related("section__postmortem__incident")
    postmortem = get_commentable_postmortem(user, number)
    comment: SectionComment = get_object_or_404(comments, section__in=postmortem.sections.all(), pk=pk)
    if comment.author_id == user.pk:
        return comment
    if comment.removed_at:
        raise Http404
    raise PermissionDenied(_("Only whoever wrote this changes or deletes it. Answer it, or resolve it."))


def get_visible_publication(user: User, number: int, version: int) -> Publication:
    """A published version for reading."""
    publication = find_version(get_visible_postmortem(user, number), version)
    if publication is None:
        raise Http404
    return publication
