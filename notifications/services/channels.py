"""Setting channels up, changing and trying them."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import partial

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import User
from lib.secret_references import check_reference
from lib.stored_secrets import forget_secret, store_secret
from notifications.errors import NotificationError
from notifications.models import Channel, Delivery, Level, Notification
from notifications.models.delivery import OPEN
from notifications.services.outbox import queue_delivery


def add_channel(  # noqa: PLR0913  # each of them is a field of the form
    *,
    kind: str,
    name: str,
    now: datetime,
    address: str = "",
    secret: str = "",
    pasted_secret: str = "",
    wants_news: bool = False,
) -> Channel:
    """A channel that is on. A pasted secret lies in a file of its own; the row refers to it."""
    with _reference_to(secret, pasted_secret) as reference, transaction.atomic():
        _check_name(name, None)
        return Channel.objects.create(
            kind=kind,
            name=name,
            address=address,
            secret=reference,
            wants_news=wants_news,
            created_at=now,
            updated_at=now,
        )


def change_channel(  # noqa: PLR0913  # each of them is a field of the form
    channel: Channel,
    *,
    name: str,
    is_enabled: bool,
    now: datetime,
    address: str = "",
    secret: str = "",
    pasted_secret: str = "",
    wants_news: bool = False,
) -> Channel:
    """The channel as given; without a new secret it keeps the one it has.

    Where it is off now, what waited for it is given up.
    """
    with _reference_to(secret, pasted_secret) as reference, transaction.atomic():
        channel = Channel.objects.select_for_update().get(pk=channel.pk)
        _check_name(name, channel)
        known = channel.secret
        channel.name, channel.is_enabled, channel.wants_news = name, is_enabled, wants_news
        channel.address, channel.secret, channel.updated_at = address, reference or known, now
        channel.save()
        if not is_enabled:
            _give_up(channel, _("The channel was switched off before this was sent."))
        if channel.secret != known:
            transaction.on_commit(partial(_forget_unused, known))
    return channel


@transaction.atomic
def delete_channel(channel: Channel) -> None:
    """The channel and the secret that was pasted for it are gone; the log keeps what was said over it."""
    channel = Channel.objects.select_for_update().get(pk=channel.pk)
    # What is being sent too: its worker finds nothing to write its result to.
    _give_up(channel, _("The channel was deleted before this was sent."), states=OPEN)
    channel.delete()
    transaction.on_commit(partial(_forget_unused, channel.secret))


@transaction.atomic
def send_test(channel: Channel, *, actor: User, now: datetime) -> Delivery:
    """A message on its way to this channel alone, tried once; on PagerDuty it opens an alert and closes it again."""
    channel = Channel.objects.select_for_update().get(pk=channel.pk)
    if not channel.is_enabled:
        raise NotificationError(_("This channel is off. Switch it on, then send a test."))
    key = f"test-{secrets.token_hex(8)}"
    if channel.kind == Channel.Kind.PAGERDUTY:
        queue_delivery(_test(Level.WARNING, key, actor, now), channel, now=now)
        return queue_delivery(_test(Level.RECOVERED, key, actor, now), channel, now=now)
    return queue_delivery(_test(Level.NEWS, key, actor, now), channel, now=now)


def _test(level: Level, key: str, actor: User, now: datetime) -> Notification:
    return Notification.objects.create(
        topic="test",
        level=level,
        dedup_key=key,
        title=_("A test of Debrief’s notifications"),
        text=_("%(name)s sent this to see whether it arrives. Nothing needs to be done.") % {"name": actor},
        path=reverse("notifications:channel_list"),
        is_test=True,
        created_at=now,
    )


def _check_name(name: str, known: Channel | None) -> None:
    namesakes = Channel.objects.filter(name__iexact=name)
    if (namesakes.exclude(pk=known.pk) if known else namesakes).exists():
        raise NotificationError(_("There is already a channel with this name; choose another."), field="name")


@contextmanager
def _reference_to(secret: str, pasted_secret: str) -> Iterator[str]:
    """The reference to keep in the row; the file written for what was pasted is removed where no row comes of it."""
    if secret:
        check_reference(secret)
    reference = store_secret(pasted_secret) if pasted_secret else secret
    try:
        yield reference
    except BaseException:
        if pasted_secret:
            forget_secret(reference)
        raise


def _forget_unused(reference: str) -> None:
    # Somebody may have typed the reference into another channel.
    if not Channel.objects.filter(secret=reference).exists():
        forget_secret(reference)


def _give_up(channel: Channel, reason: str, *, states: tuple[str, ...] = (Delivery.State.QUEUED,)) -> None:
    open_ones = Delivery.objects.filter(channel=channel, state__in=states)
    open_ones.update(state=Delivery.State.GIVEN_UP, claimed_at=None, error=reason)
