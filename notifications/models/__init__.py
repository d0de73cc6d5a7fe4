"""Channels, and what was said over them."""

from notifications.models.channel import Channel
from notifications.models.delivery import Delivery
from notifications.models.notification import Level, Notification

__all__ = ["Channel", "Delivery", "Level", "Notification"]
