"""Answering the questions that stand before publication."""

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from incidents.errors import IncidentError
from incidents.models import ChecklistAnswer, Postmortem
from incidents.queries.publishing import next_version, question_keys
from incidents.services.reviews import lock_postmortem


@transaction.atomic
def answer_question(
    postmortem: Postmortem, *, question: str, answer: str, actor: User, reason: str = ""
) -> ChecklistAnswer | None:
    """The question has this answer for the next version, in place of any other; with an empty one it has none (None).

    That a question does not apply has a reason.
    """
    postmortem, reason = lock_postmortem(postmortem), reason.strip()
    if question not in question_keys():
        raise IncidentError(_("The checklist has no such question; load the page again."))
    if not answer:
        for known in postmortem.checklist_answers.filter(question=question):
            known.delete()
        return None
    if answer == ChecklistAnswer.Answer.NOT_APPLICABLE and not reason:
        raise IncidentError(_("Say why the question does not apply."), field="reason")
    values = {"answer": answer, "reason": reason, "answered_by": actor}
    values["for_version"] = next_version(postmortem)
    return ChecklistAnswer.objects.update_or_create(postmortem=postmortem, question=question, defaults=values)[0]


@transaction.atomic
def confirm_answers(postmortem: Postmortem, *, actor: User) -> int:
    """What was answered for an earlier version is the actor's answer for the next one; how many there were."""
    postmortem = lock_postmortem(postmortem)
    number = next_version(postmortem)
    earlier = [*postmortem.checklist_answers.filter(for_version__lt=number, question__in=question_keys())]
    for answer in earlier:
        answer.for_version, answer.answered_by = number, actor
        answer.save(update_fields=["for_version", "answered_by", "updated_at"])
    return len(earlier)
