"""What stands between a post-mortem and its publication: the checklist, and all else that is open."""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.db.models import Max
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from incidents.models import ChecklistAnswer, Postmortem, Review
from incidents.queries.reviews import count_open_comments, list_possible_reviewers

DATA = Path(__file__).resolve().parent.parent / "data" / "review_checklist.json"


@dataclass(frozen=True)
class Question:
    """One question of the checklist, and the answer it has; `earlier` was given for a version that is published."""

    key: str
    words: str
    answer: ChecklistAnswer | None = None
    earlier: ChecklistAnswer | None = None


@cache
def question_keys() -> dict[str, str]:
    """The questions in order, by key, as they stand in the data."""
    return {one["key"]: one["question"] for one in json.loads(DATA.read_text())}


def list_questions(postmortem: Postmortem) -> list[Question]:
    """The checklist with the answers that were given, for the next version and for earlier ones."""
    answers = postmortem.checklist_answers.select_related("answered_by")
    number = next_version(postmortem)
    given = {one.question: one for one in answers if one.for_version == number}
    earlier = {one.question: one for one in answers if one.for_version < number}
    return [Question(key, _(words), given.get(key), earlier.get(key)) for key, words in question_keys().items()]


def next_version(postmortem: Postmortem) -> int:
    """The number that the next version will have."""
    return (postmortem.publications.aggregate(last=Max("number"))["last"] or 0) + 1


def list_open_points(postmortem: Postmortem) -> list[str]:
    """Sentences, each a reason not to publish yet; empty where there is none."""
    points = []
    if not any(body.strip() for body in postmortem.sections.values_list("body", flat=True)):
        points.append(_("Nothing has been written in any section."))
    given = postmortem.checklist_answers.filter(for_version=next_version(postmortem))
    answered = set(given.values_list("question", flat=True))
    if unanswered := len([key for key in question_keys() if key not in answered]):
        words = ngettext(
            "%(count)d question of the checklist is unanswered.",
            "%(count)d questions of the checklist are unanswered.",
            unanswered,
        )
        points.append(words % {"count": unanswered})
    if comments := sum(count_open_comments(postmortem).values()):
        words = ngettext("%(count)d comment is open.", "%(count)d comments are open.", comments)
        points.append(words % {"count": comments})
    asking = postmortem.reviews.filter(decision=Review.Decision.CHANGES_REQUESTED).select_related("reviewer")
    # Who cannot be asked again any more cannot take it back either.
    asking = asking.filter(reviewer__in=list_possible_reviewers(postmortem.incident))
    points += [_("%(name)s asks for changes.") % {"name": review.reviewer} for review in asking]
    return points
