"""Who reviews a post-mortem, what they said of it, and what a person was asked to read."""

from dataclasses import dataclass

from django.db.models import Exists, OuterRef, QuerySet

from accounts.models import User
from incidents.models import Incident, Postmortem, Review, SectionComment
from incidents.models.grant import who_sees


@dataclass(frozen=True)
class ReviewRow:
    """One reviewer's word; `is_older` where it is about an earlier text."""

    review: Review
    is_older: bool


def list_possible_reviewers(incident: Incident) -> QuerySet[User]:
    """Everyone who can sign in and may see the incident."""
    return User.objects.filter(who_sees(incident), is_active=True).order_by("username")


def list_reviews(postmortem: Postmortem, sha256: str) -> list[ReviewRow]:
    """Everyone who was asked, and whether they decided on the content with this digest or an earlier one."""
    reviews = postmortem.reviews.select_related("reviewer", "asked_by")
    return [ReviewRow(review, bool(review.decided_at) and review.content_sha256 != sha256) for review in reviews]


def list_asked_reviews(person: User, reader: User) -> QuerySet[Review]:
    """What this person was asked to read and has not decided on, as far as the reader sees the incidents."""
    seen = Incident.objects.visible_to(reader).filter(pk=OuterRef("postmortem__incident")).order_by()
    asked = Review.objects.filter(Exists(seen), reviewer=person, decision=Review.Decision.PENDING)
    asked = asked.exclude(postmortem__status=Postmortem.Status.NOT_REQUIRED)
    return asked.select_related("postmortem__incident", "asked_by").order_by("asked_at", "pk")


def count_open_comments(postmortem: Postmortem) -> dict[str, int]:
    """How many comments of each section nobody has resolved, by the section's key."""
    counts: dict[str, int] = {}
    for key in _open(postmortem).values_list("section__key", flat=True):
        counts[key] = counts.get(key, 0) + 1
    return counts


def _open(postmortem: Postmortem) -> QuerySet[SectionComment]:
    sections = postmortem.sections.all().values("pk")
    return SectionComment.objects.filter(section__in=sections, parent=None, resolved_at=None).order_by()


def may_comment(user: User, postmortem: Postmortem) -> bool:
    """Everyone who may write, and whoever was asked to read it."""
    return user.is_writer or postmortem.reviews.filter(reviewer=user).exists()
