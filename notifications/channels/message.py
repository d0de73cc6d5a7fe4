"""What a message says, the same over every channel."""

from dataclasses import dataclass
from datetime import datetime
from typing import Self
from urllib.parse import urljoin, urlsplit

from django.conf import settings
from django.utils import timezone

from notifications.models import Level, Notification


@dataclass(frozen=True)
class Message:
    """A notification as it leaves the house: with the address of this installation in its link."""

    level: Level
    dedup_key: str
    title: str
    text: str
    link: str
    source: str
    happened_at: datetime

    @classmethod
    def of(cls, notification: Notification) -> Self:
        """The message that this notification is."""
        return cls(
            level=Level(notification.level),
            dedup_key=notification.dedup_key,
            title=" ".join(notification.title.split()),
            text=notification.text.strip(),
            link=urljoin(settings.BASE_URL, notification.path),
            source=urlsplit(settings.BASE_URL).netloc or settings.BASE_URL,
            happened_at=notification.created_at,
        )

    @property
    def headline(self) -> str:
        """The level in a word, and the title: nothing is said by colour or sign alone."""
        return f"{self.level.label}: {self.title}"

    @property
    def moment(self) -> str:
        """When it happened, in the installation's timezone, which is named."""
        local = timezone.localtime(self.happened_at, timezone.get_default_timezone())
        return f"{local.day} {local:%b %Y, %H:%M:%S %Z}"


def shortened(text: str, length: int) -> str:
    """The text, cut with an ellipsis where it is longer."""
    return text if len(text) <= length else f"{text[: length - 1]}…"
