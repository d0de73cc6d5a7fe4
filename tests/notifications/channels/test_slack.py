import pytest

from notifications.channels import send
from notifications.channels.message import Message
from notifications.errors import DeliveryError
from notifications.models import Channel
from tests.factories import make_notification
from tests.servers import WebService


def message(**facts: object) -> Message:
    return Message.of(make_notification(**facts))  # type: ignore[arg-type]


def test_what_happened_when_and_where_to_read_on(slack: Channel, service: WebService) -> None:
    send(slack, message(title="app cannot be restored", text="The replica is empty.", path="/recovery/tests/7/"))
    assert service.requests[0][0] == "/services/T0/B0/hidden"
    assert service.bodies[0]["text"].splitlines() == [
        "*Critical: app cannot be restored*",
        "The replica is empty.",
        "22 Nov 2026, 12:00:00 UTC · <http://localhost:8000/recovery/tests/7/|Open in Debrief>",
    ]


def test_nothing_in_a_text_calls_anybody(slack: Channel, service: WebService) -> None:
    send(slack, message(title="<!channel> a & b", text="<@U1> &lt; <http://evil.example|here>", path="/x/?a=1&b=|>"))
    headline, text, foot = service.bodies[0]["text"].splitlines()
    assert headline == "*Critical: &lt;!channel&gt; a &amp; b*"
    assert text == "&lt;@U1&gt; &amp;lt; &lt;http://evil.example|here&gt;"
    assert foot.endswith("<http://localhost:8000/x/?a=1&amp;b=%7C&gt;|Open in Debrief>")


def test_a_long_text_is_cut(slack: Channel, service: WebService) -> None:
    send(slack, message(text="x" * 100_000))
    assert len(service.bodies[0]["text"]) < 4000


@pytest.mark.parametrize(
    ("status", "body", "is_final", "sentence"),
    [
        (400, "invalid_payload", True, "Slack refused the message: status 400 (invalid_payload). Check the channel."),
        (403, "http://x/hidden", True, "Slack refused the message: status 403. Check the channel."),
        (404, "no_service", True, "Slack refused the message: status 404 (no_service). Check the channel."),
        (302, "", True, "Slack answered with status 302, a redirect, which is not followed."),
        (429, "rate_limited", False, "Slack did not take the message now: status 429 (rate_limited)."),
        (408, "", False, "Slack did not take the message now: status 408."),
        (503, "<html>hidden</html>", False, "Slack did not take the message now: status 503."),
    ],
)
def test_what_slack_says_decides(
    slack: Channel, service: WebService, status: int, body: str, is_final: bool, sentence: str
) -> None:
    service.says(status, body, Retry_After="12")
    with pytest.raises(DeliveryError) as caught:
        send(slack, message())
    assert (caught.value.sentence, caught.value.is_final) == (sentence, is_final)
    assert caught.value.retry_after == (None if is_final else 12)


@pytest.mark.parametrize(
    ("hook", "is_final", "words"),
    [
        ("http://127.0.0.1:9/hidden", False, "The connection failed"),
        ("http://hidden@127.0.0.1/", True, "no user name"),
        ("xoxb-hidden", True, "must begin with https"),
        ("", False, "SLACK_HOOK is not set"),
    ],
)
def test_a_webhook_that_does_not_work_is_not_repeated(
    slack: Channel, monkeypatch: pytest.MonkeyPatch, hook: str, is_final: bool, words: str
) -> None:
    monkeypatch.setenv("SLACK_HOOK", hook)
    with pytest.raises(DeliveryError, match=words) as caught:
        send(slack, message())
    assert caught.value.is_final is is_final
    assert "hidden" not in caught.value.sentence


def test_a_private_webhook_is_refused_unless_that_is_allowed(
    slack: Channel, service: WebService, settings: object
) -> None:
    settings.OUTGOING_PRIVATE = False  # type: ignore[attr-defined]
    with pytest.raises(DeliveryError, match="DEBRIEF_OUTGOING_PRIVATE") as caught:
        send(slack, message())
    assert caught.value.is_final
    assert service.requests == []
