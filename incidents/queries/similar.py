"""Incidents that are like one: the same rare words, services, tags and kinds of causes."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from math import log
from typing import Any

from django.db.models import F, Prefetch, QuerySet

from accounts.models import User
from incidents.models import ActionItem, Incident, RootCause
from incidents.search.index import engine
from incidents.search.kinds import SOURCES, Kind
from lib.telling_words import join_pieces, telling_words

SHOWN = 5
WORDS = 8
# The newest incidents looked at for each word, and for all services, and for all tags.
LOOKED_AT = 100
# Those whose services, tags and causes are compared.
COMPARED = 50
SERVICE, TAG, CATEGORY = 1.5, 2.0, 1.0
LEAST = 2.0
# What is rare among a handful of incidents may not be rare; so many are taken to be there.
AMONG = 100
_DONE = (ActionItem.Status.DONE, ActionItem.Status.NOT_DOING)


@dataclass
class Likeness:
    """What one incident shares with another, and how much that tells."""

    words: set[str] = field(default_factory=set)
    score: float = 0.0
    services: list[str] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)
    categories: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Similar:
    """An incident like another, why it is, and what was promised after it and is still owed."""

    incident: Incident
    words: list[str]
    services: list[str]
    tags: list[str]
    categories: list[str]
    open_items: list[ActionItem]


def list_similar(user: User, incident: Incident) -> list[Similar]:
    """The incidents this person sees that are most like this one, each with why.

    Only the newest that share a word, a service or a tag are compared, however many there are. One service or tag alone
    is little; such incidents come last, the newest first.
    """
    seen = Incident.objects.visible_to(user).exclude(pk=incident.pk).exclude(duplicate_of=incident)
    likenesses: dict[int, Likeness] = defaultdict(Likeness)
    _share_words(seen, incident, likenesses)
    sharing = {number for shared in (_services(incident), _tags(incident)) for number in _newest(seen, shared)}
    best = sorted({*likenesses, *sharing}, key=lambda number: (-likenesses[number].score, -number))[: 2 * COMPARED]
    # However many share words that tell little, some that share more are among them.
    best = [*dict.fromkeys([*best, *sorted(sharing, reverse=True)[:SHOWN]])]
    _share_facts(incident, best, likenesses)
    alike = [number for number in best if _is_reason(likenesses[number])]
    alike.sort(key=lambda number: (-likenesses[number].score, -number))
    return _read(user, incident, alike[:SHOWN], likenesses)


def _is_reason(likeness: Likeness) -> bool:
    return likeness.score >= LEAST or bool(likeness.services or likeness.tags)


def _share_words(seen: QuerySet[Incident], incident: Incident, likenesses: dict[int, Likeness]) -> None:
    words = telling_words((incident.title, incident.summary), most=WORDS)
    for word in filter(engine().is_indexed, words):
        narrowed = engine().narrow(seen, SOURCES[Kind.INCIDENT], [word], [])
        numbers = [*narrowed.values_list("number", flat=True)[:LOOKED_AT]]
        weight = _rarity(numbers, incident.number)
        for number in numbers:
            likenesses[number].words.add(word)
            likenesses[number].score += weight


def _rarity(numbers: list[int], own: int) -> float:
    """How much a word tells that stands in these incidents, the newest first: more where they are few and far apart."""
    if not numbers:
        return 0.0
    among = max(own, numbers[0], AMONG)
    holding = len(numbers) if len(numbers) < LOOKED_AT else len(numbers) * among / (numbers[0] - numbers[-1] + 1)
    return max(0.2, min(6.0, log(among / (holding + 1)) + 1))


def _services(incident: Incident) -> QuerySet[Any]:
    through = Incident.services.through.objects
    return through.filter(service__in=through.filter(incident=incident).values("service"))


def _tags(incident: Incident) -> QuerySet[Any]:
    through = Incident.tags.through.objects
    return through.filter(tag__in=through.filter(incident=incident).values("tag"))


def _newest(seen: QuerySet[Incident], shared: QuerySet[Any]) -> Iterable[int]:
    numbers = shared.order_by("-incident").values_list("incident", flat=True)[:LOOKED_AT]
    return seen.filter(pk__in=[*numbers]).values_list("number", flat=True)


def _share_facts(incident: Incident, numbers: list[int], likenesses: dict[int, Likeness]) -> None:
    services, tags = _services(incident).filter(incident__in=numbers), _tags(incident).filter(incident__in=numbers)
    for number, name in services.values_list("incident", "service__name").order_by("service__name"):
        likenesses[number].services.append(name)
        likenesses[number].score += SERVICE
    for number, name in tags.values_list("incident", "tag__name").order_by("tag__name"):
        likenesses[number].tags.append(name)
        likenesses[number].score += TAG
    own = RootCause.objects.filter(incident=incident).exclude(category=RootCause.Category.UNKNOWN).values("category")
    causes = RootCause.objects.filter(incident__in=numbers, category__in=own).order_by("category")
    for number, category in causes.values_list("incident", "category").distinct():
        likenesses[number].categories.append(str(RootCause.Category(category).label))
        likenesses[number].score += CATEGORY


def _read(user: User, incident: Incident, numbers: list[int], likenesses: dict[int, Likeness]) -> list[Similar]:
    owed = ActionItem.objects.exclude(status__in=_DONE).select_related("owner_person", "owner_team")
    owed = owed.order_by(F("due_date").asc(nulls_last=True), "number")
    incidents = Incident.objects.visible_to(user).select_related("severity")
    shown = incidents.prefetch_related(Prefetch("action_items", owed, to_attr="owed")).in_bulk(numbers)
    text = f"{incident.title}\n{incident.summary}"
    return [_similar(shown[number], likenesses[number], text) for number in numbers if number in shown]


def _similar(other: Incident, likeness: Likeness, text: str) -> Similar:
    words = join_pieces(likeness.words, text, f"{other.title}\n{other.summary}\n{other.impact}")
    return Similar(
        other,
        words,
        likeness.services,
        likeness.tags,
        likeness.categories,
        other.owed,  # type: ignore[attr-defined]
    )
