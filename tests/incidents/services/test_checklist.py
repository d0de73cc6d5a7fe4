import pytest

from accounts.models import User
from incidents.errors import IncidentError
from incidents.models import ChecklistAnswer, Postmortem
from incidents.queries.publishing import list_open_points, list_questions
from incidents.services.checklist import answer_question, confirm_answers
from incidents.services.drafts import start_postmortem
from tests.factories import make_incident
from tests.incidents.published import make_publication


@pytest.fixture
def postmortem(responder: User) -> Postmortem:
    return start_postmortem(make_incident(responder), actor=responder)


def test_the_newest_answer_stands_with_whoever_gave_it(
    postmortem: Postmortem, responder: User, administrator: User
) -> None:
    answer_question(postmortem, question="causes", answer="met", actor=responder)
    answer_question(postmortem, question="causes", answer="not_applicable", reason=" A drill ", actor=administrator)
    answer = postmortem.checklist_answers.get()
    assert (answer.answer, answer.reason, answer.answered_by) == ("not_applicable", "A drill", administrator)
    assert answer_question(postmortem, question="causes", answer="", actor=responder) is None
    assert not postmortem.checklist_answers.exists()


@pytest.mark.parametrize(
    ("question", "answer", "sentence"),
    [("causes", "not_applicable", "Say why"), ("nothing", "met", "has no such question")],
)
def test_what_answers_nothing_is_refused(
    postmortem: Postmortem, responder: User, question: str, answer: str, sentence: str
) -> None:
    with pytest.raises(IncidentError, match=sentence):
        answer_question(postmortem, question=question, answer=answer, reason=" ", actor=responder)
    assert not ChecklistAnswer.objects.exists()


def test_answers_count_for_one_publication_and_are_confirmed_for_the_next(responder: User, administrator: User) -> None:
    postmortem = make_publication(make_incident(responder), responder).postmortem
    answer_question(postmortem, question="causes", answer="met", actor=responder)
    questions = {one.key: one for one in list_questions(postmortem)}
    assert questions["causes"].answer
    assert questions["impact"].answer is None
    assert questions["impact"].earlier
    assert (questions["impact"].earlier.for_version, questions["impact"].earlier.answered_by) == (1, responder)
    assert "9 questions of the checklist are unanswered." in list_open_points(postmortem)
    before = questions["impact"].earlier.updated_at
    assert confirm_answers(postmortem, actor=administrator) == 9
    assert list_open_points(postmortem) == []
    [impact] = postmortem.checklist_answers.filter(question="impact")
    assert (impact.for_version, impact.answered_by, impact.answer) == (2, administrator, "met")
    assert impact.updated_at > before
    # What somebody answered anew stays theirs.
    assert postmortem.checklist_answers.get(question="causes").answered_by == responder
    assert confirm_answers(postmortem, actor=responder) == 0
