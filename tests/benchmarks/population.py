"""A large installation: incidents by the hundred thousand, each with everything that pages, searches and charts read.

The same number gives the same records each time. With DATABASE_URL they go to PostgreSQL.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any

from django.db import connection, transaction

from accounts.models import Role, Team, User
from incidents.models import (
    ActionItem,
    Incident,
    IncidentGrant,
    Postmortem,
    PostmortemSection,
    RoleAssignment,
    RootCause,
    Service,
    Tag,
    TimelineEvent,
)
from incidents.search.index import engine
from tests.benchmarks.rows import in_a_hurry, insert, instant, next_key
from tests.benchmarks.words import LINES, PARTS, SYMPTOMS, WORDS
from tests.factories import NOW

EVENTS_EACH = 20
ONGOING = 24
RESTRICTED_EACH = 50
YEARS = 5
PEOPLE, TEAMS, SERVICES, TAGS = 120, 20, 80, 200


@dataclass(frozen=True)
class Plan:
    """What one incident is like, before anything of it is written."""

    number: int
    began: datetime
    status: str
    minutes: int
    choice: Random = field(compare=False)

    @property
    def is_over(self) -> bool:
        return self.status in ("resolved", "closed")

    @property
    def ended(self) -> datetime | None:
        return self.began + timedelta(minutes=self.minutes) if self.is_over else None

    @property
    def is_restricted(self) -> bool:
        return self.number % RESTRICTED_EACH == 7


@dataclass
class Directory:
    """The keys of the people, teams, services and tags that incidents name."""

    people: list[int]
    teams: list[int]
    services: list[int]
    tags: list[int]


def populate(incidents: int, *, events_each: int = EVENTS_EACH, now: datetime = NOW) -> range:
    """So many more incidents, the newest of them not over; returns their numbers."""
    first = next_key(Incident)
    numbers = range(first, first + incidents)
    # Read into the index all at once, texts take a fraction of the time that they take one by one.
    engine().remove(connection)
    with in_a_hurry():
        with transaction.atomic():
            directory = make_directory()
            _write_incidents(numbers, directory, now)
            _write_events(numbers, directory, events_each, now)
            _write_what_belongs(numbers, directory, now)
        engine().install(connection)
    return numbers


def make_directory() -> Directory:
    """People, teams, services and tags; those that are there already are used again."""
    people = [User.objects.get_or_create(username=f"person{n}", defaults=_person(n))[0] for n in range(PEOPLE)]
    teams = [Team.objects.get_or_create(name=f"Team {n:02}")[0] for n in range(TEAMS)]
    for n, team in enumerate(teams):
        team.members.set(people[n * 5 : n * 5 + 8])
    services = [
        Service.objects.get_or_create(name=f"{PARTS[n % len(PARTS)]}-{n:02}", defaults={"team": teams[n % TEAMS]})[0]
        for n in range(SERVICES)
    ]
    tags = [Tag.objects.get_or_create(name=f"{WORDS[n % len(WORDS)]}-{n}")[0] for n in range(TAGS)]
    return Directory(*([record.pk for record in records] for records in (people, teams, services, tags)))


def _person(n: int) -> dict[str, Any]:
    return {"name": f"Person {n:03}", "role": Role.RESPONDER, "password": "!"}


def _plan(number: int, numbers: range, now: datetime) -> Plan:
    """Oldest first, the same for the same number."""
    choice = Random(number)
    age = timedelta(days=365 * YEARS) * ((numbers[-1] - number + 1) / len(numbers))
    if numbers[-1] - number < min(ONGOING, len(numbers) // 2):
        status = choice.choice(("investigating", "identified", "monitoring"))
        return Plan(number, now - timedelta(minutes=choice.randint(3, 3000)), status, 0, choice)
    minutes = min(int(choice.lognormvariate(4, 1.1)) + 1, int(age.total_seconds() // 60) or 1)
    return Plan(number, now - age, choice.choices(("closed", "resolved"), (85, 15))[0], minutes, choice)


def _plans(numbers: range, now: datetime) -> Iterator[Plan]:
    return (_plan(number, numbers, now) for number in numbers)


def _write_incidents(numbers: range, directory: Directory, now: datetime) -> None:
    names = (
        *("number", "title", "summary", "severity_id", "status", "mode", "visibility", "revision", "declared_by_id"),
        *("impact_started_at", "detected_at", "declared_at", "acknowledged_at", "mitigated_at"),
        *("resolved_at", "closed_at", "customers_affected", "updated_at"),
    )
    insert(Incident, names, (_incident(plan, directory) for plan in _plans(numbers, now)), now=now)


def _incident(plan: Plan, directory: Directory) -> tuple[Any, ...]:
    choice, part = plan.choice, plan.choice.choice(PARTS)
    # Of one in ten it is not known when it began.
    started = None if choice.random() < 0.1 else plan.began
    at = [plan.began + timedelta(minutes=plan.minutes * share) for share in (0.1, 0.2, 0.25, 0.7)]
    closed = plan.ended + timedelta(days=choice.randint(1, 20)) if plan.ended and plan.status == "closed" else None
    return (
        plan.number,
        f"{part}: {choice.choice(SYMPTOMS)} ({choice.choice(WORDS)})",
        " ".join(choice.choice(LINES) for _line in range(3)),
        choice.choices(range(1, 6), (4, 16, 40, 30, 10))[0],
        plan.status,
        choice.choices(("live", "retrospective", "drill"), (92, 4, 4))[0],
        "restricted" if plan.is_restricted else "open",
        EVENTS_EACH,
        choice.choice(directory.people),
        started and instant(started),
        instant(at[0]),
        instant(at[1]),
        instant(at[2]),
        instant(at[3]) if plan.is_over else None,
        plan.ended and instant(plan.ended),
        closed and instant(closed),
        choice.choice((None, choice.randint(0, 50_000))),
        instant(closed or plan.ended or at[3]),
    )


def _write_events(numbers: range, directory: Directory, each: int, now: datetime) -> None:
    kinds = [kind for kind in TimelineEvent.Kind.values if kind != "status_change"]
    choice, people = Random(len(numbers)), directory.people
    texts = [f"{choice.choice(LINES)} {choice.choice(PARTS)}, {choice.choice(WORDS)}." for _text in range(5_000)]

    def rows() -> Iterator[tuple[Any, ...]]:
        for plan in _plans(numbers, now):
            step = timedelta(minutes=max(plan.minutes, each) / each)
            for n in range(each):
                draw = int(choice.random() * 1_000_000)
                kind = kinds[draw % len(kinds)] if n else "status_change"
                moment = instant(plan.began + step * n)
                author = people[draw % len(people)]
                yield plan.number, moment, kind, texts[draw % 5_000], author, n + 1, not draw % 4, moment, moment

    names = (
        *("incident_id", "occurred_at", "kind", "text", "author_id", "revision", "is_pinned"),
        *("created_at", "updated_at"),
    )
    insert(TimelineEvent, names, rows(), now=now)


def _write_what_belongs(numbers: range, directory: Directory, now: datetime) -> None:
    services, tags = Incident.services.through, Incident.tags.through
    insert(services, ("incident_id", "service_id"), _joined(numbers, directory.services, 2), now=now)
    insert(tags, ("incident_id", "tag_id"), _joined(numbers, directory.tags, 2), now=now)
    insert(RoleAssignment, ("incident_id", "role", "person_id", "taken_at"), _roles(numbers, directory, now), now=now)
    grants = ((number, *_grantee(number, directory)) for number in numbers if number % RESTRICTED_EACH == 7)
    insert(IncidentGrant, ("incident_id", "person_id", "team_id"), grants, now=now)
    names = ("incident_id", "title", "kind", "status", "owner_person_id", "owner_team_id", "due_date", "completed_at")
    insert(ActionItem, names, _action_items(numbers, directory, now), now=now)
    insert(RootCause, ("incident_id", "kind", "category", "statement"), _causes(numbers), now=now)
    first = next_key(Postmortem)
    names = ("id", "incident_id", "status", "published_at", "author_id")
    insert(Postmortem, names, _postmortems(numbers, directory, now, first), now=now)
    insert(PostmortemSection, ("postmortem_id", "key", "title", "position", "body"), _sections(numbers, first), now=now)


def _joined(numbers: range, keys: list[int], most: int) -> Iterator[tuple[Any, ...]]:
    for number in numbers:
        choice = Random(number * 3)
        for key in choice.sample(keys, choice.randint(0, most)):
            yield number, key


def _roles(numbers: range, directory: Directory, now: datetime) -> Iterator[tuple[Any, ...]]:
    for plan in _plans(numbers, now):
        commander, scribe = Random(plan.number * 5).sample(directory.people, 2)
        yield plan.number, "commander", commander, instant(plan.began)
        if plan.number % 2:
            yield plan.number, "scribe", scribe, instant(plan.began)


def _grantee(number: int, directory: Directory) -> tuple[int | None, int | None]:
    choice = Random(number * 7)
    return (choice.choice(directory.people), None) if number % 4 else (None, choice.choice(directory.teams))


def _action_items(numbers: range, directory: Directory, now: datetime) -> Iterator[tuple[Any, ...]]:
    for plan in _plans(numbers, now):
        choice = Random(plan.number * 11)
        for _item in range(choice.choice((0, 0, 1, 1, 2, 4))):
            is_done = choice.random() < 0.85
            person, team = choice.choice(directory.people), choice.choice(directory.teams)
            owner = (person, None) if choice.random() < 0.7 else (None, team)
            status = "done" if is_done else choice.choice(("open", "in_progress", "open"))
            due = (plan.began + timedelta(days=choice.randint(5, 60))).date()
            done_at = instant(plan.began + timedelta(days=choice.randint(1, 80))) if is_done else None
            title = f"{choice.choice(('Alert on', 'Document', 'Test', 'Limit'))} {choice.choice(PARTS)}"
            kind = choice.choice(ActionItem.Kind.values)
            yield plan.number, title, kind, status, *owner, due.isoformat(), done_at


def _causes(numbers: range) -> Iterator[tuple[Any, ...]]:
    for number in numbers:
        choice = Random(number * 13)
        category = choice.choice(RootCause.Category.values)
        yield number, choice.choice(RootCause.Kind.values), category, choice.choice(LINES)


def _with_postmortem(numbers: range) -> Iterator[int]:
    return (number for number in numbers if number % 5 < 3)


def _postmortems(numbers: range, directory: Directory, now: datetime, first: int) -> Iterator[tuple[Any, ...]]:
    for key, number in enumerate(_with_postmortem(numbers), start=first):
        plan, choice = _plan(number, numbers, now), Random(number * 17)
        is_published = plan.is_over and choice.random() < 0.8
        published = instant((plan.ended or now) + timedelta(days=choice.randint(1, 15))) if is_published else None
        status = "published" if is_published else choice.choice(("draft", "in_review"))
        yield key, number, status, published, choice.choice(directory.people)


def _sections(numbers: range, first: int) -> Iterator[tuple[Any, ...]]:
    for key, number in enumerate(_with_postmortem(numbers), start=first):
        choice = Random(number * 19)
        for position, name in enumerate(("summary", "lessons"), start=1):
            yield key, name, name.title(), position, "\n\n".join(choice.sample(LINES, 4))
