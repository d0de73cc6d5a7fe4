"""PagerDuty's Events API v2: one alert a trouble, opened by `trigger` and closed by `resolve`."""

import json
from datetime import UTC
from typing import Any

from django.conf import settings
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from lib.outgoing import Answer
from notifications.channels.message import Message, shortened
from notifications.channels.posting import check_taken, post, secret_of
from notifications.models import Channel, Level

LONGEST_SUMMARY = 1024
LONGEST_TEXT = 10_000
LONGEST_REASON = 200


def send(channel: Channel, message: Message) -> None:
    """PagerDuty has taken the event. Raises DeliveryError."""
    routing_key = secret_of(channel)
    answer = post(settings.PAGERDUTY_URL, payload(message, routing_key))
    check_taken(answer, "PagerDuty", _reason(answer, routing_key))


def payload(message: Message, routing_key: str) -> dict[str, object]:
    """The event; a resolve needs no more than the key of the trouble it ends."""
    event: dict[str, object] = {"routing_key": routing_key, "dedup_key": dedup_key(message.dedup_key)}
    if message.level == Level.RECOVERED:
        return event | {"event_action": "resolve"}
    return event | {
        "event_action": "trigger",
        "payload": {
            "summary": shortened(message.headline, LONGEST_SUMMARY),
            "source": message.source,
            "severity": "critical" if message.level == Level.CRITICAL else "warning",
            "timestamp": message.happened_at.astimezone(UTC).isoformat(),
            "custom_details": {"text": shortened(message.text, LONGEST_TEXT)},
        },
        "links": [{"href": message.link, "text": _("Open in Debrief")}],
        "client": "Debrief",
        "client_url": message.link,
    }


def dedup_key(key: str) -> str:
    """The trouble's key with this installation's mark before it.

    The mark follows from the installation's secret key: unlike its address it stays the same while a trouble lasts, and
    two installations that were left at the address they come with do not share it.
    """
    mark = salted_hmac("notifications.channels.pagerduty", "installation", algorithm="sha256").hexdigest()[:12]
    return f"debrief-{mark}:{key}"


def _reason(answer: Answer, routing_key: str) -> str:
    """PagerDuty's own words: the errors it lists, else its message."""
    try:
        said: Any = json.loads(answer.text)
    except ValueError:
        return ""
    if not isinstance(said, dict):
        return ""
    errors = said.get("errors")
    words = "; ".join(map(str, errors)) if isinstance(errors, list) else ""
    words = " ".join((words or str(said.get("message", ""))).split())
    return shortened(words.replace(routing_key, "…"), LONGEST_REASON).rstrip(".")
