"""Phrases of words, as the rules write them, and finding them.

A phrase is words with blanks between. A word may offer choices (`should|could`) or a class (`{person}`), or both
(`{person}|we`); `*` is any word, `..` at most two words, `...` at most four; `?` behind it makes a word optional, `!`
before it any word but these. `^` at the start: a sentence begins with it.
"""

from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from incidents.wording.words import CODE, END, PAUSE, Words

GAPS = {"..": 2, "...": 4}
# Shapes of words that no list can hold
PARTICIPLE = "{participle}"
# The words that a person's name stands beside, and those that it stands beside with 's
PERSON, OWNER = "{person}", "{owner}"
_no_words = frozenset({END, PAUSE})

Classes = Mapping[str, frozenset[str]]


@dataclass(frozen=True)
class Item:
    """One place of a phrase: which words fit there."""

    words: frozenset[str] = frozenset()
    takes_names: bool = False
    takes_owners: bool = False
    takes_participles: bool = False
    is_any: bool = False
    is_negated: bool = False
    is_optional: bool = False
    gap: int = 0

    def end_in(self, text: Words, place: int) -> int | None:
        """Behind which word it ends when it begins at `place`; None where it does not fit."""
        if place >= len(text.words) or text.words[place] in _no_words:
            return place + 1 if self.is_negated and place < len(text.words) and text.words[place] != END else None
        if self.takes_names and place in text.names:
            return text.names[place]
        if self.takes_owners and place in text.owners:
            return text.owners[place]
        word = text.words[place]
        fits = self.is_any or word in self.words or (self.takes_participles and is_participle(word, self.words))
        return place + 1 if fits is not self.is_negated else None


@dataclass(frozen=True)
class Phrase:
    """What to look for."""

    items: tuple[Item, ...]
    begins_sentence: bool = False

    @cached_property
    def first_words(self) -> frozenset[str]:
        """The words it can begin with, names apart."""
        return self.items[0].words

    def end_in(self, text: Words, place: int) -> int | None:
        """Behind which word the phrase ends that begins at `place`; None where it does not stand there."""
        if self.begins_sentence and place and text.words[place - 1] != END:
            return None
        return _match(self.items, 0, text, place)


def _match(items: tuple[Item, ...], number: int, text: Words, place: int) -> int | None:
    if number == len(items):
        return place
    item = items[number]
    if item.gap:
        for skipped in range(item.gap + 1):
            if (end := _match(items, number + 1, text, place + skipped)) is not None:
                return end
            if place + skipped >= len(text.words) or text.words[place + skipped] in _no_words:
                return None
        return None
    end = item.end_in(text, place)
    if end is not None and (whole := _match(items, number + 1, text, end)) is not None:
        return whole
    return _match(items, number + 1, text, place) if item.is_optional else None


def is_participle(word: str, irregular: frozenset[str]) -> bool:
    """True for what can follow “have”: a regular form, or one of those given."""
    return word in irregular or (len(word) > 4 and word.endswith("ed") and not word.endswith("eed"))


def read_phrase(written: str, classes: Classes) -> Phrase:
    """The phrase of a rule as it is written in the file of rules."""
    begins, rest = written.startswith("^"), written.removeprefix("^")
    return Phrase(tuple(_read_item(part, classes) for part in rest.split()), begins)


def read_plain_phrase(words: Iterable[str]) -> Phrase:
    """The phrase of a team: these words, of which `*` is any word, and nothing else has a meaning."""
    return Phrase(tuple(Item(is_any=word == "*", words=frozenset({word} - {"*"})) for word in words))


def _read_item(part: str, classes: Classes) -> Item:
    if part in GAPS:
        return Item(gap=GAPS[part])
    if part == "*":
        return Item(is_any=True)
    is_optional, is_negated = part.endswith("?"), part.startswith("!")
    choices = part.removesuffix("?").removeprefix("!").split("|")
    words = [classes[choice[1:-1]] if choice.startswith("{") else {choice} for choice in choices]
    return Item(
        words=frozenset().union(*words),
        takes_names=PERSON in choices,
        takes_owners=OWNER in choices,
        takes_participles=PARTICIPLE in choices,
        is_negated=is_negated,
        is_optional=is_optional,
    )


class Index:
    """Phrases by the word they begin with, so that most words of a text are looked at once."""

    def __init__(self, phrases: Iterable[tuple[str, Phrase]]) -> None:
        self._by_word: dict[str, list[tuple[str, Phrase]]] = {}
        self._of_names: list[tuple[str, Phrase]] = []
        self._of_owners: list[tuple[str, Phrase]] = []
        for rule, phrase in phrases:
            for word in phrase.first_words:
                self._by_word.setdefault(word, []).append((rule, phrase))
            if phrase.items[0].takes_names:
                self._of_names.append((rule, phrase))
            if phrase.items[0].takes_owners:
                self._of_owners.append((rule, phrase))

    def find(self, text: Words, among: Container[str] | None = None) -> Iterator[tuple[str, int, int]]:
        """Each rule that holds, of those `among` which it is looked for, and from which word up to which one."""
        for place, word in enumerate(text.words):
            candidates = self._by_word.get(word, ())
            if place in text.names:
                candidates = [*candidates, *self._of_names]
            if place in text.owners:
                candidates = [*candidates, *self._of_owners]
            for rule, phrase in candidates:
                if (among is None or rule in among) and (end := phrase.end_in(text, place)) is not None:
                    yield rule, place, end


__all__ = ["CODE", "Index", "Phrase", "read_phrase", "read_plain_phrase"]
