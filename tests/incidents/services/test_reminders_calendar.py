"""Reminders over real calendars: weekends, holidays, the ends of months and years, and other timezones."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core import mail
from django.core.mail import get_connection
from pytest_django import Settings

from accounts.models import User
from incidents.models import Incident, Postmortem, SeverityLevel
from incidents.services.drafts import start_postmortem
from incidents.services.reminders import remind_of_postmortems, stage_of
from notifications.channels.email import compose
from notifications.channels.message import Message
from notifications.models import Delivery, Notification
from tests.factories import make_incident

DAY = timedelta(days=1)
NEW_YEAR = frozenset({date(2026, 12, 25), date(2027, 1, 1)})


def make(responder: User, settings: Settings, *, resolved: datetime, days: int, zone: str = "UTC") -> Incident:
    """An incident that was over at this instant, whose post-mortem is due within so many working days."""
    settings.EMAIL_HOST = "mail.example.org"
    User.objects.filter(pk=responder.pk).update(email="responder@example.org")
    severity = SeverityLevel.objects.get(level=1)
    severity.postmortem_days = days
    severity.save()
    made = make_incident(responder, severity=severity, now=resolved)
    times = {"resolved_at": resolved, "acknowledged_at": resolved, "impact_started_at": None, "time_zone": zone}
    Incident.objects.filter(pk=made.pk).update(status="resolved", **times)
    start_postmortem(made, actor=responder)
    return Incident.objects.get(pk=made.pk)


def hear(first: datetime, last: datetime, *, hours: int = 6) -> list[tuple[str, str]]:
    """Every mail of these days, asked for every few hours: its instant in UTC, and its title."""
    now = first
    while now <= last:
        remind_of_postmortems(now=now)
        now += timedelta(hours=hours)
    told = Notification.objects.order_by("pk").values_list("created_at", "title")
    return [(f"{at:%Y-%m-%d %H:%M}", title.removeprefix("The post-mortem of INC-1 ")) for at, title in told]


@pytest.mark.parametrize(
    ("resolved", "days", "holidays", "expected"),
    [
        # From Friday over a weekend: due on a Tuesday, told on Monday, Tuesday, Wednesday.
        (
            datetime(2026, 11, 27, 15, tzinfo=UTC),
            2,
            frozenset(),
            [
                ("2026-11-30", "is due tomorrow"),
                ("2026-12-01", "is due today"),
                ("2026-12-02", "was due on 2026-12-01"),
            ],
        ),
        # Due on a Monday: told on Friday, and not on Sunday.
        (
            datetime(2026, 11, 24, 15, tzinfo=UTC),
            4,
            frozenset(),
            [
                ("2026-11-27", "is due on Monday, 2026-11-30"),
                ("2026-11-30", "is due today"),
                ("2026-12-01", "was due on 2026-11-30"),
            ],
        ),
        # Due on a Friday: overdue is said on Monday.
        (
            datetime(2026, 11, 23, 15, tzinfo=UTC),
            4,
            frozenset(),
            [
                ("2026-11-26", "is due tomorrow"),
                ("2026-11-27", "is due today"),
                ("2026-11-30", "was due on 2026-11-27"),
            ],
        ),
        # Over Christmas, a weekend, New Year and another one: nobody hears of it while nobody works.
        (
            datetime(2026, 12, 23, 15, tzinfo=UTC),
            6,
            NEW_YEAR,
            [
                ("2026-12-31", "is due on Monday, 2027-01-04"),
                ("2027-01-04", "is due today"),
                ("2027-01-05", "was due on 2027-01-04"),
            ],
        ),
        # The end of a February in a leap year.
        (
            datetime(2028, 2, 25, 15, tzinfo=UTC),
            3,
            frozenset(),
            [
                ("2028-02-29", "is due tomorrow"),
                ("2028-03-01", "is due today"),
                ("2028-03-02", "was due on 2028-03-01"),
            ],
        ),
    ],
)
def test_each_is_told_once_on_a_day_on_which_somebody_works(
    responder: User,
    settings: Settings,
    resolved: datetime,
    days: int,
    holidays: frozenset[date],
    expected: list[tuple[str, str]],
) -> None:
    settings.HOLIDAYS = holidays
    make(responder, settings, resolved=resolved, days=days)
    heard = hear(resolved, resolved + timedelta(days=16))
    assert [(at[:10], title) for at, title in heard] == expected


@pytest.mark.parametrize(
    ("zone", "first"),
    [
        # There it is Tuesday, the day before, from these instants on.
        ("UTC", "2026-12-01 00:00"),
        ("Asia/Bangkok", "2026-11-30 17:00"),
        ("America/Los_Angeles", "2026-12-01 08:00"),
        ("Asia/Kolkata", "2026-11-30 19:00"),
    ],
)
def test_a_day_begins_where_the_incident_was_handled(
    responder: User, settings: Settings, zone: str, first: str
) -> None:
    # Everywhere the Friday.
    resolved = datetime(2026, 11, 27, 15, tzinfo=UTC)
    make(responder, settings, resolved=resolved, days=3, zone=zone)
    asked = datetime(2026, 11, 30, 12, tzinfo=UTC)
    assert hear(asked, asked + DAY, hours=1) == [(first, "is due tomorrow")]


def test_the_day_of_the_resolution_is_the_one_there(responder: User, settings: Settings) -> None:
    # Late on Friday in Los Angeles, early on Saturday in UTC.
    incident = make(
        responder, settings, resolved=datetime(2026, 11, 28, 6, tzinfo=UTC), days=1, zone="America/Los_Angeles"
    )
    assert incident.postmortem_due == date(2026, 11, 30)
    Incident.objects.update(resolved_at=datetime(2026, 11, 27, 6, tzinfo=UTC))
    assert Incident.objects.get().postmortem_due == date(2026, 11, 27)


def test_every_day_of_years_has_one_stage_and_none_while_nobody_works(settings: Settings) -> None:
    settings.HOLIDAYS = NEW_YEAR
    for due in (date(2026, 12, 24) + n * DAY for n in range(40)):
        stages = [stage_of(due, due + n * DAY) for n in range(-10, 10)]
        days = [due + n * DAY for n in range(-10, 10)]
        assert [stage for stage, day in zip(stages, days, strict=True) if day.weekday() > 4 or day in NEW_YEAR] == [
            ""
        ] * sum(day.weekday() > 4 or day in NEW_YEAR for day in days)
        told = [stage for stage in stages if stage]
        works = due.weekday() < 5 and due not in NEW_YEAR
        assert told.count("tomorrow") == 1
        assert told.count("today") == (1 if works else 0)
        assert told == sorted(told, key=["tomorrow", "today", "overdue"].index)


def test_only_author_and_facilitator_hear_of_it_and_each_once(
    responder: User, viewer: User, administrator: User, settings: Settings
) -> None:
    incident = make(responder, settings, resolved=datetime(2026, 11, 27, 15, tzinfo=UTC), days=2)
    for person in (viewer, administrator):
        User.objects.filter(pk=person.pk).update(email=f"{person.username}@example.org")
    Postmortem.objects.update(facilitator=viewer)
    hear(incident.resolved_at or datetime.now(UTC), datetime(2026, 12, 1, 23, tzinfo=UTC))
    recipients = sorted(Delivery.objects.values_list("recipient", flat=True))
    assert recipients == ["responder@example.org"] * 2 + ["viewer@example.org"] * 2
    # One person who is both is told once; who left is not.
    Notification.objects.all().delete()
    Postmortem.objects.update(facilitator=responder)
    User.objects.filter(pk=viewer.pk).update(is_active=False)
    hear(datetime(2026, 12, 2, tzinfo=UTC), datetime(2026, 12, 2, 5, tzinfo=UTC))
    assert [*Delivery.objects.values_list("recipient", flat=True)] == ["responder@example.org"]


def test_the_mail_helps_and_names_the_number_alone(responder: User, settings: Settings) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    incident = make(responder, settings, resolved=datetime(2026, 11, 27, 15, tzinfo=UTC), days=2)
    hear(datetime(2026, 11, 30, 8, tzinfo=UTC), datetime(2026, 12, 2, 8, tzinfo=UTC))
    for notification in Notification.objects.order_by("pk"):
        compose(Message.of(notification), "responder@example.org", get_connection()).send()
    tomorrow, today, overdue = mail.outbox
    assert tomorrow.subject == "[Debrief] News: The post-mortem of INC-1 is due tomorrow"
    assert today.subject.endswith("is due today")
    assert overdue.subject.endswith("was due on 2026-12-01")
    for each in mail.outbox:
        assert incident.title not in each.subject + str(each.body)
        assert f"http://localhost:8000/incidents/{incident.pk}/postmortem/" in each.body
    assert "“unknown” is an honest answer" in tomorrow.body
    assert "enough for a first version" in overdue.body
