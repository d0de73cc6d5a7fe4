"""The team's rules of wording, and marks that are left."""

from datetime import timedelta

import pytest

from accounts.models import User
from incidents.errors import IncidentError
from incidents.models import WordingDismissal, WordingRule
from incidents.queries.wording import find_document_marks, find_marks
from incidents.services.wording import (
    add_rule,
    bring_back_rule,
    change_rule,
    dismiss_mark,
    remove_rule,
    take_back_dismissal,
)
from tests.factories import NOW, make_user, make_wording_dismissal, make_wording_rule
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


def test_a_removed_rule_marks_no_more_and_is_brought_back_with_what_was_left_of_it(
    scene: Scene, responder: User
) -> None:
    rule = make_wording_rule()
    text = "The whole ops team slept."
    (mark,) = find_marks(scene.section, text).marks
    dismiss_mark(scene.section, rule=mark.mark.rule, phrase=mark.phrase, reason="A name", actor=responder)
    assert find_marks(scene.section, text).count == 0
    removed = remove_rule(rule, now=NOW)
    assert (removed.removed_at, remove_rule(rule, now=NOW + timedelta(days=1)).removed_at) == (NOW, NOW)
    assert not WordingRule.objects.exists()
    found = find_marks(scene.section, text)
    assert (found.marks, found.dismissals) == ([], [])
    with pytest.raises(IncidentError, match="gone"):
        dismiss_mark(scene.section, rule=mark.mark.rule, phrase="x", reason="y", actor=responder)
    bring_back_rule(rule)
    assert WordingRule.objects.get() == rule
    found = find_marks(scene.section, text)
    assert [(dismissal.phrase, dismissal.reason) for dismissal in found.dismissals] == [("whole ops team", "A name")]
    assert found.count == 0


def test_a_removed_rule_does_not_come_back_beside_another_of_its_phrase(db: None) -> None:
    removed = remove_rule(add_rule(**FACTS), now=NOW)
    other = add_rule(**FACTS)
    with pytest.raises(IncidentError, match="already"):
        bring_back_rule(removed)
    assert WordingRule.objects.get() == other


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
