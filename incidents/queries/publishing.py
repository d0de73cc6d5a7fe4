"""What stands between a post-mortem and its publication: the checklist, and all else that is open."""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from incidents.models import ChecklistAnswer, Postmortem, Review
from incidents.queries.reviews import count_open_comments

DATA = Path(__file__).resolve().parent.parent / "data" / "review_checklist.json"


@dataclass(frozen=True)
class Question:
    """One question of the checklist, and the answer it has."""

    key: str
    words: str
    answer: ChecklistAnswer | None = None


@cache
def question_keys() -> dict[str, str]:
    """The questions in order, by key, as they stand in the data."""
    return {one["key"]: one["question"] for one in json.loads(DATA.read_text())}


def list_questions(postmortem: Postmortem) -> list[Question]:
    """The checklist with the answers that were given."""
    answers = {one.question: one for one in postmortem.checklist_answers.select_related("answered_by")}
    return [Question(key, _(words), answers.get(key)) for key, words in question_keys().items()]


def list_open_points(postmortem: Postmortem) -> list[str]:
    """Sentences, each a reason not to publish yet; empty where there is none."""
    points = []
    if not any(body.strip() for body in postmortem.sections.values_list("body", flat=True)):
        points.append(_("Nothing has been written in any section."))
    answered = set(postmortem.checklist_answers.values_list("question", flat=True))
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
    points += [_("%(name)s asks for changes.") % {"name": review.reviewer} for review in asking]
    return points
