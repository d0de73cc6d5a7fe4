"""The rules of blameless wording: those of the file, and those of a team."""

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from incidents.wording.phrases import Classes, Phrase, read_phrase, read_plain_phrase
from incidents.wording.thai import read_plain_thai_phrase
from incidents.wording.words import read_words

RULES = Path(__file__).resolve().parents[1] / "data" / "wording_rules.json"
ENGLISH, THAI = "en", "th"
TEAM = "team"


@dataclass(frozen=True)
class Rule:
    """What to look for in one language, why, and what to write instead; `exceptions` say what it does not mean."""

    name: str
    language: str
    category: str
    phrases: tuple[str, ...]
    exceptions: tuple[str, ...]
    why: str
    rewrite: str


@dataclass(frozen=True)
class TeamRule:
    """A rule that people added: one phrase of plain words, in which `*` stands for any word."""

    name: str
    language: str
    phrase: str
    why: str
    rewrite: str

    @property
    def category(self) -> str:
        """Its kind among the others."""
        return TEAM


@dataclass(frozen=True)
class RuleBook:
    """The rules of the file by their names, and the classes of words that their phrases use, by language."""

    rules: dict[str, Rule]
    classes: dict[str, Classes]

    def of(self, language: str) -> list[Rule]:
        """The rules of this language, in the order of the file."""
        return [rule for rule in self.rules.values() if rule.language == language]

    def english(self, kind: str) -> list[tuple[str, Phrase]]:
        """Each rule's name with each of its English `phrases` or `exceptions`."""
        classes = self.classes[ENGLISH]
        return [
            (rule.name, read_phrase(written, classes)) for rule in self.of(ENGLISH) for written in getattr(rule, kind)
        ]


@cache
def load_rules() -> RuleBook:
    """The rules of the file, read once a process."""
    stored = json.loads(RULES.read_text(encoding="utf-8"))
    rules = [
        Rule(
            name=each["name"],
            language=each["language"],
            category=each["category"],
            phrases=tuple(each["phrases"]),
            exceptions=tuple(each.get("exceptions", ())),
            why=each["why"],
            rewrite=each["rewrite"],
        )
        for each in stored["rules"]
    ]
    classes: dict[str, Classes] = {
        language: {
            name: frozenset(word for line in words for word in _split(line, language)) for name, words in known.items()
        }
        for language, known in stored["classes"].items()
    }
    return RuleBook({rule.name: rule for rule in rules}, classes)


def _split(line: str, language: str) -> list[str]:
    # English words stand in lines, so that the file can be read; Thai ones one by one, as some hold a blank.
    return line.split() if language == ENGLISH else [line]


def read_team_phrases(rules: Iterable[TeamRule]) -> list[tuple[str, Phrase]]:
    """The English phrases of a team with their rules' names; what holds no word is left out."""
    read = [(rule.name, phrase_words(rule.phrase)) for rule in rules if rule.language == ENGLISH]
    return [(name, read_plain_phrase(words)) for name, words in read if words and words[0] != "*"]


def read_team_thai(rules: Iterable[TeamRule]) -> list[tuple[str, re.Pattern[str]]]:
    """The Thai phrases of a team with their rules' names."""
    thai = [rule for rule in rules if rule.language == THAI and rule.phrase.strip(" *")]
    return [(rule.name, read_plain_thai_phrase(rule.phrase.strip(" *"))) for rule in thai]


def phrase_words(phrase: str) -> list[str]:
    """The words of a team's phrase in lower case, `*` among them; none at either end."""
    words: list[str] = []
    for place, part in enumerate(phrase.split("*")):
        words += ["*"] * bool(place) + [word for word in read_words(part, {}).words if word[0].isalnum()]
    while words and words[-1] == "*":
        words.pop()
    while words and words[0] == "*":
        words.pop(0)
    return words
