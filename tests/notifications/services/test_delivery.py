from datetime import timedelta

import pytest
from pytest_django import DjangoCaptureOnCommitCallbacks

from notifications import channels
from notifications.errors import NotificationError
from notifications.models import Channel, Delivery, Level
from notifications.services.delivery import deliver_notification, pause_before, retry_delivery
from tests.factories import NOW, make_delivery, make_notification
from tests.notifications.outbox import A_SECOND, states, sweep, tell, told, work
from tests.servers import MailServer, WebService

CLAIM = timedelta(minutes=3)


def test_one_change_reaches_every_channel(
    slack: Channel, pagerduty: Channel, email: Channel, service: WebService, mail: MailServer
) -> None:
    tell(title="app cannot be restored")
    work()
    assert {state for _level, _channel, state in states()} == {"sent"}
    assert sorted(path for path, _headers, _body in service.requests) == ["/services/T0/B0/hidden", "/v2/enqueue"]
    assert len(mail.mails) == 2
    row = Delivery.objects.get(channel=slack)
    assert (row.attempts, row.sent_at, row.claimed_at, row.error) == (1, NOW + A_SECOND, None, "")


def test_what_is_sent_is_not_sent_again(slack: Channel, service: WebService) -> None:
    pk = tell().deliveries.get().pk
    for _ in range(3):
        deliver_notification(pk, now=NOW)
    sweep(NOW + timedelta(days=2))
    assert len(service.requests) == 1


def test_a_row_that_is_gone_is_nobodys_trouble(slack: Channel, service: WebService) -> None:
    deliver_notification(12345, now=NOW)
    assert service.requests == []


def test_what_another_worker_sends_is_left_to_it(slack: Channel, service: WebService) -> None:
    row = make_delivery(slack, "sending")
    deliver_notification(row.pk, now=NOW)
    assert service.requests == []


def test_a_failure_waits_says_why_and_is_tried_again(slack: Channel, service: WebService) -> None:
    service.answers = [(503, {}, b""), (429, {"Retry-After": "300"}, b"rate_limited"), (200, {}, b"ok")]
    pk, now = tell().deliveries.get().pk, NOW
    deliver_notification(pk, now=now)
    row = Delivery.objects.get()
    assert (row.state, row.attempts, row.next_attempt_at) == ("queued", 1, now + timedelta(seconds=10))
    assert row.error == "Slack did not take the message now: status 503."
    deliver_notification(pk, now=now + timedelta(seconds=9))
    assert len(service.requests) == 1
    deliver_notification(pk, now=now + timedelta(seconds=10))
    row.refresh_from_db()
    assert row.next_attempt_at == now + timedelta(seconds=310)
    deliver_notification(pk, now=row.next_attempt_at)
    row.refresh_from_db()
    assert (row.state, row.attempts, row.error) == ("sent", 3, "")


def test_pauses_double_up_to_half_an_hour_and_heed_the_other_side() -> None:
    assert [pause_before(n, None).total_seconds() for n in (1, 2, 3, 8, 9, 10_000)] == [10, 20, 40, 1280, 1800, 1800]
    assert pause_before(1, 60).total_seconds() == 60
    assert pause_before(9, 60).total_seconds() == 1800
    assert pause_before(1, 1e12).total_seconds() == 3600


def test_after_a_day_it_is_given_up(slack: Channel, service: WebService) -> None:
    service.says(503)
    row = make_delivery(slack)
    now = NOW
    while row.state == "queued":
        deliver_notification(row.pk, now=now)
        row.refresh_from_db()
        now = row.next_attempt_at
    assert row.state == "given_up"
    assert row.error == "Slack did not take the message now: status 503."
    assert timedelta(hours=23) < now - NOW < timedelta(hours=25)
    assert 40 < row.attempts == len(service.requests) < 70


def test_a_refusal_is_final(slack: Channel, service: WebService) -> None:
    service.says(404, "no_service")
    tell()
    work()
    row = Delivery.objects.get()
    assert (row.state, row.attempts) == ("given_up", 1)
    assert "no_service" in row.error


def test_an_end_never_overtakes_its_beginning(
    pagerduty: Channel,
    slack: Channel,
    service: WebService,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    service.says(503)
    begun = tell().deliveries.get(channel=pagerduty)
    work()
    ended = tell(Level.RECOVERED).deliveries.get(channel=pagerduty)
    service.says(202)
    service.requests.clear()
    deliver_notification(ended.pk, now=NOW + A_SECOND)
    assert service.requests == []
    told()
    with django_capture_on_commit_callbacks(execute=True):
        deliver_notification(begun.pk, now=NOW + timedelta(minutes=1))
    assert told() == [ended.pk]
    deliver_notification(ended.pk, now=NOW + timedelta(minutes=1))
    assert [body["event_action"] for body in service.bodies] == ["trigger", "resolve"]


def test_a_channel_that_does_not_answer_keeps_no_other_waiting(
    pagerduty: Channel, slack: Channel, service: WebService
) -> None:
    held = make_delivery(pagerduty, "sending", notification=make_notification(dedup_key="other"))
    for key in ("app", ""):
        tell(dedup_key=key)
    work()
    by_channel = [(channel, state) for _level, channel, state in states()]
    assert [state for channel, state in by_channel if channel == slack.name] == ["sent", "sent"]
    assert [state for channel, state in by_channel if channel == pagerduty.name] == ["sending", "queued", "queued"]
    Delivery.objects.filter(pk=held.pk).update(state="sent", claimed_at=None, sent_at=NOW)
    work()
    assert {state for _level, _channel, state in states()} == {"sent"}


def test_a_channel_switched_off_meanwhile_gets_nothing(slack: Channel, service: WebService) -> None:
    tell()
    Channel.objects.update(is_enabled=False)
    work()
    row = Delivery.objects.get()
    assert (row.state, row.error) == ("given_up", "The channel was switched off before this was sent.")
    assert service.requests == []


def test_a_bug_is_raised_and_the_message_stays(slack: Channel, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(channels._SENDERS, "slack", lambda *_: 1 / 0)
    tell()
    with pytest.raises(ZeroDivisionError):
        work()
    row = Delivery.objects.get()
    assert (row.state, row.attempts) == ("queued", 1)
    assert "unexpected" in row.error


def test_the_sweep_tells_of_what_nobody_heard_of(
    slack: Channel, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    forgotten = make_delivery(slack, notification=make_notification(dedup_key="a"))
    behind = make_delivery(slack, notification=make_notification(dedup_key="a", level=Level.RECOVERED))
    make_delivery(slack, notification=make_notification(dedup_key="b"), next_attempt_at=NOW + timedelta(hours=1))
    told()
    with django_capture_on_commit_callbacks(execute=True):
        sweep(NOW)
    assert told() == [forgotten.pk]
    assert behind.state == "queued"


def test_the_claim_of_a_dead_worker_returns_to_the_queue(slack: Channel, service: WebService) -> None:
    row = make_delivery(slack, "sending", attempts=1)
    sweep(NOW + CLAIM)
    row.refresh_from_db()
    assert row.state == "sending"
    later = NOW + CLAIM + A_SECOND
    sweep(later)
    row.refresh_from_db()
    assert (row.state, row.claimed_at) == ("queued", None)
    assert "may have arrived" in row.error
    work(later)
    row.refresh_from_db()
    assert (row.state, row.attempts, row.error) == ("sent", 2, "")


def test_a_test_is_tried_once_though_its_worker_died(slack: Channel) -> None:
    row = make_delivery(slack, "sending", attempts=1, notification=make_notification(is_test=True))
    sweep(NOW + CLAIM + A_SECOND)
    row.refresh_from_db()
    assert (row.state, row.claimed_at) == ("given_up", None)
    assert "may have arrived" in row.error


def test_what_kills_its_worker_every_time_ends_after_a_day(slack: Channel) -> None:
    row = make_delivery(slack, "sending", attempts=99)
    sweep(NOW + timedelta(days=1, seconds=1))
    row.refresh_from_db()
    assert row.state == "given_up"
    assert "may have arrived" in row.error


def test_a_worker_that_was_believed_dead_changes_nothing(slack: Channel, monkeypatch: pytest.MonkeyPatch) -> None:
    """While it sends, its claim is taken away and somebody else holds a new one."""
    other = NOW + timedelta(minutes=5)
    row = make_delivery(slack)
    monkeypatch.setitem(channels._SENDERS, "slack", lambda *_: Delivery.objects.update(claimed_at=other))
    deliver_notification(row.pk, now=NOW)
    row.refresh_from_db()
    assert (row.state, row.claimed_at) == ("sending", other)


def test_what_was_given_up_is_tried_again(
    slack: Channel, service: WebService, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    row = make_delivery(slack, "given_up", attempts=60)
    later = NOW + timedelta(days=3)
    told()
    with django_capture_on_commit_callbacks(execute=True):
        retry_delivery(row, now=later)
    assert told() == [row.pk]
    service.says(503)
    work(later)
    row.refresh_from_db()
    assert (row.state, row.attempts, row.next_attempt_at) == ("queued", 1, later + timedelta(seconds=10))


@pytest.mark.parametrize("state", ["queued", "sending", "sent"])
def test_only_what_was_given_up(slack: Channel, state: str) -> None:
    with pytest.raises(NotificationError, match="not given up"):
        retry_delivery(make_delivery(slack, state), now=NOW)


def test_not_for_a_channel_that_is_off_or_gone(slack: Channel) -> None:
    row = make_delivery(slack, "given_up")
    Channel.objects.update(is_enabled=False)
    with pytest.raises(NotificationError, match="Switch it on"):
        retry_delivery(row, now=NOW)
    slack.delete()
    with pytest.raises(NotificationError, match="was deleted"):
        retry_delivery(row, now=NOW)


def test_trouble_that_is_over_does_not_begin_anew(pagerduty: Channel) -> None:
    row = make_delivery(pagerduty, "given_up", notification=make_notification(dedup_key="app"))
    tell(Level.RECOVERED)
    with pytest.raises(NotificationError, match="newer word"):
        retry_delivery(row, now=NOW)
