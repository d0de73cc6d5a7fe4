"""Posting to a service, and its answer as one of three: taken, to be tried again, or final."""

from typing import Any

from django.utils.translation import gettext as _

from lib.errors import DomainError
from lib.outgoing import Answer, OutgoingFailed, OutgoingRefused, post_json
from lib.secret_references import read_secret
from notifications.errors import DeliveryError
from notifications.models import Channel

# Besides 5xx: too slow, too early, too much at once.
TEMPORARY = (408, 425, 429)


def secret_of(channel: Channel) -> str:
    """The channel's secret without the blanks around it; one that cannot be read now may be there later."""
    try:
        return read_secret(channel.secret).strip()
    except DomainError as error:
        raise DeliveryError(str(error), is_final=False) from None


def post(url: str, payload: Any) -> Answer:
    """The answer of the other side, whatever it says; raises DeliveryError where there is none."""
    try:
        return post_json(url, payload)
    except OutgoingRefused as error:
        raise DeliveryError(str(error), is_final=True) from None
    except OutgoingFailed as error:
        raise DeliveryError(str(error), is_final=False) from None


def check_taken(answer: Answer, service: str, reason: str) -> None:
    """Return for a status 2xx. `reason` is what the service says in words that hold no secret, or nothing."""
    if 200 <= answer.status < 300:
        return
    names = {"service": service, "status": answer.status, "reason": f" ({reason})" if reason else ""}
    if answer.status in TEMPORARY or answer.status >= 500:
        sentence = _("%(service)s did not take the message now: status %(status)d%(reason)s.") % names
        raise DeliveryError(sentence, is_final=False, retry_after=answer.retry_after)
    if 300 <= answer.status < 400:
        sentence = _("%(service)s answered with status %(status)d, a redirect, which is not followed.") % names
    else:
        sentence = _("%(service)s refused the message: status %(status)d%(reason)s. Check the channel.") % names
    raise DeliveryError(sentence, is_final=True)
