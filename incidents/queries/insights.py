"""What many incidents have in common: how long they took, when and where they were, and what became of the promises."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from enum import Enum
from typing import Any, NamedTuple

from django.db.models import Count, QuerySet
from django.utils.functional import Promise
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy

from accounts.models import User
from incidents.deadlines import day_there, postmortem_due
from incidents.durations import DURATIONS, DurationState, measure_durations
from incidents.lifecycle import ONGOING
from incidents.models import ActionItem, Incident, Mode, RootCause, SeverityLevel
from incidents.queries.filtering import IncidentFilter, filter_incidents
from lib.figures import Figures, summarize

MOST_NAMED = 12
# Ten years; of a longer time, these are the last ones.
MOST_WEEKS = 522


class Outcome(Enum):
    """What became of a promise with a day."""

    ON_TIME = "on_time"
    LATE = "late"
    DONE = "done"
    OVERDUE = "overdue"
    NOT_YET_DUE = "not_yet_due"
    WITHOUT_DAY = "without_day"
    NOT_REQUIRED = "not_required"

    @property
    def label(self) -> Promise:
        """The outcome in words."""
        return OUTCOME_LABELS[self]


OUTCOME_LABELS: dict[Outcome, Promise] = {
    Outcome.ON_TIME: gettext_lazy("On time"),
    Outcome.LATE: gettext_lazy("Late"),
    Outcome.DONE: gettext_lazy("Done, day unknown"),
    Outcome.OVERDUE: gettext_lazy("Overdue"),
    Outcome.NOT_YET_DUE: gettext_lazy("Not yet due"),
    Outcome.WITHOUT_DAY: gettext_lazy("Without a due date"),
    Outcome.NOT_REQUIRED: gettext_lazy("Not required"),
}


@dataclass(frozen=True)
class DurationFigures:
    """How one duration spreads over incidents: the recorded `values` in seconds, and how many were left out and why."""

    name: str
    label: Promise
    values: tuple[float, ...]
    figures: Figures | None
    left_out: dict[DurationState, int]


@dataclass(frozen=True)
class Insights:
    """All that the page shows. Counts are pairs of name and number; drills and duplicates are in none of them."""

    count: int
    left_out_drills: int
    left_out_duplicates: int
    durations: list[DurationFigures]
    by_week: list[tuple[date, int]]
    by_severity: list[tuple[str, int]]
    by_service: list[tuple[str, int]]
    by_category: list[tuple[str, int]]
    postmortems: dict[Outcome, int] = field(default_factory=dict)
    action_items: dict[Outcome, int] = field(default_factory=dict)


class _Row(NamedTuple):
    """What is read of each incident."""

    declared_at: datetime
    time_zone: str
    status: str
    severity_id: int
    mode: str
    duplicate_of_id: int | None
    impact_started_at: datetime | None
    detected_at: datetime | None
    acknowledged_at: datetime | None
    mitigated_at: datetime | None
    resolved_at: datetime | None
    postmortem__status: str | None
    postmortem__published_at: datetime | None


def find_insights(user: User, wanted: IncidentFilter, *, today: date) -> Insights:
    """What the incidents that this person sees and that are asked for have in common."""
    found = filter_incidents(user, replace(wanted, mode=()))
    rows = [_Row(*values) for values in found.values_list(*_Row._fields)]
    real = [row for row in rows if row.mode != Mode.DRILL]
    counted = [row for row in real if row.duplicate_of_id is None]
    incidents = found.exclude(mode=Mode.DRILL).filter(duplicate_of=None)
    severities = SeverityLevel.objects.in_bulk()
    levels = Counter(row.severity_id for row in counted)
    return Insights(
        count=len(counted),
        left_out_drills=len(rows) - len(real),
        left_out_duplicates=len(real) - len(counted),
        durations=_measure(counted),
        by_week=_count_weeks([localdate(row.impact_started_at or row.declared_at) for row in counted], wanted, today),
        by_severity=[(str(severities[level]), levels[level]) for level in sorted(severities)],
        by_service=_count_services(incidents),
        by_category=_count_categories(incidents),
        postmortems=_tally(_judge_postmortem(row, severities[row.severity_id], today) for row in counted),
        action_items=_tally(_judge_item(*item, today) for item in _list_items(incidents)),
    )


def _measure(rows: Sequence[_Row]) -> list[DurationFigures]:
    values: dict[str, list[float]] = {name: [] for name in DURATIONS}
    left_out: dict[str, Counter[DurationState]] = {name: Counter() for name in DURATIONS}
    for row in rows:
        for duration in measure_durations(row._asdict(), is_over=row.status not in ONGOING):
            if duration.seconds is None:
                left_out[duration.name][duration.state] += 1
            else:
                values[duration.name].append(duration.seconds)
    return [
        DurationFigures(name, label, tuple(values[name]), summarize(values[name]), dict(left_out[name]))
        for name, (label, _start, _end) in DURATIONS.items()
    ]


def _count_weeks(days: Sequence[date], wanted: IncidentFilter, today: date) -> list[tuple[date, int]]:
    """How many began in every week of the time asked for, by its Monday; those without an incident too."""
    if not days:
        return []
    counts = Counter(_monday(day) for day in days)
    first, last = _monday(wanted.since or min(days)), _monday(min(wanted.until or today, today))
    last = max(last, max(counts))
    first = max(min(first, min(counts)), last - timedelta(weeks=MOST_WEEKS - 1))
    weeks = [first + timedelta(weeks=number) for number in range((last - first).days // 7 + 1)]
    return [(week, counts[week]) for week in weeks]


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _count_services(incidents: QuerySet[Incident]) -> list[tuple[str, int]]:
    """An incident of two services counts for both."""
    # From the table between the two: asked through incidents, each is first searched for having a service at all.
    of_services: QuerySet[Any] = Incident.services.through.objects.filter(incident__in=incidents.order_by())
    counts = of_services.values_list("service__name").annotate(count=Count("pk"))
    return list(counts.order_by("-count", "service__name")[:MOST_NAMED])


def _count_categories(incidents: QuerySet[Incident]) -> list[tuple[str, int]]:
    """In how many incidents a cause of each category played a part; what made it better, or may yet happen, is none."""
    parts = (RootCause.Kind.TRIGGER, RootCause.Kind.ROOT_CAUSE, RootCause.Kind.CONTRIBUTING_FACTOR)
    causes = RootCause.objects.filter(incident__in=incidents, kind__in=parts).order_by()
    counts = causes.values_list("category").annotate(count=Count("incident", distinct=True)).order_by("-count")
    return [(str(RootCause.Category(category).label), count) for category, count in counts]


def _judge_postmortem(row: _Row, severity: SeverityLevel, today: date) -> Outcome:
    due = postmortem_due(row, severity)
    if not severity.is_postmortem_required or row.postmortem__status == "not_required":
        return Outcome.NOT_REQUIRED
    return _judge(due, row.postmortem__published_at, row.time_zone, today)


def _list_items(incidents: QuerySet[Incident]) -> Iterable[tuple[str, date | None, datetime | None, str]]:
    """What was decided against is no promise any more."""
    items = ActionItem.objects.filter(incident__in=incidents).exclude(status=ActionItem.Status.NOT_DOING)
    return items.order_by().values_list("status", "due_date", "completed_at", "incident__time_zone")


def _judge_item(status: str, due: date | None, completed_at: datetime | None, time_zone: str, today: date) -> Outcome:
    if due is None:
        return Outcome.WITHOUT_DAY
    if status == ActionItem.Status.DONE and completed_at is None:
        return Outcome.DONE
    return _judge(due, completed_at, time_zone, today)


def _judge(due: date | None, done_at: datetime | None, time_zone: str, today: date) -> Outcome:
    """Days are those of where the incident was handled, as the day it is due is; else readers would disagree."""
    if done_at:
        return Outcome.ON_TIME if due is None or day_there(done_at, time_zone) <= due else Outcome.LATE
    return Outcome.OVERDUE if due and due < today else Outcome.NOT_YET_DUE


def _tally(outcomes: Iterable[Outcome]) -> dict[Outcome, int]:
    counts = Counter(outcomes)
    return {outcome: counts[outcome] for outcome in Outcome if counts[outcome]}
