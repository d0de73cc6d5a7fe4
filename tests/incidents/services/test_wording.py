"""The team's rules of wording, and marks that are left."""

import pytest

from accounts.models import User
from incidents.errors import IncidentError
from incidents.models import WordingDismissal, WordingRule
from incidents.queries.wording import find_document_marks, find_marks
from incidents.services.wording import add_rule, change_rule, dismiss_mark, remove_rule, take_back_dismissal
from tests.factories import make_user, make_wording_dismissal, make_wording_rule
from tests.incidents.conftest import Scene

FACTS = {"language": "en", "phrase": "whole * team", "why": "It blurs.", "rewrite": "Name the step."}


def test_a_phrase_has_one_rule_in_a_language(db: None) -> None:
    rule = add_rule(**FACTS)
    with pytest.raises(IncidentError, match="already") as refused:
        add_rule(**FACTS | {"phrase": "Whole * Team"})
    assert refused.value.field == "phrase"
    assert add_rule(**FACTS | {"language": "th"}) != rule
    # Its own phrase in another case is no second rule.
    assert change_rule(rule, **FACTS | {"phrase": "WHOLE * team"}).phrase == "WHOLE * team"


def test_a_removed_rule_marks_no_more_and_takes_what_was_left_of_it_along(scene: Scene, responder: User) -> None:
    rule = make_wording_rule()
    text = "The whole ops team slept."
    (mark,) = find_marks(scene.section, text).marks
    dismiss_mark(scene.section, rule=mark.mark.rule, phrase=mark.phrase, reason="A name", actor=responder)
    assert find_marks(scene.section, text).count == 0
    remove_rule(rule)
    assert not WordingRule.objects.exists()
    assert not WordingDismissal.objects.exists()
    assert find_marks(scene.section, text).marks == []


def test_a_phrase_is_left_however_its_lines_are_broken(scene: Scene, responder: User) -> None:
    dismiss_mark(scene.section, rule="en-should-have", phrase="should have been", reason="A title", actor=responder)
    found = find_marks(scene.section, "It should\n  have been, and it should have been.")
    assert found.count == 0
    assert [dismissal.phrase for dismissal in found.dismissals] == ["should have been"]


def test_whoever_leaves_it_again_stands_with_the_new_reason(scene: Scene, responder: User) -> None:
    first = make_wording_dismissal(scene.section)
    other = make_user("other")
    again = dismiss_mark(scene.section, rule=first.rule, phrase=first.phrase, reason="New", actor=other)
    assert (again.pk, again.reason, again.dismissed_by) == (first.pk, "New", other)
    take_back_dismissal(again)
    assert not WordingDismissal.objects.exists()


def test_a_dismissal_of_what_is_written_no_more_is_not_shown(scene: Scene) -> None:
    make_wording_dismissal(scene.section)
    assert find_marks(scene.section, "All is well.").dismissals == []
    assert find_document_marks(scene.section.postmortem) == []
