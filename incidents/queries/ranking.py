"""Which of the records that were found come first."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from math import log1p

from incidents.queries.candidates import Found
from incidents.search.kinds import Kind
from lib.folding import fold

WEIGHTS = {Kind.INCIDENT: 3.0, Kind.ACTION_ITEM: 3.0, Kind.SECTION: 2.0, Kind.EVENT: 1.5}
_IN_TITLE, _WHOLE_WORDS, _TOGETHER, _RECENT = 6.0, 2.0, 2.0, 1.0
_ASIDE = 0.5
# What further records of an incident add to its best one: the incident is about it, not only one remark.
_FURTHER = 0.25
_COUNTED = 4
# Long texts are read this far for the finer points of ranking.
_READ = 5_000
_thai = re.compile("[\u0e00-\u0e7f]")


@dataclass(frozen=True)
class Group:
    """One incident with what was found in it, the best first."""

    incident: int
    found: tuple[Found, ...]
    score: float


def rank(found: Iterable[Found], terms: tuple[str, ...]) -> list[Group]:
    """The incidents of what was found, the best first; among equals the newest."""
    scored: dict[int, list[tuple[float, Found]]] = {}
    for record in found:
        scored.setdefault(record.incident, []).append((_score(record, terms), record))
    groups = [_group(incident, records) for incident, records in scored.items()]
    return sorted(groups, key=lambda group: (-group.score, -group.incident))


def _group(incident: int, scored: list[tuple[float, Found]]) -> Group:
    scored.sort(key=lambda pair: (-pair[0], -pair[1].key))
    best, *others = [score for score, _record in scored]
    total = best + _FURTHER * sum(others[:_COUNTED])
    return Group(incident, tuple(record for _score, record in scored), total)


def _score(record: Found, terms: tuple[str, ...]) -> float:
    title, text = fold(record.title), fold(record.text[:_READ])
    everything = f"{title} {text}"
    share = 1 / max(1, len(terms))
    score = WEIGHTS[record.kind] + _RECENT * (1 - record.age)
    if record.kind != Kind.SECTION:
        score += _IN_TITLE * share * sum(term in title for term in terms)
    score += _WHOLE_WORDS * share * sum(_is_whole(term, everything) for term in terms)
    score += _TOGETHER * (len(terms) > 1 and " ".join(terms) in everything)
    score += min(1.0, share * sum(log1p(everything.count(term)) for term in terms) / 3)
    return score * (_ASIDE if record.is_aside else 1)


def _is_whole(term: str, text: str) -> bool:
    """True where the term stands as a word of its own; Thai does not show where words end."""
    return bool(_thai.search(term) or re.search(rf"(?<!\w){re.escape(term)}(?!\w)", text))
