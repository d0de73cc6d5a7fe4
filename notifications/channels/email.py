"""E-mail over the SMTP server of the installation (DEBRIEF_SMTP_HOST and the settings beside it)."""

import smtplib
from time import monotonic

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.utils.translation import gettext as _

from notifications.channels.message import Message, shortened
from notifications.errors import DeliveryError
from notifications.models import Channel

LONGEST_SUBJECT = 200
LONGEST_REASON = 200
# Seconds after which no further recipient is begun. With the time that the last one may take, still within the task's
# limit (notifications/tasks.py): stopped by that one, everybody would get the message again.
ENOUGH_TIME = 40.0


def send(channel: Channel, message: Message) -> None:
    """The mail server has taken the message for every recipient of the channel. Raises DeliveryError."""
    send_to(channel.recipients, message)


def send_to(recipients: list[str], message: Message) -> None:
    """The mail server has taken the message for every one of these addresses. Raises DeliveryError.

    Each recipient gets a message of their own: one address that is refused holds up nobody else. Where only some of
    them were refused the error is final, because trying again would send to the others twice.
    """
    if not settings.EMAIL_HOST:
        sentence = _("No mail server is set. Set DEBRIEF_SMTP_HOST and start Debrief again.")
        raise DeliveryError(sentence, is_final=False)
    connection = get_connection()
    until = monotonic() + ENOUGH_TIME
    refused: dict[str, DeliveryError] = {}
    try:
        connection.open()
        for recipient in recipients:
            try:
                _check_time(until)
                compose(message, recipient, connection).send()
            except DeliveryError as error:
                refused[recipient] = error
            except (smtplib.SMTPException, OSError) as error:
                refused[recipient] = _explain(error)
    except (smtplib.SMTPException, OSError) as error:
        raise _explain(error) from None
    finally:
        connection.close()
    _check_all_taken(refused, len(recipients))


def compose(message: Message, recipient: str, connection: BaseEmailBackend) -> EmailMessage:
    """The mail: the level and the title as subject; text, time and link."""
    parts = [message.text, message.moment, message.link]
    return EmailMessage(
        subject=f"[Debrief] {shortened(message.headline, LONGEST_SUBJECT)}",
        body="\n\n".join(part for part in parts if part) + "\n",
        to=[recipient],
        connection=connection,
        # Keeps absence notes from being sent back.
        headers={"Auto-Submitted": "auto-generated"},
    )


def _check_time(until: float) -> None:
    if monotonic() >= until:
        raise DeliveryError(_("The mail server was too slow for this many recipients."), is_final=False)


def _check_all_taken(refused: dict[str, DeliveryError], count: int) -> None:
    if not refused:
        return
    if len(refused) == count:
        # To be tried again where that may help anybody.
        errors = list(refused.values())
        raise next((error for error in errors if not error.is_final), errors[0])
    sentences = " ".join(f"{recipient}: {error.sentence}" for recipient, error in refused.items())
    taken = _("The mail server took the message for %(taken)d of %(count)d recipients.") % {
        "taken": count - len(refused),
        "count": count,
    }
    raise DeliveryError(f"{taken} {sentences}", is_final=True)


def _explain(error: OSError) -> DeliveryError:
    """What the server said, where it said something: 5xx is its last word."""
    code = 0
    said: bytes | str = b""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        code, said = next(iter(error.recipients.values()))
    elif isinstance(error, smtplib.SMTPResponseException):
        code, said = error.smtp_code, error.smtp_error
    words = said.decode(errors="replace") if isinstance(said, bytes) else said
    reason = f"{code} {' '.join(words.split())}" if code else error.strerror or type(error).__name__
    sentence = _("The mail server did not take the message (%(reason)s).") % {
        "reason": shortened(reason, LONGEST_REASON)
    }
    return DeliveryError(sentence, is_final=code >= 500)
