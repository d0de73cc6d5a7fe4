"""The team's own rules of wording: listed, added, changed, removed and brought back."""

from html import unescape
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.translation import trans_real

from incidents.models import WordingDismissal, WordingRule
from incidents.wording.rules import load_rules
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


def test_one_is_removed_and_brought_back_with_what_was_left_of_it(as_responder: Client, scene: Scene) -> None:
    rule = make_wording_rule()
    left = make_wording_dismissal(scene.section, rule=f"team-{rule.pk}", phrase="whole ops team")
    answer = as_responder.post(address("removal", rule))
    here = f"{HERE}?removed={rule.pk}"
    assert (answer.status_code, answer["Location"]) == (302, here)
    assert not WordingRule.objects.exists()
    for _reloaded in range(2):
        page = told(as_responder.get(here))
        assert "“whole * team” was removed." in page
        assert address("removal", rule) in page
        assert "None yet." in page
    answer = as_responder.post(address("removal", rule), {"undo": "yes"}, follow=True)
    assert "“whole * team” is marked from now on." in told(answer)
    assert WordingRule.objects.get() == rule
    assert WordingDismissal.objects.get() == left
    assert "was removed" not in told(as_responder.get(here))


def test_where_its_phrase_is_taken_a_removed_one_stays_away(as_responder: Client) -> None:
    rule = make_wording_rule()
    as_responder.post(address("removal", rule))
    make_wording_rule()
    answer = as_responder.post(address("removal", rule), {"undo": "yes"}, follow=True)
    assert "There is a rule for this phrase already." in told(answer)
    assert WordingRule.objects.exclude(pk=rule.pk).count() == WordingRule.objects.count() == 1


def test_the_page_of_a_removed_one_says_so_and_brings_it_back(as_responder: Client) -> None:
    rule = make_wording_rule()
    assert "Bring it back" not in told(as_responder.get(address("edit", rule)))
    as_responder.post(address("removal", rule))
    page = told(as_responder.get(address("edit", rule)))
    assert "Bring it back" in page
    assert "Remove this rule" not in page


@pytest.mark.parametrize("typed", ["", "x", "²", "0", "4711", "9" * 40, "-1"])
def test_what_was_not_removed_is_not_offered(as_responder: Client, typed: str) -> None:
    make_wording_rule()
    assert "was removed" not in told(as_responder.get(HERE, {"removed": typed}))


def test_viewers_are_not_offered_what_they_cannot_bring_back(as_responder: Client, as_viewer: Client) -> None:
    rule = make_wording_rule()
    as_responder.post(address("removal", rule))
    assert "was removed" not in told(as_viewer.get(HERE, {"removed": rule.pk}))


def test_rules_of_debrief_speak_the_readers_language(
    as_viewer: Client, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    settings.LANGUAGES = [("en", "English"), ("th", "Thai")]
    words = trans_real.translation("th")._catalog._catalogs[0]
    monkeypatch.setitem(words, load_rules().rules["en-forgot"].why, "การลืมเป็นเรื่องปกติ")
    page = told(as_viewer.get(HERE, headers={"accept-language": "th"}))
    assert '<p lang="th">การลืมเป็นเรื่องปกติ</p>' in page
    assert '<p lang="th">การลืมเป็นเรื่องปกติ กระบวนการ' in page
    assert '<p lang="en">“Could have” tells' in page


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
