"""Two people's changes of one text: what differs, and what both together make."""

import re
from collections.abc import Iterator
from difflib import SequenceMatcher
from typing import Literal, NamedTuple

# A word with the blanks behind it: changes of neighbouring words touch, and what touches is for people to settle.
_words = re.compile(r"\S+\s*|\s+")
# A word and the blanks behind it apart: what is marked as different is words.
_pieces = re.compile(r"\s+|\S+")

# Beyond this many, comparing takes longer than anybody waits for a page: it grows with the square, or worse.
MOST_WORDS = 800


class Piece(NamedTuple):
    """A part of a text that is the same in both, only in the older (`removed`) or only in the newer (`added`)."""

    kind: Literal["same", "removed", "added"]
    text: str


class _Change(NamedTuple):
    """In place of the base's words from `start` to `end` stand these."""

    start: int
    end: int
    words: list[str]


def compare_texts(before: str, after: str) -> list[Piece]:
    """The parts of both texts in order, word by word; where much is different, as a whole."""
    old, new = _pieces.findall(before), _pieces.findall(after)
    runs: list[tuple[bool, str, str]] = []
    for kind, i1, i2, j1, j2 in _differences(old, new):
        run = kind == "equal", "".join(old[i1:i2]), "".join(new[j1:j2])
        if not run[0] and len(runs) > 1 and runs[-1][0] and runs[-1][1].isspace():
            # Words that changed side by side are one change: the blank between them is no reading matter.
            blank, known = runs.pop(), runs.pop()
            run = False, known[1] + blank[1] + run[1], known[2] + blank[2] + run[2]
        runs.append(run)
    return [piece for is_same, removed, added in runs for piece in _as_pieces(removed, added, is_same=is_same)]


def _as_pieces(removed: str, added: str, *, is_same: bool) -> Iterator[Piece]:
    if is_same:
        yield Piece("same", added)
        return
    if removed:
        yield Piece("removed", removed)
    if added:
        yield Piece("added", added)


def merge_texts(base: str, mine: str, theirs: str) -> str | None:
    """`base` with the changes of both; None where they changed the same words, or words side by side."""
    if mine == theirs or theirs == base:
        return mine
    if mine == base:
        return theirs
    words = _words.findall(base)
    changes = sorted([*_changes(words, mine), *_changes(words, theirs)])
    merged, done = [], 0
    previous: _Change | None = None
    for change in changes:
        if change == previous:
            continue
        if previous and change.start <= previous.end:
            return None
        merged += [*words[done : change.start], *change.words]
        done, previous = change.end, change
    return "".join([*merged, *words[done:]])


def join_texts(base: str, mine: str, theirs: str) -> str:
    """`base` with the changes of both; where they changed the same words, theirs and then mine: nothing is left out."""
    words = _words.findall(base)
    sides = [list(_changes(words, theirs)), list(_changes(words, mine))]
    joined, done = [], 0
    for start, end in _places(sorted([*sides[0], *sides[1]])):
        here = "".join(words[start:end])
        before, after = (_applied(words, side, start, end) for side in sides)
        joined.append("".join(words[done:start]))
        if before == after or after == here:
            joined.append(before)
        elif before == here:
            joined.append(after)
        else:
            gap = " " if before and after and not before[-1].isspace() else ""
            joined.append(before + gap + after)
        done = end
    return "".join([*joined, *words[done:]])


def _places(changes: list[_Change]) -> list[tuple[int, int]]:
    """Where anything changed, changes that touch taken together."""
    places: list[tuple[int, int]] = []
    for change in changes:
        if places and change.start <= places[-1][1]:
            start, end = places.pop()
            places.append((start, max(end, change.end)))
        else:
            places.append((change.start, change.end))
    return places


def _applied(words: list[str], changes: list[_Change], start: int, end: int) -> str:
    """The words of this place as one side has them."""
    made, done = [], start
    for change in changes:
        if start <= change.start and change.end <= end:
            made += [*words[done : change.start], *change.words]
            done = change.end
    return "".join([*made, *words[done:end]])


def _changes(words: list[str], text: str) -> Iterator[_Change]:
    others = _words.findall(text)
    for kind, i1, i2, j1, j2 in _differences(words, others):
        if kind != "equal":
            yield _Change(i1, i2, others[j1:j2])


def _differences(old: list[str], new: list[str]) -> Iterator[tuple[str, int, int, int, int]]:
    """What is equal and what is not, in order; between what both begin and end with, too much is one difference."""
    head = _count_shared(old, new)
    tail = _count_shared(old[head:][::-1], new[head:][::-1])
    middle, others = old[head : len(old) - tail], new[head : len(new) - tail]
    if head:
        yield "equal", 0, head, 0, head
    if max(len(middle), len(others)) > MOST_WORDS:
        yield "replace", head, head + len(middle), head, head + len(others)
    else:
        for kind, i1, i2, j1, j2 in SequenceMatcher(None, middle, others, autojunk=False).get_opcodes():
            yield kind, head + i1, head + i2, head + j1, head + j2
    if tail:
        yield "equal", len(old) - tail, len(old), len(new) - tail, len(new)


def _count_shared(old: list[str], new: list[str]) -> int:
    """How many words both begin with."""
    return next(
        (place for place, pair in enumerate(zip(old, new, strict=False)) if pair[0] != pair[1]), min(len(old), len(new))
    )
