"""Sending what is owed, again and again if need be, until it is sent or given up."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, Q
from django.utils.translation import gettext as _

from lib.queue import send_after_commit
from notifications.channels import send
from notifications.channels.email import send_to
from notifications.channels.message import Message
from notifications.errors import DeliveryError, NotificationError
from notifications.models import Delivery, Notification
from notifications.services.outbox import TASK

State = Delivery.State
FIRST_PAUSE, LONGEST_PAUSE = timedelta(seconds=10), timedelta(minutes=30)
# What another side asks for is heeded up to this.
LONGEST_WAIT = timedelta(hours=1)
GIVEN_UP_AFTER = timedelta(days=1)
# Longer than a task may take (see notifications/tasks.py).
CLAIM_HOLDS = timedelta(minutes=3)


def deliver_notification(pk: int, *, now: datetime) -> None:
    """The delivery is sent, or says why not and when it is tried again; nothing happens where it is not due.

    A worker that dies between sending and writing that down leaves a claim that returns to the queue, so a message may
    arrive twice; it never gets lost. PagerDuty joins the two by their key.
    """
    if (
        not Delivery.objects.filter(pk=pk)
        .due(now)
        .update(state=State.SENDING, claimed_at=now, attempts=F("attempts") + 1)
    ):
        return
    delivery = Delivery.objects.select_related("channel", "notification").get(pk=pk)
    try:
        _send(delivery)
    except DeliveryError as error:
        _put_off(delivery, error, now)
    except BaseException:
        sentence = _("Something unexpected happened while it was being sent. The log says more.")
        _put_off(delivery, DeliveryError(sentence, is_final=False), now)
        raise
    else:
        _end_attempt(delivery, state=State.SENT, sent_at=now, error="")
    # Also where it was given up: what is wrong with this one may not be wrong with the next.
    _tell_of_next(delivery, now)


def sweep_deliveries(*, now: datetime) -> None:
    """Workers are told again of everything that is due; what a dead worker had claimed is queued again.

    Of what a dead worker had claimed, a test and what is a day old are given up.
    """
    abandoned = Delivery.objects.filter(state=State.SENDING, claimed_at__lt=now - CLAIM_HOLDS)
    is_over = Q(queued_at__lt=now - GIVEN_UP_AFTER) | Q(notification__is_test=True)
    stopped = _("The worker stopped while it was being sent. It may have arrived.")
    abandoned.filter(is_over).update(state=State.GIVEN_UP, claimed_at=None, error=stopped)
    abandoned.update(state=State.QUEUED, claimed_at=None, next_attempt_at=now, error=stopped)
    due = Delivery.objects.due(now).order_by("-next_attempt_at", "-pk").values_list("channel", "pk")
    # The one that has waited longest; when it is through, it tells of the next to its channel. Mail to people is no
    # channel: those wait for nobody.
    for pk in {channel or f"person-{pk}": pk for channel, pk in due}.values():
        send_after_commit(TASK, pk)


@transaction.atomic
def retry_delivery(delivery: Delivery, *, now: datetime) -> Delivery:
    """What was given up waits to be sent again, for another day at most."""
    delivery = (
        Delivery.objects.select_for_update(of=("self",)).select_related("notification", "channel").get(pk=delivery.pk)
    )
    if delivery.state != State.GIVEN_UP:
        raise NotificationError(_("This was not given up, so there is nothing to try again."))
    if not delivery.is_retriable:
        raise NotificationError(_("Its channel is off or was deleted. Switch it on first."))
    if _has_newer(delivery.notification):
        raise NotificationError(_("There is newer word of the same thing, which this would contradict."))
    delivery.state, delivery.attempts, delivery.queued_at, delivery.next_attempt_at = State.QUEUED, 0, now, now
    delivery.save(update_fields=["state", "attempts", "queued_at", "next_attempt_at"])
    send_after_commit(TASK, delivery.pk)
    return delivery


def pause_before(attempt: int, retry_after: float | None) -> timedelta:
    """How long to wait after so many attempts: 10 s, doubled each time up to 30 min; longer where that is asked for."""
    pause = min(FIRST_PAUSE * (1 << min(attempt - 1, 16)), LONGEST_PAUSE)
    asked = timedelta(seconds=min(retry_after or 0.0, LONGEST_WAIT.total_seconds()))
    return max(pause, asked)


def _send(delivery: Delivery) -> None:
    if delivery.recipient:
        send_to([delivery.recipient], Message.of(delivery.notification))
        return
    if delivery.channel is None or not delivery.channel.is_enabled:
        raise DeliveryError(_("The channel was switched off before this was sent."), is_final=True)
    send(delivery.channel, Message.of(delivery.notification))


def _put_off(delivery: Delivery, error: DeliveryError, now: datetime) -> None:
    """The error stands on the row; it is tried again later, or given up where that is useless or a day has passed."""
    again = now + pause_before(delivery.attempts, error.retry_after)
    is_over = error.is_final or delivery.notification.is_test or again > delivery.queued_at + GIVEN_UP_AFTER
    state = State.GIVEN_UP if is_over else State.QUEUED
    _end_attempt(delivery, state=state, next_attempt_at=again, error=error.sentence)


def _end_attempt(delivery: Delivery, **facts: object) -> None:
    """Only for whoever holds the claim: a worker that was believed dead changes nothing any more."""
    held = Delivery.objects.filter(pk=delivery.pk, state=State.SENDING, claimed_at=delivery.claimed_at)
    held.update(claimed_at=None, **facts)


def _tell_of_next(delivery: Delivery, now: datetime) -> None:
    """What waits for the same channel need not wait for the sweep, unless the channel did not answer just now."""
    if delivery.channel_id is None or Delivery.objects.filter(pk=delivery.pk, state=State.QUEUED).exists():
        return
    waiting = Delivery.objects.filter(channel=delivery.channel_id).due(now)
    if following := waiting.order_by("next_attempt_at", "pk").first():
        send_after_commit(TASK, following.pk)


def _has_newer(notification: Notification) -> bool:
    same = Notification.objects.filter(dedup_key=notification.dedup_key, pk__gt=notification.pk)
    return bool(notification.dedup_key) and same.exists()
