"""Which phrases are marked, in which category, and where."""

from collections.abc import Mapping
from itertools import pairwise

import pytest

from incidents.wording.check import check
from incidents.wording.rules import TeamRule, load_rules
from tests.incidents.wording import tricky_sentences as tricky
from tests.incidents.wording.sentences import ENGLISH, ENGLISH_FINE, PEOPLE, THAI, THAI_FINE


def spread(sentences: Mapping[str, list[str]]) -> list[tuple[str, str]]:
    return [(category, sentence) for category, group in sentences.items() for sentence in group]


MARKED = [*spread(ENGLISH), *spread(THAI), *spread(tricky.ENGLISH), *spread(tricky.THAI)]
FINE = [*ENGLISH_FINE, *THAI_FINE, *tricky.ENGLISH_FINE, *tricky.THAI_FINE]


def categories(text: str, people: list[str] = PEOPLE) -> list[str]:
    return [mark.category for mark in check(text, people)]


def phrases(text: str, people: list[str] = PEOPLE) -> list[str]:
    return [text[mark.start : mark.end] for mark in check(text, people)]


@pytest.mark.parametrize(("category", "sentence"), MARKED)
def test_what_judges_people_is_marked(category: str, sentence: str) -> None:
    assert categories(sentence) == [category]


@pytest.mark.parametrize("sentence", FINE)
def test_what_only_looks_like_it_is_not(sentence: str) -> None:
    assert phrases(sentence) == []


def test_there_are_enough_sentences_of_both_languages() -> None:
    assert len(spread(ENGLISH)) + len(ENGLISH_FINE) >= 80
    assert len(spread(THAI)) + len(THAI_FINE) >= 40
    assert {*ENGLISH} == {*THAI} == {rule.category for rule in load_rules().rules.values()}


def test_each_mark_says_why_and_what_to_write_instead() -> None:
    for _category, sentence in MARKED:
        for mark in check(sentence, PEOPLE):
            assert mark.why.strip()
            assert mark.rewrite.strip()
            assert mark.why != mark.rewrite


def test_places_are_characters_of_the_source() -> None:
    text = "# Résumé 😀\r\n\r\n- [a](https://x.org/a) **Ann**\n  forgot the _flag_, ลืม too."
    assert phrases(text) == ["forgot", "ลืม"]


def test_the_phrase_may_wrap_and_carry_emphasis() -> None:
    assert phrases("This should\n**have** been tested.") == ["should\n**have** been"]
    assert phrases("> quoted\n\nIt should\nhave been.") == ["should\nhave been"]


@pytest.mark.parametrize(
    "text",
    [
        "They should.\n\nHave tested.",
        "# Ann\nfailed to reply",
        "- Ann\n- failed to reply",
        "| Ann | failed to reply |",
        "Ann, failed to reply",
        "It should. Have tested it.",
        "Ann: failed to reply",
    ],
)
def test_no_phrase_reaches_from_one_sentence_or_block_into_the_next(text: str) -> None:
    assert phrases(text) == []


def test_names_are_those_that_are_given() -> None:
    assert phrases("Priya caused the outage.", []) == []
    assert phrases("Priya caused the outage.", ["Priya"]) == ["Priya caused"]
    assert phrases("Rao caused the outage.", ["Priya Rao"]) == ["Rao caused"]
    assert phrases("Priya Rao's mistake cost an hour.", ["Priya Rao"]) == ["Priya Rao's mistake"]
    assert phrases("priya caused the outage.", ["priya"]) == ["priya caused"]
    assert phrases("@priya caused it.", ["priya"]) == ["priya caused"]


@pytest.mark.parametrize(
    ("text", "marked"),
    [
        ("James' mistake cost an hour.", ["James' mistake"]),
        ("It was the engineers’ fault.", ["engineers’ fault"]),
        ("Lost because of Lars Anders' change.", ["because of Lars Anders'"]),
        ("Why did James' laptop lose the VPN?", []),
    ],
)
def test_what_belongs_to_somebody_may_end_in_an_apostrophe(text: str, marked: list[str]) -> None:
    assert phrases(text, ["James Bond", "Lars Anders"]) == marked


def test_a_name_that_is_a_word_is_one_only_where_it_is_written_as_a_name() -> None:
    assert phrases("The mark missed the edge.", ["Mark Twain", "mark"]) == []
    assert phrases("Then Mark missed the page.", ["Mark Twain"]) == ["Mark missed"]
    assert phrases("Then @mark missed the page.", ["mark"]) == ["mark missed"]


def test_no_mark_lies_across_another() -> None:
    text = (
        "Ann carelessly deleted the wrong volume and should have known better, he failed to notice. ลืมตรวจสอบเพราะเขา"
    )
    marks = check(text, PEOPLE)
    assert len(marks) > 3
    assert all(one.end <= other.start for one, other in pairwise(marks))


def test_the_same_text_always_has_the_same_marks() -> None:
    text = " ".join(sentence for _category, sentence in MARKED)
    assert check(text, PEOPLE) == check(text, PEOPLE) == check(text, [*reversed(PEOPLE)])


def test_a_team_adds_phrases_of_its_own() -> None:
    whole = TeamRule("team-1", "en", "whole * team", "It blurs.", "Name the step.")
    thai = TeamRule("team-2", "th", "ฝ่าย * ผิด", "ตัดสินคน", "บอกว่าเกิดอะไรขึ้น")
    rules = [whole, thai]
    marks = check("The Whole\nops team met; the whole team did not. ฝ่ายไอทีผิด", (), rules)
    assert [(mark.rule, mark.category, mark.why) for mark in marks] == [
        ("team-1", "team", "It blurs."),
        ("team-2", "team", "ตัดสินคน"),
    ]


@pytest.mark.parametrize(
    "phrase", ["(a+)+$", "a{1,9}", "[", "\\", "*", "* *", "", "a|b", "{person}", "^who", "..", "!a"]
)
@pytest.mark.parametrize("language", ["en", "th"])
def test_a_phrase_of_a_team_is_never_a_pattern(phrase: str, language: str) -> None:
    rule = TeamRule("team-1", language, phrase, "Why", "Rewrite")
    text = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa! b ann who"
    assert [text[mark.start : mark.end] for mark in check(text, ["Ann"], [rule])] in ([], ["ann"], ["who"])


def test_every_rule_of_the_file_can_be_met() -> None:
    """By a sentence of its own: where it is taken out of the file, that one is marked no more."""
    met = {mark.rule for _category, one in MARKED for mark in check(one, PEOPLE)}
    assert met == set(load_rules().rules)
