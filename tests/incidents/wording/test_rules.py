"""The file of rules: complete, and written so that the engine can read it."""

import re

import pytest

from incidents.queries.wording import CATEGORIES
from incidents.wording.advice import ADVICE
from incidents.wording.check import check
from incidents.wording.phrases import GAPS, read_phrase
from incidents.wording.rules import RULES, TEAM, Rule, load_rules, phrase_words

BOOK = load_rules()
ALL = list(BOOK.rules.values())


@pytest.mark.parametrize("rule", ALL, ids=lambda rule: rule.name)
def test_each_says_what_it_is_about(rule: Rule) -> None:
    assert rule.name.startswith(f"{rule.language}-")
    assert len(rule.name) <= 80
    assert rule.category in CATEGORIES
    assert rule.phrases
    assert len(rule.why) > 40
    assert len(rule.rewrite) > 40


@pytest.mark.parametrize("rule", BOOK.of("en"), ids=lambda rule: rule.name)
def test_each_english_phrase_begins_with_a_word(rule: Rule) -> None:
    """So that most words of a text begin none, and are looked at once."""
    for written in (*rule.phrases, *rule.exceptions):
        first = read_phrase(written, BOOK.classes["en"]).items[0]
        assert first.words or first.takes_names, written
        assert not first.is_optional, written
        assert not first.is_negated, written
        assert len(written.split()) <= 12, written
        assert written == written.lower(), written


@pytest.mark.parametrize("rule", BOOK.of("th"), ids=lambda rule: rule.name)
def test_each_thai_phrase_begins_and_ends_with_characters(rule: Rule) -> None:
    for written in (*rule.phrases, *rule.exceptions):
        assert not written.startswith("…"), written
        assert not written.endswith("…"), written


@pytest.mark.parametrize("rule", ALL, ids=lambda rule: rule.name)
def test_each_phrase_marks_the_plainest_words_that_it_describes(rule: Rule) -> None:
    """A phrase that no text can meet, or that its rule's own exceptions always spare, is a mistake in the file."""
    for written in rule.phrases:
        text = plainest(written, rule.language)
        assert rule.name in {mark.rule for mark in check(text)}, (written, text)


def plainest(written: str, language: str) -> str:
    """What a phrase describes without what may be left out, with the first of each choice."""
    classes = BOOK.classes[language]
    if language == "th":
        return re.sub(r"\{([^{}]+)\}", lambda name: min(classes[name[1]]), written).replace("…", "")
    parts = [part for part in written.removeprefix("^").split() if part not in GAPS and not part.endswith("?")]
    firsts = ["it" if part == "*" else part.split("|")[0] for part in parts]
    return " ".join(min(classes[first[1:-1]]) if first.startswith("{") else first for first in firsts)


def test_what_the_rules_say_is_marked_for_translation() -> None:
    """In the module that `makemessages` reads; each once, in the order of the file."""
    assert list(ADVICE) == list(dict.fromkeys(said for rule in ALL for said in (rule.why, rule.rewrite)))


def test_every_class_that_is_named_exists_and_every_class_is_named() -> None:
    text = RULES.read_text(encoding="utf-8").partition('"rules"')[2]
    known = {name for classes in BOOK.classes.values() for name in classes}
    assert set(re.findall(r"\{([^{}\s\":]+)\}", text)) == known


def test_a_team_has_a_category_of_its_own() -> None:
    assert TEAM in CATEGORIES
    assert TEAM not in {rule.category for rule in ALL}


@pytest.mark.parametrize(
    ("phrase", "words"),
    [
        ("Whole * team", ["whole", "*", "team"]),
        ("  It’s   US ", ["it's", "us"]),
        ("whole*team", ["whole", "*", "team"]),
        ("* a *", ["a"]),
        ("*", []),
        ("(a|b)+", ["a", "b"]),
    ],
)
def test_a_phrase_of_a_team_is_words(phrase: str, words: list[str]) -> None:
    assert phrase_words(phrase) == words


def test_gaps_are_short() -> None:
    assert max(GAPS.values()) <= 4
