import pytest
from django.db import transaction
from pytest_django import DjangoCaptureOnCommitCallbacks

from notifications.models import Channel, Delivery, Level, Notification
from tests.factories import NOW, make_channel, make_delivery, make_notification
from tests.notifications.outbox import states, tell, told

pytestmark = pytest.mark.django_db


@pytest.fixture
def channels() -> list[Channel]:
    return [
        make_channel("mail", "email"),
        make_channel("pager", "pagerduty"),
        make_channel("slack", "slack"),
        make_channel("off", "slack", is_enabled=False),
    ]


def receivers(notification: Notification) -> set[str]:
    return set(notification.deliveries.values_list("channel_name", flat=True))


@pytest.mark.parametrize(
    ("level", "names"),
    [
        (Level.CRITICAL, {"mail", "pager", "slack"}),
        (Level.WARNING, {"mail", "pager", "slack"}),
        (Level.NEWS, {"slack"}),
        (Level.RECOVERED, set()),
    ],
)
def test_who_is_told_of_what(channels: list[Channel], level: Level, names: set[str]) -> None:
    assert receivers(tell(level)) == names


def test_the_row_holds_what_was_said(channels: list[Channel]) -> None:
    notification = tell(title="x" * 500)
    assert (notification.topic, notification.level, notification.dedup_key) == ("restore_test", "critical", "app")
    assert (notification.title, notification.text, notification.created_at) == ("x" * 300, "It is empty.", NOW)
    delivery = notification.deliveries.get(channel_name="slack")
    assert (delivery.state, delivery.queued_at, delivery.next_attempt_at, delivery.attempts) == ("queued", NOW, NOW, 0)


def test_workers_are_told_after_the_commit(
    channels: list[Channel], django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    told()
    with django_capture_on_commit_callbacks(execute=True):
        notification = tell()
        assert told() == []
    assert sorted(told()) == sorted(notification.deliveries.values_list("pk", flat=True))


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_a_change_that_is_taken_back_tells_nobody() -> None:
    make_channel()
    told()
    with transaction.atomic():
        tell()
        transaction.set_rollback(True)
    assert (Notification.objects.count(), Delivery.objects.count(), told()) == (0, 0, [])


def test_the_end_goes_to_those_who_were_told_of_the_beginning(channels: list[Channel]) -> None:
    tell()
    late = make_channel("late", "slack")
    Channel.objects.filter(name="mail").update(is_enabled=False)
    assert receivers(tell(Level.RECOVERED)) == {"pager", "slack"}
    assert late.deliveries.count() == 0


def test_the_end_is_told_once(channels: list[Channel]) -> None:
    tell()
    tell(Level.WARNING)
    assert receivers(tell(Level.RECOVERED)) == {"mail", "pager", "slack"}
    assert receivers(tell(Level.RECOVERED)) == set()
    tell()
    assert receivers(tell(Level.RECOVERED)) == {"mail", "pager", "slack"}


def test_the_end_of_something_else_goes_nowhere(channels: list[Channel]) -> None:
    tell()
    tell(Level.NEWS, dedup_key="other")
    assert receivers(tell(Level.RECOVERED, dedup_key="other")) == set()


@pytest.mark.parametrize("state", ["queued", "sending", "sent", "given_up"])
def test_the_end_is_owed_whatever_became_of_the_beginning(state: str) -> None:
    channel = make_channel("pager", "pagerduty")
    make_delivery(channel, state, notification=make_notification(dedup_key="app"))
    assert receivers(tell(Level.RECOVERED)) == {"pager"}


def test_without_channels_the_log_keeps_it() -> None:
    assert receivers(tell()) == set()
    assert states() == []
