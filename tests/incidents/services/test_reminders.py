from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from accounts.models import User
from incidents.deadlines import add_working_days
from incidents.models import Incident, IncidentGrant, Postmortem, SeverityLevel
from incidents.services.drafts import start_postmortem
from incidents.services.postmortem_status import change_postmortem_status
from incidents.services.reminders import remind_of_postmortems
from notifications.models import Delivery, Notification
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
    for day in (due - 2 * DAY, due - DAY, due - DAY, due, due, add_working_days(due, 1), add_working_days(due, 2)):
        remind_of_postmortems(now=at(day))
    assert titles() == [
        f"The post-mortem of {incident.reference} is due tomorrow",
        f"The post-mortem of {incident.reference} is due today",
        f"The post-mortem of {incident.reference} was due on {due}",
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


def test_author_and_facilitator_are_both_told_also_during_the_review(incident: Incident, viewer: User) -> None:
    viewer.email = "viewer@example.org"
    viewer.save()
    Postmortem.objects.update(facilitator=viewer, status="in_review")
    due = incident.postmortem_due
    assert due
    remind_of_postmortems(now=at(due))
    told = Delivery.objects.order_by("recipient").values_list("recipient", flat=True)
    assert list(told) == ["responder@example.org", "viewer@example.org"]


def test_a_day_that_moved_is_told_anew(incident: Incident, settings: Settings) -> None:
    due = incident.postmortem_due
    assert due
    remind_of_postmortems(now=at(add_working_days(due, 1)))
    settings.HOLIDAYS = frozenset({due})
    moved = incident.postmortem_due
    assert moved
    remind_of_postmortems(now=at(add_working_days(moved, 1)))
    assert [title.rpartition(" ")[2] for title in titles()] == [f"{due}", f"{moved}"]


def test_the_day_is_the_one_where_the_incident_was_handled(incident: Incident) -> None:
    Incident.objects.update(time_zone="Asia/Bangkok")
    due = Incident.objects.get().postmortem_due
    assert due
    # Late in the evening here, two days before; there it is the day before.
    evening = datetime.combine(due - 2 * DAY, time(20), tzinfo=UTC)
    remind_of_postmortems(now=evening)
    assert titles() == [f"The post-mortem of {incident.reference} is due tomorrow"]


def test_a_holiday_on_a_weekend_moves_nothing(incident: Incident, settings: Settings) -> None:
    due = incident.postmortem_due
    assert due
    days = [NOW.date() + n * DAY for n in range((due - NOW.date()).days + 1)]
    settings.HOLIDAYS = frozenset(day for day in days if day.isoweekday() > 5)
    assert settings.HOLIDAYS
    assert incident.postmortem_due == due


def test_what_was_told_is_asked_for_at_once_however_much_is_overdue(incident: Incident, responder: User) -> None:
    def count() -> int:
        with CaptureQueriesContext(connection) as asked:
            remind_of_postmortems(now=working_day)
        return len(asked)

    due = incident.postmortem_due
    assert due
    working_day = at(add_working_days(due, 3, frozenset()))
    count()
    few, told = count(), len(titles())
    for _number in range(5):
        made = make_incident(responder, severity=SeverityLevel.objects.get(level=1))
        Incident.objects.filter(pk=made.pk).update(status="resolved", resolved_at=NOW, acknowledged_at=NOW)
        start_postmortem(made, actor=responder)
    count()
    assert len(titles()) == told + 5
    assert count() == few


def test_without_a_mail_server_nobody_is_looked_for(incident: Incident, settings: Settings) -> None:
    settings.EMAIL_HOST = ""
    with CaptureQueriesContext(connection) as asked:
        remind_of_postmortems(now=NOW + 60 * DAY)
    assert len(asked) <= 1
