"""Finding what judges people in a text, and saying what to write instead."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from incidents.wording.phrases import Index
from incidents.wording.prose import prose_of
from incidents.wording.rules import THAI, Rule, TeamRule, load_rules, read_team_phrases, read_team_thai
from incidents.wording.thai import has_thai, read_thai_phrase
from incidents.wording.words import Words, read_names, read_words


@dataclass(frozen=True)
class Mark:
    """A phrase, from `start` to `end` in characters of the text, and why another one serves the reader better."""

    start: int
    end: int
    rule: str
    category: str
    why: str
    rewrite: str
    language: str = "en"


Span = tuple[str, int, int]


def check(text: str, people: Iterable[str] = (), extra_rules: Sequence[TeamRule] = ()) -> list[Mark]:
    """The marks in their order, none across another; the same text always has the same.

    `people` are names as they are written, or user names. Code, addresses and quotations have no marks. The time taken
    grows with the length of the text alone.
    """
    prose = prose_of(text)
    names = list(people)
    found = [*_find_words(prose, names, extra_rules)]
    if has_thai(prose):
        found += _find_thai(prose, names, extra_rules)
    rules: dict[str, Rule | TeamRule] = {**load_rules().rules, **{rule.name: rule for rule in extra_rules}}
    return [_mark(rules[name], start, end) for name, start, end in _apart(found)]


def _mark(rule: Rule | TeamRule, start: int, end: int) -> Mark:
    return Mark(start, end, rule.name, rule.category, rule.why, rule.rewrite, rule.language)


def _find_words(prose: str, people: list[str], extra_rules: Sequence[TeamRule]) -> Iterator[Span]:
    text = read_words(prose, read_names(people))
    phrases, exceptions = _english()
    found = [*phrases.find(text), *Index(read_team_phrases(extra_rules)).find(text)]
    spared = _by_rule(exceptions.find(text, among={name for name, _start, _end in found}))
    for name, start, end in _without(found, spared):
        yield name, *_places(text, start, end)


def _places(text: Words, start: int, end: int) -> tuple[int, int]:
    return text.places[start][0], text.places[end - 1][1]


@cache
def _english() -> tuple[Index, Index]:
    book = load_rules()
    return Index(book.english("phrases")), Index(book.english("exceptions"))


def _find_thai(prose: str, people: list[str], extra_rules: Sequence[TeamRule]) -> Iterator[Span]:
    names = sorted({name for person in people for name in _thai_names(person)})
    phrases, exceptions = _thai(tuple(name for name in names if name in prose))
    found = [*_spans(phrases, prose), *_spans(tuple(read_team_thai(extra_rules)), prose)]
    spared = _by_rule(_spans(exceptions, prose)) if found else {}
    return _without(found, spared)


def _thai_names(person: str) -> list[str]:
    parts = person.strip().removeprefix("@").split()
    return [name for name in {*parts, " ".join(parts)} if len(name) > 2]  # shorter ones are syllables


Patterns = tuple[tuple[str, re.Pattern[str]], ...]


def _thai(names: tuple[str, ...]) -> tuple[Patterns, Patterns]:
    """The Thai phrases and exceptions; only those of people are made anew for each text that names people."""
    return _thai_patterns("phrases", names), _thai_patterns("exceptions", names)


def _thai_patterns(kind: str, names: tuple[str, ...]) -> Patterns:
    book = load_rules()
    classes = book.classes[THAI]
    return tuple(
        (
            rule.name,
            _thai_pattern(written) if "{คน}" not in written or not names else read_thai_phrase(written, classes, names),
        )
        for rule in book.of(THAI)
        for written in getattr(rule, kind)
    )


@cache
def _thai_pattern(written: str) -> re.Pattern[str]:
    return read_thai_phrase(written, load_rules().classes[THAI])


def _spans(patterns: Patterns, prose: str) -> Iterator[Span]:
    for name, pattern in patterns:
        for match in pattern.finditer(prose):
            yield name, *match.span()


def _by_rule(found: Iterable[Span]) -> dict[str, list[tuple[int, int]]]:
    spans: dict[str, list[tuple[int, int]]] = {}
    for name, start, end in found:
        spans.setdefault(name, []).append((start, end))
    return spans


def _without(found: Iterable[Span], spared: dict[str, list[tuple[int, int]]]) -> Iterator[Span]:
    """What no exception of the same rule touches."""
    touched = {name: {place for start, end in spans for place in range(start, end)} for name, spans in spared.items()}
    for name, start, end in found:
        if touched.get(name, set()).isdisjoint(range(start, end)):
            yield name, start, end


def _apart(found: list[Span]) -> Iterator[Span]:
    """Where several touch each other, the longest that begins first."""
    done = 0
    for name, start, end in sorted(found, key=lambda span: (span[1], -span[2], span[0])):
        if start >= done:
            yield name, start, end
            done = end
