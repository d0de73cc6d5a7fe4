"""The words of a text that say what it is about, for finding texts that are about the same."""

import re
from collections.abc import Iterable

from lib.folding import fold, is_joined

_SHORTEST, _LONGEST = 4, 40
# Thai does not show where its words end, so what is compared is every third piece of this many characters.
_PIECE, _STEP = 6, 3
_word = re.compile(r"[\u0e00-\u0e7f]+|[^\W_](?:[\w.-]*[^\W_])?")
_thai = re.compile("[\u0e00-\u0e7f]")
# Words of every incident, which tell nothing of one.
_COMMON_WORDS = """
about after again against also because been before being between cannot could does during each every from have having
incident into itself more most much never nothing only other over same several should since some still such than that
their them then there these they this those through time under until very were what when where which while will with
within without would your
"""
_COMMON = frozenset(_COMMON_WORDS.split())


def telling_words(texts: Iterable[str], *, most: int) -> list[str]:
    """The folded words of the texts, those of the first text first and long ones before short ones."""
    words: dict[str, None] = {}
    for text in texts:
        found = {piece for run in _word.findall(fold(text)) for piece in _pieces(run)}
        for word in sorted(found, key=lambda word: (-len(word), word)):
            words[word] = None
    return [*words][:most]


def join_pieces(words: Iterable[str], text: str, other: str) -> list[str]:
    """The words that stand in both texts, in the order of the first; pieces grow as far as the texts agree."""
    folded, there = fold(text), fold(other)
    both = {word for word in words if word in there}
    found = (_grown(match.span(), folded, there) for word in both for match in re.finditer(re.escape(word), folded))
    joined: list[tuple[int, int]] = []
    for start, end in sorted(found):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return [*dict.fromkeys(folded[start:end] for start, end in joined)]


def _grown(span: tuple[int, int], text: str, other: str) -> tuple[int, int]:
    start, end = span
    if _thai.match(text[start]):
        while start and text[start - 1 : end] in other and _thai.match(text[start - 1]):
            start -= 1
        while end < len(text) and text[start : end + 1] in other and _thai.match(text[end]):
            end += 1
    return start, end


def _pieces(run: str) -> list[str]:
    if not _thai.match(run):
        return [run] if _SHORTEST <= len(run) <= _LONGEST and run not in _COMMON and not run.isdigit() else []
    if len(run) <= _PIECE + _STEP:
        return [run] if len(run) >= _SHORTEST else []
    starts = (start for start in range(0, len(run) - _PIECE + 1, _STEP) if not is_joined(run[start]))
    return [run[start : start + _PIECE] for start in starts]
