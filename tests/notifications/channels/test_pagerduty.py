import pytest
from pytest_django import Settings

from notifications.channels import send
from notifications.channels.message import Message
from notifications.errors import DeliveryError
from notifications.models import Channel, Level
from tests.factories import make_notification
from tests.servers import WebService


def message(**facts: object) -> Message:
    return Message.of(make_notification(**facts))  # type: ignore[arg-type]


@pytest.mark.parametrize(("level", "severity"), [(Level.CRITICAL, "critical"), (Level.WARNING, "warning")])
def test_trouble_triggers(pagerduty: Channel, service: WebService, level: Level, severity: str) -> None:
    send(pagerduty, message(level=level, title="app is behind", text="By an hour.", path="/recovery/app/"))
    path, _headers, body = service.requests[0]
    assert path == "/v2/enqueue"
    assert body["routing_key"] == "hidden-routing-key"
    assert body["event_action"] == "trigger"
    assert body["payload"] == {
        "summary": f"{level.label}: app is behind",
        "source": "localhost:8000",
        "severity": severity,
        "timestamp": "2026-11-22T12:00:00+00:00",
        "custom_details": {"text": "By an hour."},
    }
    assert body["links"] == [{"href": "http://localhost:8000/recovery/app/", "text": "Open in Debrief"}]


def test_the_end_resolves_by_the_same_key(pagerduty: Channel, service: WebService) -> None:
    send(pagerduty, message())
    send(pagerduty, message(level=Level.RECOVERED))
    begun, ended = service.bodies
    assert ended == {
        "routing_key": "hidden-routing-key",
        "dedup_key": begun["dedup_key"],
        "event_action": "resolve",
    }


def test_two_installations_never_share_a_key(pagerduty: Channel, service: WebService, settings: Settings) -> None:
    known = settings.SECRET_KEY
    for key, address in ((known, "http://localhost:8000"), ("another", "http://localhost:8000"), (known, "http://new")):
        settings.SECRET_KEY, settings.BASE_URL = key, address
        send(pagerduty, message(dedup_key="k" * 200))
    here, elsewhere, moved = (body["dedup_key"] for body in service.bodies)
    assert here != elsewhere
    assert here == moved
    assert here.endswith(f":{'k' * 200}")
    assert len(here) <= 255
    assert known not in here


def test_a_long_summary_is_cut(pagerduty: Channel, service: WebService) -> None:
    send(pagerduty, message(title="x" * 300, text="y" * 100_000))
    assert len(service.bodies[0]["payload"]["summary"]) <= 1024
    assert len(service.bodies[0]["payload"]["custom_details"]["text"]) == 10_000


@pytest.mark.parametrize(
    ("status", "body", "is_final", "words"),
    [
        (
            400,
            '{"message": "Event object is invalid", "errors": ["No such key hidden-routing-key."]}',
            True,
            r"refused the message: status 400 \(No such key …\)",
        ),
        (400, '{"message": "Event object is invalid"}', True, r"\(Event object is invalid\)"),
        (400, "[1]", True, r"status 400\. "),
        (400, "<html>", True, r"status 400\. "),
        (429, "", False, r"now: status 429\."),
        (500, "", False, r"now: status 500\."),
    ],
)
def test_what_pagerduty_says_decides(
    pagerduty: Channel, service: WebService, status: int, body: str, is_final: bool, words: str
) -> None:
    service.says(status, body)
    with pytest.raises(DeliveryError, match=words) as caught:
        send(pagerduty, message())
    assert caught.value.is_final is is_final
    assert "hidden" not in caught.value.sentence
