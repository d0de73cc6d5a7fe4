"""Mail to one person: the same outbox, without a channel."""

import pytest
from pytest_django import DjangoCaptureOnCommitCallbacks, Settings

from accounts.models import User
from notifications.models import Delivery, Notification
from notifications.services.delivery import deliver_notification, retry_delivery, sweep_deliveries
from notifications.services.outbox import notify_person
from tests.factories import NOW, make_user
from tests.notifications.outbox import A_SECOND, told, work
from tests.servers import MailServer


@pytest.fixture
def person(db: None) -> User:
    return make_user("ann", email="ann@example.org")


def tell(person: User, **facts: str) -> Notification | None:
    facts = {"title": "You were asked", "text": "Read it.", "path": "/incidents/1/"} | facts
    return notify_person(person, topic="review", now=NOW, **facts)


def test_it_reaches_the_persons_address(person: User, mail: MailServer) -> None:
    notification = tell(person)
    assert notification
    delivery = notification.deliveries.get()
    deliver_notification(delivery.pk, now=NOW)
    delivery.refresh_from_db()
    assert (delivery.state, delivery.channel, delivery.channel_name) == ("sent", None, "ann")
    assert len(mail.mails) == 1
    assert "ann@example.org" in str(mail.mails[0])


@pytest.mark.parametrize("facts", [{"email": ""}, {"is_active": False}])
def test_who_has_no_address_or_left_is_not_mailed(person: User, settings: Settings, facts: dict[str, object]) -> None:
    settings.EMAIL_HOST = "mail.example.org"
    for name, value in facts.items():
        setattr(person, name, value)
    assert tell(person) is None
    assert not Notification.objects.exists()


def test_without_a_mail_server_nothing_waits_and_one_key_is_told_once(person: User, settings: Settings) -> None:
    assert tell(person, dedup_key="due-1") is None
    settings.EMAIL_HOST = "mail.example.org"
    assert tell(person, dedup_key="due-1")
    assert tell(person, dedup_key="due-1") is None
    assert Delivery.objects.count() == 1


def test_the_sweep_finds_each_of_several_and_given_up_ones_are_tried_again(
    person: User, mail: MailServer, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    rows = [made.deliveries.get().pk for made in (tell(person), tell(person), tell(person)) if made]
    with django_capture_on_commit_callbacks(execute=True):
        sweep_deliveries(now=NOW + A_SECOND)
    assert sorted(told()) == rows
    work()
    assert len(mail.mails) == 3
    lost = Delivery.objects.get(pk=rows[0])
    Delivery.objects.filter(pk=lost.pk).update(state="given_up", sent_at=None, error="The mail server said no.")
    assert retry_delivery(lost, now=NOW).state == "queued"
    work()
    assert len(mail.mails) == 4
