"""What the pages about reviewing and publishing show of a post-mortem."""

from typing import Any

from accounts.models import User
from incidents.completeness import measure
from incidents.documents.frozen import build_frozen, content_digest, unwritten_sections
from incidents.models import Postmortem, Review
from incidents.queries.publications import list_versions, read_standing
from incidents.queries.publishing import list_open_points, list_questions
from incidents.queries.reviews import count_open_comments, list_reviews, may_comment


def review_context(postmortem: Postmortem, reader: User) -> dict[str, Any]:
    """The reviews, with those of an earlier text marked, what is open, and what the reader may do."""
    document = build_frozen(postmortem)
    digest = content_digest(document)
    rows = list_reviews(postmortem, digest)
    questions = list_questions(postmortem)
    approved = [row for row in rows if row.review.decision == Review.Decision.APPROVED]
    return {
        "incident": postmortem.incident,
        "postmortem": postmortem,
        "digest": digest,
        "reviews": rows,
        "own": next((row.review for row in rows if row.review.reviewer_id == reader.pk), None),
        "points": list_open_points(postmortem),
        "answered": sum(1 for question in questions if question.answer),
        "questions": questions,
        "open_comments": sum(count_open_comments(postmortem).values()),
        "versions": list_versions(postmortem),
        "standing": read_standing(postmortem, document),
        "unwritten": unwritten_sections(document),
        "lacking": sum(len(missing) for _label, missing in measure(postmortem).lacking),
        "silent": [row.review.reviewer for row in rows if row.review.decision == Review.Decision.PENDING],
        "can_write": reader.is_writer,
        "can_comment": may_comment(reader, postmortem),
        "older_approvals": sum(row.is_older for row in approved),
    }
