"""Owing people the news: rows written with the change they are about."""

from collections.abc import Collection
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet

from accounts.models import User
from lib.queue import send_after_commit
from notifications.models import Channel, Delivery, Level, Notification

TASK = "notifications.tasks.deliver"
PROBLEMS = (Level.CRITICAL, Level.WARNING)


@transaction.atomic
def notify(  # noqa: PLR0913  # each of them is a column
    *, topic: str, level: Level, dedup_key: str, title: str, text: str, path: str, now: datetime
) -> Notification:
    """A notification, and a delivery for each channel that wants it, in the caller's transaction: both or neither.

    After the commit a worker is told of each delivery; one that is not heard of is found by the sweep.
    CRITICAL and WARNING go to every channel that is on, NEWS to those that want it, RECOVERED to those that were told
    of the trouble with the same `dedup_key` since it last ended (none, where nobody was).
    `path` is where to read on within this site, beginning with a slash. `title` is cut at 300 characters.
    """
    notification = Notification.objects.create(
        topic=topic,
        level=level,
        dedup_key=dedup_key,
        title=title[:300],
        text=text,
        path=path,
        created_at=now,
    )
    for channel in _receivers(notification):
        queue_delivery(notification, channel, now=now)
    return notification


@transaction.atomic
def notify_person(  # noqa: PLR0913  # each of them is a column
    person: User, *, topic: str, title: str, text: str, path: str, now: datetime, dedup_key: str = ""
) -> Notification | None:
    """A notification that goes to this person alone, by e-mail, as surely as any other: in the caller's transaction.

    None, and nothing is queued, where no mail server is set, the account has no address or may not sign in, or the same
    `dedup_key` was sent before.
    """
    if not can_be_mailed(person):
        return None
    if dedup_key and Notification.objects.filter(dedup_key=dedup_key).exists():
        return None
    notification = Notification.objects.create(
        topic=topic, level=Level.NEWS, dedup_key=dedup_key, title=title[:300], text=text, path=path, created_at=now
    )
    delivery = Delivery.objects.create(
        notification=notification,
        channel_name=str(person)[:80],
        recipient=person.email,
        queued_at=now,
        next_attempt_at=now,
    )
    send_after_commit(TASK, delivery.pk)
    return notification


def can_be_mailed(person: User) -> bool:
    """True where a mail server is set, and the account has an address and may sign in."""
    return bool(settings.EMAIL_HOST and person.email and person.is_active)


def list_sent(keys: Collection[str]) -> set[str]:
    """Those of these `dedup_key`s that something was sent with before, in one query."""
    return {*Notification.objects.filter(dedup_key__in=keys).values_list("dedup_key", flat=True)}


def queue_delivery(notification: Notification, channel: Channel, *, now: datetime) -> Delivery:
    """A delivery that waits, and a worker that hears of it after the commit."""
    delivery = Delivery.objects.create(
        notification=notification, channel=channel, channel_name=channel.name, queued_at=now, next_attempt_at=now
    )
    send_after_commit(TASK, delivery.pk)
    return delivery


def _receivers(notification: Notification) -> QuerySet[Channel]:
    channels = Channel.objects.filter(is_enabled=True)
    if notification.level == Level.NEWS:
        return channels.filter(wants_news=True)
    if notification.level == Level.RECOVERED:
        return channels.filter(pk__in=_told_of_the_trouble(notification))
    return channels


def _told_of_the_trouble(end: Notification) -> QuerySet[Delivery, int | None]:
    """The channels with a delivery of it, sent or not: one that waits will be sent before the end is."""
    same = Notification.objects.filter(dedup_key=end.dedup_key, pk__lt=end.pk)
    ended = same.filter(level=Level.RECOVERED).order_by("-pk").values_list("pk", flat=True).first()
    trouble = same.filter(level__in=PROBLEMS, pk__gt=ended or 0)
    return Delivery.objects.filter(notification__in=trouble, channel__isnull=False).values_list("channel", flat=True)
