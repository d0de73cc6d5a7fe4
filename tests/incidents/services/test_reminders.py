from datetime import date, datetime, timedelta

import pytest
from pytest_django import Settings

from accounts.models import User
from incidents.deadlines import add_working_days
from incidents.models import Incident, IncidentGrant, SeverityLevel
from incidents.services.drafts import start_postmortem
from incidents.services.postmortem_status import change_postmortem_status
from incidents.services.reminders import remind_of_postmortems
from notifications.models import Notification
from tests.factories import NOW, make_incident

DAY = timedelta(days=1)


@pytest.fixture
def incident(responder: User, settings: Settings) -> Incident:
    """Resolved on a Sunday at SEV1: its post-mortem is due within as many working days as that says."""
    settings.EMAIL_HOST = "mail.example.org"
    responder.email = "responder@example.org"
    responder.save()
    made = make_incident(responder, severity=SeverityLevel.objects.get(level=1))
    Incident.objects.filter(pk=made.pk).update(status="resolved", resolved_at=NOW, acknowledged_at=NOW)
    start_postmortem(made, actor=responder)
    return Incident.objects.get(pk=made.pk)


def titles() -> list[str]:
    return list(Notification.objects.order_by("pk").values_list("title", flat=True))


def at(day: date) -> datetime:
    return datetime.combine(day, NOW.timetz())


def test_each_stage_is_told_once(incident: Incident) -> None:
    due = incident.postmortem_due
    assert due
    for day in (due - 2 * DAY, due - DAY, due - DAY, due, due, due + DAY, due + 2 * DAY):
        remind_of_postmortems(now=at(day))
    assert titles() == [
        "The post-mortem of INC-1 is due tomorrow",
        "The post-mortem of INC-1 is due today",
        f"The post-mortem of INC-1 is overdue since {due}",
    ]


@pytest.mark.parametrize("facts", [{"mode": "drill"}, {"duplicate_of": True}, {"visibility": "restricted"}])
def test_drills_duplicates_and_who_does_not_see_it_are_left_alone(incident: Incident, facts: dict[str, object]) -> None:
    if "duplicate_of" in facts:
        facts = {"duplicate_of": make_incident()}
    Incident.objects.filter(pk=incident.pk).update(**facts)
    IncidentGrant.objects.filter(incident=incident).delete()
    remind_of_postmortems(now=NOW + 60 * DAY)
    assert titles() == []


def test_what_is_not_required_is_not_reminded_of(incident: Incident, responder: User) -> None:
    change_postmortem_status(incident, status="not_required", reason="A test", actor=responder, now=NOW)
    remind_of_postmortems(now=NOW + 60 * DAY)
    assert titles() == []


def test_a_holiday_moves_the_day_and_another_one_that_again(incident: Incident, settings: Settings) -> None:
    due = incident.postmortem_due
    assert due
    settings.HOLIDAYS = frozenset({due})
    moved = incident.postmortem_due
    assert moved == add_working_days(due, 1)
    settings.HOLIDAYS = frozenset({due, moved})
    assert incident.postmortem_due == add_working_days(due, 2)
    settings.HOLIDAYS = frozenset({NOW.date()})
    # The day of the resolution does not count anyhow, and a Sunday is no working day.
    assert incident.postmortem_due == due
