"""What tests of the outbox have in common."""

from datetime import datetime, timedelta
from typing import Any

from notifications.models import Delivery, Level, Notification
from notifications.services.delivery import deliver_notification, sweep_deliveries
from notifications.services.outbox import notify
from tests.factories import NOW
from tests.recovery.messages import drain

A_SECOND = timedelta(seconds=1)


def tell(level: Level = Level.CRITICAL, now: datetime = NOW, **facts: Any) -> Notification:
    facts = {"title": "app cannot be restored", "text": "It is empty.", "dedup_key": "app", "path": "/"} | facts
    return notify(topic="restore_test", level=level, now=now, **facts)


def work(now: datetime = NOW + A_SECOND) -> None:
    """A worker that hears of everything that is due, oldest first, until nothing is."""
    while due := Delivery.objects.due(now).order_by("pk").first():
        deliver_notification(due.pk, now=now)


def told() -> list[int]:
    """The deliveries that workers were told of since this was last asked."""
    return [arguments[0] for task, arguments in drain("default") if task == "notifications.tasks.deliver"]


def sweep(now: datetime) -> None:
    sweep_deliveries(now=now)


def states() -> list[tuple[str, str, str]]:
    """Level, channel and state of every delivery, oldest first."""
    rows = Delivery.objects.select_related("notification").order_by("pk")
    return [(row.notification.level, row.channel_name, row.state) for row in rows]
