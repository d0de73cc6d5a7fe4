import email.policy
import socket

import pytest
from pytest_django import Settings

from notifications.channels import send
from notifications.channels.message import Message
from notifications.errors import DeliveryError
from notifications.models import Channel
from tests.factories import make_notification
from tests.servers import MailServer


def message(**facts: object) -> Message:
    return Message.of(make_notification(**facts))  # type: ignore[arg-type]


def test_every_recipient_gets_a_mail_of_their_own(email: Channel, mail: MailServer, settings: Settings) -> None:
    settings.DEFAULT_FROM_EMAIL = "Debrief <debrief@example.org>"
    send(email, message(title="app ไม่กลับมา\r\nBcc: eve@example.org", text="It is empty.", path="/recovery/tests/7/"))
    assert [recipient for recipient, _text in mail.mails] == ["ann@example.org", "bob@example.org"]
    read = parse(mail.mails[0][1])
    assert read["Subject"] == "[Debrief] Critical: app ไม่กลับมา Bcc: eve@example.org"
    assert (read["To"], read["From"]) == ("ann@example.org", "Debrief <debrief@example.org>")
    assert (read["Bcc"], read["Auto-Submitted"]) == (None, "auto-generated")
    body = read.get_content()
    assert "It is empty." in body
    assert "22 Nov 2026, 12:00:00 UTC" in body
    assert "http://localhost:8000/recovery/tests/7/" in body


def parse(text: str) -> email.message.EmailMessage:
    # The older policy of Django folds a long subject before its first word.
    return email.message_from_string(text.replace("Subject: \n", "Subject:"), policy=email.policy.default)  # type: ignore[return-value]


@pytest.mark.parametrize(
    ("refusals", "is_final", "words", "sent"),
    [
        ({"mail from": "451 try later"}, False, "451 try later", 0),
        ({"mail from": "550 who are you"}, True, "550 who are you", 0),
        ({"rcpt to": "450 greylisted"}, False, "450 greylisted", 0),
        ({"rcpt to": "550 no such user"}, True, "550 no such user", 0),
        ({"data": "554 no"}, True, "554 no", 0),
        ({"rcpt to:<ann": "550 no", "rcpt to:<bob": "450 later"}, False, "450 later", 0),
        ({"rcpt to:<ann": "550 no such user"}, True, "1 of 2 recipients. ann@example.org: .*550 no such user", 1),
        ({"rcpt to:<bob": "450 later"}, True, "1 of 2 recipients. bob@example.org", 1),
        ({"mail from": "421 closing"}, False, "421 closing", 0),
    ],
)
def test_what_the_mail_server_says_decides(
    email: Channel, mail: MailServer, refusals: dict[str, str], is_final: bool, words: str, sent: int
) -> None:
    mail.refusals = refusals
    with pytest.raises(DeliveryError, match=words) as caught:
        send(email, message())
    assert caught.value.is_final is is_final
    assert len(mail.mails) == sent


def test_a_slow_mail_server_is_left_before_the_worker_is_stopped(
    email: Channel, mail: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    moments = iter([0.0, 39.0, 40.0])
    monkeypatch.setattr("notifications.channels.email.monotonic", lambda: next(moments))
    with pytest.raises(DeliveryError, match=r"1 of 2 recipients\. bob@example\.org: .*too slow") as caught:
        send(email, message())
    # Tried again, the first would get it a second time.
    assert caught.value.is_final
    assert [recipient for recipient, _text in mail.mails] == ["ann@example.org"]


def test_a_mail_server_that_is_not_there(email: Channel, settings: Settings) -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        settings.EMAIL_PORT = closed.getsockname()[1]
    with pytest.raises(DeliveryError, match="Connection refused") as caught:
        send(email, message())
    assert not caught.value.is_final


def test_without_a_mail_server_the_setting_is_named(email: Channel, settings: Settings) -> None:
    settings.EMAIL_HOST = ""
    with pytest.raises(DeliveryError, match="Set DEBRIEF_SMTP_HOST") as caught:
        send(email, message())
    assert not caught.value.is_final
