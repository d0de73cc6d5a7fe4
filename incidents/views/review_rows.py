"""What the pages about reviewing and publishing show of a post-mortem."""

from typing import Any

from accounts.models import User
from incidents.documents.frozen import build_frozen, content_digest
from incidents.models import Postmortem, Review
from incidents.queries.publications import list_versions
from incidents.queries.publishing import list_open_points, list_questions
from incidents.queries.reviews import count_open_comments, list_reviews, may_comment


def review_context(postmortem: Postmortem, reader: User) -> dict[str, Any]:
    """The reviews, with those of an earlier text marked, what is open, and what the reader may do."""
    rows = list_reviews(postmortem, content_digest(build_frozen(postmortem)))
    questions = list_questions(postmortem)
    return {
        "incident": postmortem.incident,
        "postmortem": postmortem,
        "reviews": rows,
        "own": next((row.review for row in rows if row.review.reviewer_id == reader.pk), None),
        "points": list_open_points(postmortem),
        "answered": sum(1 for question in questions if question.answer),
        "questions": questions,
        "open_comments": sum(count_open_comments(postmortem).values()),
        "versions": list_versions(postmortem),
        "can_write": reader.is_writer,
        "can_comment": may_comment(reader, postmortem),
        "approvals": sum(1 for row in rows if row.review.decision == Review.Decision.APPROVED and not row.is_older),
    }
