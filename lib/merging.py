"""Two people's changes of one text: what differs, and what both together make."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from difflib import SequenceMatcher
from typing import Literal, NamedTuple

# A word with the blanks behind it: changes of neighbouring words touch, and what touches is for people to settle.
_words = re.compile(r"\S+\s*|\s+")
# A word and the blanks behind it apart: what is marked as different is words.
_pieces = re.compile(r"\s+|\S+")

# Beyond this many, comparing takes longer than anybody waits for a page: it grows with the square, or worse.
MOST_WORDS = 800
# Around what differs, so many characters of what does not say where it stands.
CONTEXT = 90
# The part of a word at the end of that is left out; where words are written without blanks, it is no word alone.
PART = r"\S{1,25}"
# So does it with the same few words over and over: each of one text is tried against each like it in the other.
MOST_PAIRS = 30_000


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
    for kind, i1, i2, j1, j2 in differences(old, new):
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


def mark_changed(base: str, *others: str) -> list[Piece]:
    """The parts of `base` in order; where any of the others differs, what stands there is `removed`."""
    places = sorted(place for other in others for place in _removed_places(base, other))
    pieces, done = [], 0
    for start, end in _joined(places):
        if done < start:
            pieces.append(Piece("same", base[done:start]))
        pieces.append(Piece("removed", base[start:end]))
        done = end
    return [*pieces, Piece("same", base[done:])] if done < len(base) else pieces


def _removed_places(base: str, other: str) -> Iterator[tuple[int, int]]:
    """Where `other` differs; of what was put between two words, the place alone."""
    place = 0
    for piece in compare_texts(base, other):
        if piece.kind == "added":
            yield place, place
        else:
            start, place = place, place + len(piece.text)
            if piece.kind == "removed":
                yield start, place


def shorten_pieces(pieces: list[Piece]) -> list[Piece]:
    """Of what is the same, only what stands beside what differs, in whole words."""
    last = len(pieces) - 1
    return [_shorten(piece, is_first=place == 0, is_last=place == last) for place, piece in enumerate(pieces)]


def _shorten(piece: Piece, *, is_first: bool, is_last: bool) -> Piece:
    text = piece.text
    if piece.kind != "same" or (is_first and is_last):
        return piece
    head = "" if is_first else re.sub(rf"(?<=\s){PART}$", "", text[:CONTEXT])
    tail = "" if is_last else re.sub(rf"^{PART}(?=\s)", "", text[-CONTEXT:])
    shown = f"{head.rstrip()} … {tail.lstrip()}"
    shown = shown.lstrip() if is_first else shown.rstrip() if is_last else shown
    return piece if len(text) <= 2 * CONTEXT else Piece("same", shown)


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
    for start, end in _joined((change.start, change.end) for change in sorted([*sides[0], *sides[1]])):
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


def _joined(places: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """These places in order, those that touch taken together."""
    joined: list[tuple[int, int]] = []
    for start, end in places:
        if joined and start <= joined[-1][1]:
            before, until = joined.pop()
            joined.append((before, max(until, end)))
        else:
            joined.append((start, end))
    return joined


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
    for kind, i1, i2, j1, j2 in differences(words, others):
        if kind != "equal":
            yield _Change(i1, i2, others[j1:j2])


def differences(old: list[str], new: list[str]) -> Iterator[tuple[str, int, int, int, int]]:
    """What is equal and what is not, in order, as SequenceMatcher names it.

    Between what both begin and end with, too much is one difference: it takes a tenth of a second, whatever they are.
    """
    head = _count_shared(old, new)
    tail = _count_shared(old[head:][::-1], new[head:][::-1])
    middle, others = old[head : len(old) - tail], new[head : len(new) - tail]
    if head:
        yield "equal", 0, head, 0, head
    if max(len(middle), len(others)) > MOST_WORDS or _count_pairs(middle, others) > MOST_PAIRS:
        yield "replace", head, head + len(middle), head, head + len(others)
    else:
        for kind, i1, i2, j1, j2 in SequenceMatcher(None, middle, others, autojunk=False).get_opcodes():
            yield kind, head + i1, head + i2, head + j1, head + j2
    if tail:
        yield "equal", len(old) - tail, len(old), len(new) - tail, len(new)


def _count_pairs(old: list[str], new: list[str]) -> int:
    known = Counter(word for word in old if not word.isspace())
    return sum(known[word] for word in new)


def _count_shared(old: list[str], new: list[str]) -> int:
    """How many words both begin with."""
    return next(
        (place for place, pair in enumerate(zip(old, new, strict=False)) if pair[0] != pair[1]), min(len(old), len(new))
    )
