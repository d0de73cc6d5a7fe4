"""How a message reaches each kind of channel: one small module a kind, all with the same `send`."""

from collections.abc import Callable

from notifications.channels import email, pagerduty, slack
from notifications.channels.message import Message
from notifications.models import Channel

_SENDERS: dict[str, Callable[[Channel, Message], None]] = {
    Channel.Kind.EMAIL: email.send,
    Channel.Kind.SLACK: slack.send,
    Channel.Kind.PAGERDUTY: pagerduty.send,
}


def send(channel: Channel, message: Message) -> None:
    """The channel's other side has taken the message. Raises DeliveryError."""
    _SENDERS[channel.kind](channel, message)
