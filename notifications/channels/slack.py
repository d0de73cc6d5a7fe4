"""Slack, and whatever understands its incoming webhooks."""

import re

from django.utils.translation import gettext as _

from notifications.channels.message import Message, shortened
from notifications.channels.posting import check_taken, post, secret_of
from notifications.models import Channel

# Slack cuts messages at 40,000 characters and advises 4,000.
LONGEST_TEXT = 3000
# Slack names its reasons by one word such as invalid_payload. Anything else is not repeated: it may hold the address.
REASON = re.compile(r"[a-z_]{2,60}")


def send(channel: Channel, message: Message) -> None:
    """Slack has taken the message. Raises DeliveryError."""
    answer = post(secret_of(channel), payload(message))
    word = answer.text.strip()
    check_taken(answer, "Slack", word if REASON.fullmatch(word) else "")


def payload(message: Message) -> dict[str, object]:
    """What is posted: headline in bold, text, time and link."""
    link = f"<{escaped(message.link).replace('|', '%7C')}|{escaped(_('Open in Debrief'))}>"
    lines = [f"*{escaped(message.headline)}*", escaped(shortened(message.text, LONGEST_TEXT))]
    lines.append(f"{escaped(message.moment)} · {link}")
    return {"text": "\n".join(line for line in lines if line), "unfurl_links": False, "unfurl_media": False}


def escaped(text: str) -> str:
    """The text without the three characters that mean something to Slack, so that nothing in it calls @channel."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
