"""The team's own rules of wording: listed, added, changed, removed and brought back."""

from html import unescape
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from incidents.models import WordingDismissal, WordingRule
from tests.factories import make_wording_dismissal, make_wording_rule
from tests.incidents.conftest import Scene

HERE = "/wording-rules/"
RULE = {"language": "en", "phrase": "whole * team", "why": "It blurs who.", "rewrite": "Name the step."}


def told(answer: Any) -> str:
    return " ".join(unescape(answer.content.decode()).split())


def address(page: str, rule: WordingRule) -> str:
    return reverse(f"incidents:wording_rule_{page}", args=[rule.pk])


def seen(client: Client, here: str) -> str:
    return str(client.get(here).context["form"]["seen"].value())


def test_one_is_added(as_responder: Client) -> None:
    answer = as_responder.post(f"{HERE}new/", RULE | {"phrase": "  Whole   *  team "}, follow=True)
    assert "“Whole * team” is marked from now on." in told(answer)
    assert WordingRule.objects.values("language", "phrase", "why", "rewrite").get() == RULE | {"phrase": "Whole * team"}


def test_the_list_shows_the_teams_and_those_that_debrief_brings(as_viewer: Client) -> None:
    assert "None yet." in told(as_viewer.get(HERE))
    rule = make_wording_rule()
    page = told(as_viewer.get(HERE))
    assert "whole * team" in page
    assert "Forgetting is normal." in page
    assert address("edit", rule) not in page


@pytest.mark.parametrize(
    ("phrase", "sentence"),
    [
        ("", "required"),
        ("* team", "begins and ends with a word"),
        ("team *", "begins and ends with a word"),
        ("...", "at least one word"),
        ("1234", "at least one word"),
        (" ".join(["word"] * 13), "more than 12 words"),
        ("x" * 121, "at most 120"),
        ("WHOLE * TEAM", "already"),
    ],
)
def test_what_is_no_phrase_is_refused(as_responder: Client, phrase: str, sentence: str) -> None:
    make_wording_rule()
    answer = as_responder.post(f"{HERE}new/", RULE | {"phrase": phrase})
    assert answer.status_code == 422
    assert sentence in told(answer)
    assert WordingRule.objects.count() == 1


def test_the_same_phrase_may_stand_for_both_languages(as_responder: Client) -> None:
    make_wording_rule()
    assert as_responder.post(f"{HERE}new/", RULE | {"language": "th"}).status_code == 302


def test_one_is_changed(as_responder: Client) -> None:
    rule = make_wording_rule()
    here = address("edit", rule)
    changed = RULE | {"phrase": "root cause was us", "seen": seen(as_responder, here)}
    assert as_responder.post(here, changed).status_code == 302
    rule.refresh_from_db()
    assert (rule.phrase, rule.why) == ("root cause was us", "It blurs who.")


def test_over_what_somebody_else_saved_it_is_shown_what_stands(as_responder: Client) -> None:
    rule = make_wording_rule()
    here = address("edit", rule)
    old = seen(as_responder, here)
    WordingRule.objects.filter(pk=rule.pk).update(why="Another reason")
    answer = as_responder.post(here, RULE | {"seen": old})
    assert answer.status_code == 422
    assert "Another reason" in told(answer)


def test_one_is_removed_with_what_was_left_of_it_and_can_be_added_once_more(as_responder: Client, scene: Scene) -> None:
    rule = make_wording_rule()
    make_wording_dismissal(scene.section, rule=f"team-{rule.pk}", phrase="whole ops team")
    kept = make_wording_dismissal(scene.section)
    answer = as_responder.post(address("removal", rule))
    assert "“whole * team” is marked no more." in told(answer)
    assert not WordingRule.objects.exists()
    assert list(WordingDismissal.objects.all()) == [kept]
    undo = {name: str(getattr(rule, name)) for name in RULE}
    assert all(f'name="{name}" value="{value}"' in told(answer) for name, value in undo.items())
    as_responder.post(f"{HERE}new/", undo)
    assert WordingRule.objects.get().phrase == "whole * team"


def test_viewers_only_read(as_viewer: Client, as_responder: Client) -> None:
    rule = make_wording_rule()
    for here in (f"{HERE}new/", address("edit", rule), address("removal", rule)):
        assert as_viewer.post(here, RULE).status_code == 403
        assert Client().post(here, RULE).status_code in (302, 401)
    assert as_responder.get(address("removal", rule)).status_code == 405
    assert as_responder.post("/wording-rules/4711/", RULE).status_code == 404
    assert WordingRule.objects.get() == rule


def test_more_rules_take_no_more_queries(as_responder: Client, django_assert_num_queries: Any) -> None:
    for count in (2, 40):
        for number in range(count):
            make_wording_rule(f"phrase {count} {number}")
        with django_assert_num_queries(3):
            as_responder.get(HERE)
