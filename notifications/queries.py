"""What pages read about channels and what was said over them."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet, Subquery

from lib.stored_secrets import is_stored_here
from notifications.models import Channel, Delivery, Notification
from notifications.models.delivery import OPEN


@dataclass(frozen=True)
class ChannelCard:
    """A channel, its newest delivery if it had any, and how many messages wait for it."""

    channel: Channel
    last: Delivery | None
    waiting: int

    @property
    def is_secret_pasted(self) -> bool:
        """True where the secret was pasted here; where it lies then is nobody's concern."""
        return is_stored_here(self.channel.secret)

    @property
    def is_trying(self) -> bool:
        """True while the result of a test is not there yet."""
        return self.last is not None and self.last.is_open and self.last.notification.is_test


def list_cards(channels: QuerySet[Channel] | None = None) -> Sequence[ChannelCard]:
    """Each of the channels (None: all) by name, in two queries."""
    newest = Delivery.objects.filter(channel=OuterRef("pk")).order_by("-pk").values("pk")[:1]
    rows = (Channel.objects.all() if channels is None else channels).annotate(
        last_pk=Subquery(newest), waiting=Count("deliveries", filter=Q(deliveries__state__in=OPEN))
    )
    known = list(rows)
    last = Delivery.objects.select_related("notification").in_bulk([row.last_pk for row in known if row.last_pk])
    return [ChannelCard(row, last.get(row.last_pk), row.waiting) for row in known]


def get_card(channel: Channel) -> ChannelCard:
    """The card of one channel."""
    return list_cards(Channel.objects.filter(pk=channel.pk))[0]


def list_notifications() -> QuerySet[Notification]:
    """All of them with their deliveries, newest first; `is_superseded` where there is newer word of the same thing."""
    deliveries = Delivery.objects.select_related("channel").order_by("channel_name", "pk")
    newer = Notification.objects.filter(dedup_key=OuterRef("dedup_key"), pk__gt=OuterRef("pk")).exclude(dedup_key="")
    notifications = Notification.objects.annotate(is_superseded=Exists(newer)).order_by("-pk")
    return notifications.prefetch_related(Prefetch("deliveries", queryset=deliveries))
