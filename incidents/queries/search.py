"""Finding incidents by what was written in and about them."""

from dataclasses import dataclass, field

from accounts.models import User
from incidents.models import Incident
from incidents.queries.candidates import Catch, Clock, Found, catch, is_short
from incidents.queries.ranking import Group, rank
from incidents.search.kinds import Kind
from lib.excerpts import Part, excerpt, mark
from lib.search_words import Words, parse_words

PAGE_SIZE = 20
HITS = 3


@dataclass(frozen=True)
class Hit:
    """One record as a page shows it; `title` and `excerpt` in parts, marked where a word was found."""

    kind: Kind
    key: int
    title: list[Part]
    excerpt: list[Part]
    detail: str


@dataclass(frozen=True)
class Result:
    """One incident, its own words marked, and the best of what was found in what belongs to it."""

    incident: Incident
    title: list[Part]
    hits: list[Hit]
    # How many further records of it hold the words.
    further: int


@dataclass(frozen=True)
class Facet:
    """How many records of a kind hold the words; `is_full`: there may be more."""

    kind: Kind
    count: int
    is_full: bool


@dataclass(frozen=True)
class Search:
    """A page of results, and what is to be known about how they were looked for."""

    words: Words
    results: list[Result] = field(default_factory=list)
    facets: list[Facet] = field(default_factory=list)
    page: int = 1
    pages: int = 1
    # Incidents among the ranked ones; `is_partial` where there may be more.
    count: int = 0
    is_partial: bool = False
    # Older records were left out for time, and words that were only looked for in recent ones.
    is_cut: bool = False
    short: tuple[str, ...] = ()


def search(user: User, typed: str, *, kind: Kind | None = None, page: int = 1) -> Search:
    """The incidents this person sees in which, or in whose records, all the words stand, the best first."""
    words = parse_words(typed)
    if not words.terms:
        return Search(words)
    catches = _catch_all(user, words)
    asked = [catches[kind]] if kind else [*catches.values()]
    groups = rank([found for caught in asked for found in caught.found], words.terms)
    pages = max(1, -(-len(groups) // PAGE_SIZE))
    page = min(max(1, page), pages)
    return Search(
        words=words,
        results=_results(user, groups[(page - 1) * PAGE_SIZE : page * PAGE_SIZE], words),
        facets=[Facet(each, len(caught.found), caught.is_full) for each, caught in catches.items()],
        page=page,
        pages=pages,
        count=len(groups),
        is_partial=any(caught.is_full for caught in asked),
        is_cut=any(caught.is_cut for caught in asked),
        short=tuple(filter(is_short, words.terms + words.excluded)),
    )


def _catch_all(user: User, words: Words) -> dict[Kind, Catch]:
    clock = Clock()
    return {kind: catch(user, kind, words, clock) for kind in Kind}


def _results(user: User, groups: list[Group], words: Words) -> list[Result]:
    shown = Incident.objects.visible_to(user).select_related("severity").in_bulk([group.incident for group in groups])
    return [_result(shown[group.incident], group, words) for group in groups if group.incident in shown]


def _result(incident: Incident, group: Group, words: Words) -> Result:
    hits = [_hit(found, words) for found in group.found if _says_more(found)][:HITS]
    further = len([found for found in group.found if _says_more(found)]) - len(hits)
    return Result(incident, mark(incident.title, words.terms), hits, further)


def _says_more(found: Found) -> bool:
    """False for an incident that is found by its title alone and has nothing else to show."""
    return found.kind != Kind.INCIDENT or bool(found.text)


def _hit(found: Found, words: Words) -> Hit:
    title = [] if found.kind == Kind.INCIDENT else mark(found.title, words.terms)
    return Hit(found.kind, found.key, title, excerpt(found.text, words.terms), found.detail)
