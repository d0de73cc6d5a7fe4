"""A notification on its way over one channel."""

from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from notifications.models.channel import Channel
from notifications.models.notification import Notification

OPEN = ("queued", "sending")


class DeliveryQuerySet(models.QuerySet["Delivery"]):
    """Deliveries by what may be done with them."""

    def open(self) -> Self:
        """Those that are not over."""
        return self.filter(state__in=OPEN)

    def due(self, now: datetime) -> Self:
        """Those that may be sent now: their time has come, nothing earlier of their trouble waits before them, and
        nothing else is being sent to their channel.

        So the end of a trouble never overtakes its beginning on the same channel, and a channel that does not answer
        keeps one worker waiting at most.
        """
        earlier = Delivery.objects.open().filter(
            channel=OuterRef("channel"),
            notification__dedup_key=OuterRef("notification__dedup_key"),
            notification__lt=OuterRef("notification"),
        )
        sending = Delivery.objects.filter(channel=OuterRef("channel"), state=Delivery.State.SENDING)
        waiting = self.filter(~Exists(sending), state=Delivery.State.QUEUED, next_attempt_at__lte=now)
        return waiting.filter(Q(notification__dedup_key="") | ~Exists(earlier))


class Delivery(models.Model):
    """One message to one channel, or to one person: the row is the queue, the log, and where an error is kept."""

    class State(models.TextChoices):
        """How far it is. Queued with an error: it was tried, and will be tried again."""

        QUEUED = "queued", _("Waiting")
        SENDING = "sending", _("Being sent")
        SENT = "sent", _("Sent")
        GIVEN_UP = "given_up", _("Given up")

    notification = models.ForeignKey(Notification, models.CASCADE, related_name="deliveries")
    # None: the channel was deleted since. Its name stays for the log.
    channel = models.ForeignKey(Channel, models.SET_NULL, null=True, blank=True, related_name="deliveries")
    channel_name = models.CharField(max_length=80)
    # The e-mail address of the one person it is for; such a delivery has no channel.
    recipient = models.EmailField(blank=True)
    state = models.CharField(max_length=20, choices=State, default=State.QUEUED)
    attempts = models.PositiveIntegerField(default=0)
    # When it was queued, or asked for again: a day from here it is given up.
    queued_at = models.DateTimeField()
    next_attempt_at = models.DateTimeField()
    claimed_at = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    error = models.TextField(blank=True)

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        ordering = ["-notification", "channel_name"]
        constraints = [
            models.UniqueConstraint(name="delivery_is_once_per_channel", fields=["notification", "channel"]),
            models.CheckConstraint(
                name="delivery_state_is_known", condition=Q(state__in=("queued", "sending", "sent", "given_up"))
            ),
            models.CheckConstraint(
                name="delivery_sending_iff_claimed_at",
                condition=Q(state="sending", claimed_at__isnull=False)
                | (~Q(state="sending") & Q(claimed_at__isnull=True)),
            ),
            models.CheckConstraint(
                name="delivery_sent_iff_sent_at",
                condition=Q(state="sent", sent_at__isnull=False) | (~Q(state="sent") & Q(sent_at__isnull=True)),
            ),
            models.CheckConstraint(name="delivery_given_up_says_why", condition=~Q(state="given_up") | ~Q(error="")),
            models.CheckConstraint(
                name="delivery_open_has_a_channel",
                condition=~Q(state__in=OPEN) | Q(channel__isnull=False) | ~Q(recipient=""),
            ),
        ]
        indexes = [
            # The sweep asks for what is due, and for claims that nobody holds any more.
            models.Index(fields=["state", "next_attempt_at"], name="delivery_by_state"),
            # The last delivery of each channel.
            models.Index(F("channel"), F("id").desc(), name="delivery_by_channel"),
        ]

    def __str__(self) -> str:
        return f"{self.notification} → {self.channel_name}"

    @property
    def is_retriable(self) -> bool:
        """True where there is somebody to send it to."""
        return bool(self.recipient) or (self.channel is not None and self.channel.is_enabled)

    @property
    def is_open(self) -> bool:
        """True while it waits or is being sent."""
        return self.state in OPEN
