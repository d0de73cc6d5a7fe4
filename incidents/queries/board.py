"""What is going on now, and what is still owed."""

import hashlib
import re
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Case, Count, IntegerField, Max, OuterRef, Q, QuerySet, Subquery, Value, When
from django.utils import timezone

from accounts.models import User
from incidents.lifecycle import Status
from incidents.models import ActionItem, Incident, Mode, Postmortem, Review, TimelineEvent
from incidents.queries.incidents import CLOSED_ITEMS, Summary, load_rows
from incidents.queries.reviews import list_asked_reviews

SHOWN = 50
OWED = 10
LINE = 160
SIGNS = re.compile(r"^[#>\s-]+\s|\*\*|`")


@dataclass(frozen=True)
class Response:
    """One incident that goes on: since when (its impact, or its declaration), and what was written last."""

    incident: Incident
    services: tuple[str, ...]
    commander: str
    began_at: datetime
    is_impact_known: bool
    age_seconds: float
    news: str
    news_at: datetime | None


@dataclass(frozen=True)
class Standing:
    """How many there are of what the board shows, and when the newest of it changed."""

    ongoing: dict[str, Any]
    items: dict[str, Any]
    unlearnt: list[tuple[Any, ...]]
    asked: list[tuple[Any, ...]]

    def version(self, now: datetime) -> str:
        """A text that is another one as soon as the board is."""
        at = timezone.localtime(now)
        clock = f"{at:%Y-%m-%d %H:%M}" if self.ongoing["count"] else f"{at:%Y-%m-%d}"
        plain = repr((clock, sorted(self.ongoing.items()), sorted(self.items.items()), self.unlearnt, self.asked))
        return hashlib.sha256(plain.encode()).hexdigest()[:16]


@dataclass(frozen=True)
class Board:
    """All of the board; `version` changes with what it shows."""

    responses: list[Response]
    ongoing_count: int
    unlearnt: list[Incident]
    items: list[ActionItem]
    item_count: int
    asked: list[Review]
    last: Incident | None
    today: date
    version: str

    @property
    def unshown_count(self) -> int:
        """How many go on that are only in the list."""
        return self.ongoing_count - len(self.responses)


def has_incidents(user: User) -> bool:
    """False while there is nothing that this person could see."""
    return Incident.objects.visible_to(user).exists()


def read_board(user: User, *, now: datetime) -> Board:
    """What the board shows this person: what goes on, the worst first, drills last; what is owed, what is due first."""
    standing = _standing(user)
    ongoing = Incident.objects.visible_to(user).ongoing()
    responses = _responses([*_worst_first(ongoing).values_list("number", flat=True)[:SHOWN]], now)
    items = _my_items(user)
    unlearnt = [summary.incident for summary in load_rows(_unlearnt(user).values_list("number", flat=True)[:OWED])]
    return Board(
        responses=responses,
        ongoing_count=standing.ongoing["count"],
        unlearnt=sorted(unlearnt, key=lambda incident: (incident.postmortem_due or date.max, incident.number)),
        items=[*items.select_related("incident").order_by("due_date", "number")[:OWED]],
        item_count=standing.items["count"],
        asked=[*list_asked_reviews(user, user)[:OWED]],
        last=None if responses else _last(user),
        today=timezone.localdate(now),
        version=standing.version(now),
    )


def board_version(user: User, *, now: datetime) -> str:
    """A text that stays the same as long as the board does; ages count by the minute while something goes on."""
    return _standing(user).version(now)


def _standing(user: User) -> Standing:
    ongoing = Incident.objects.visible_to(user).ongoing().order_by()
    return Standing(
        ongoing.aggregate(count=Count("pk"), newest=Max("updated_at")),
        _my_items(user).aggregate(count=Count("pk"), newest=Max("updated_at")),
        [*_unlearnt(user).values_list("number", "updated_at", "postmortem__updated_at")[:OWED]],
        [*list_asked_reviews(user, user).values_list("pk", "updated_at", "postmortem__incident__title")[:OWED]],
    )


def _worst_first(incidents: QuerySet[Incident]) -> QuerySet[Incident]:
    # An exercise at the worst level is less urgent than anything real.
    drills_last = Case(When(mode=Mode.DRILL, then=Value(1)), default=Value(0), output_field=IntegerField())
    return incidents.order_by(drills_last, "severity", "-number")


def _responses(numbers: list[int], now: datetime) -> list[Response]:
    events = TimelineEvent.objects.filter(incident=OuterRef("pk"), is_hidden=False).order_by("-occurred_at", "-pk")
    newest = Subquery(events.values("pk")[:1])
    known = dict(Incident.objects.filter(pk__in=numbers).annotate(news=newest).values_list("pk", "news"))
    texts = TimelineEvent.objects.only("text", "occurred_at").in_bulk([key for key in known.values() if key])
    return [_response(summary, texts.get(known[summary.incident.pk]), now) for summary in load_rows(numbers)]


def _response(summary: Summary, event: TimelineEvent | None, now: datetime) -> Response:
    incident = summary.incident
    began = incident.impact_started_at or incident.declared_at
    return Response(
        incident=incident,
        services=summary.services,
        commander=summary.commander,
        began_at=began,
        is_impact_known=incident.impact_started_at is not None,
        age_seconds=max((now - began).total_seconds() // 60 * 60, 0),
        news=_first_line(event.text) if event else "",
        news_at=event.occurred_at if event else None,
    )


def _first_line(text: str) -> str:
    """The first line without the signs of markdown that make headings, quotes, bold text and code."""
    return SIGNS.sub("", text.strip().partition("\n")[0])[:LINE]


def _unlearnt(user: User) -> QuerySet[Incident]:
    """The newest that are resolved and owe a post-mortem that is not published."""
    pending = Q(postmortem=None) | Q(postmortem__status__in=(Postmortem.Status.DRAFT, Postmortem.Status.IN_REVIEW))
    resolved = Incident.objects.visible_to(user).for_figures().filter(status=Status.RESOLVED)
    return resolved.filter(pending, severity__is_postmortem_required=True).order_by("-number")


def _my_items(user: User) -> QuerySet[ActionItem]:
    # By what an item's incident is, not by a list of all incidents: a person's items are few.
    mine = ActionItem.objects.filter(owner_person=user).exclude(status__in=CLOSED_ITEMS).order_by()
    seen = Incident.objects.visible_to(user).filter(pk__in=mine.values("incident")).order_by()
    return mine.filter(incident__in=seen.values("pk"))


def _last(user: User) -> Incident | None:
    """The newest that is over, to be seen when all is quiet."""
    over = Incident.objects.visible_to(user).filter(status__in=(Status.RESOLVED, Status.CLOSED)).exclude(mode="drill")
    return over.select_related("severity").order_by("-number").first()
