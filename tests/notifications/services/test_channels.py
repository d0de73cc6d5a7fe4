import stat
from pathlib import Path

import pytest
from pytest_django import DjangoCaptureOnCommitCallbacks, Settings

from accounts.models import User
from lib.errors import DomainError
from lib.secret_references import read_secret
from notifications.models import Channel, Delivery, Notification
from notifications.services.channels import add_channel, change_channel, delete_channel, send_test
from tests.factories import NOW, make_channel, make_delivery, make_notification
from tests.notifications.outbox import states, told, work
from tests.servers import WebService

pytestmark = pytest.mark.django_db
HOOK = "https://hooks.slack.example/services/T0/B0/hidden"


def add(**facts: object) -> Channel:
    return add_channel(**{"kind": "slack", "name": "sre", "pasted_secret": HOOK, "now": NOW} | facts)  # type: ignore[arg-type]


def stored(folder: Path) -> list[str]:
    return sorted(path.read_text() for path in folder.iterdir()) if folder.exists() else []


def test_a_pasted_secret_lies_in_a_file_for_debrief_alone(secrets_folder: Path) -> None:
    channel = add()
    path = Path(channel.secret.removeprefix("file:"))
    assert read_secret(channel.secret) == HOOK
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(secrets_folder.stat().st_mode) == 0o700
    assert not [value for row in Channel.objects.values() for value in row.values() if "hidden" in str(value)]


def test_a_reference_is_kept_as_it_is(secrets_folder: Path) -> None:
    assert add(pasted_secret="", secret="env:SLACK_HOOK").secret == "env:SLACK_HOOK"
    assert stored(secrets_folder) == []


@pytest.mark.parametrize("secret", ["env:DEBRIEF_SECRET_KEY", "file:/etc/passwd", HOOK])
def test_a_reference_to_what_is_no_secret_is_refused(secrets_folder: Path, secret: str) -> None:
    with pytest.raises(DomainError) as caught:
        add(pasted_secret="", secret=secret)
    assert "hidden" not in str(caught.value)
    assert Channel.objects.count() == 0


def test_a_name_is_there_once_and_no_secret_stays_behind(secrets_folder: Path) -> None:
    make_channel("SRE")
    with pytest.raises(DomainError, match="already a channel"):
        add()
    assert stored(secrets_folder) == []


def test_a_secret_that_cannot_be_written_or_read_back_is_refused(secrets_folder: Path, settings: Settings) -> None:
    secrets_folder.write_text("in the way")
    with pytest.raises(DomainError, match="could not be written"):
        add()
    settings.SECRET_ROOTS = []
    with pytest.raises(DomainError, match="DEBRIEF_SECRET_ROOTS"):
        add()
    assert Channel.objects.count() == 0


def change(channel: Channel, **facts: object) -> Channel:
    facts = {"name": channel.name, "is_enabled": True, "now": NOW} | facts
    return change_channel(channel, **facts)  # type: ignore[arg-type]


def test_a_secret_is_kept_or_replaced(
    secrets_folder: Path, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    channel = add()
    with django_capture_on_commit_callbacks(execute=True):
        channel = change(channel, name="all hands", wants_news=True)
    assert (channel.name, channel.wants_news, read_secret(channel.secret)) == ("all hands", True, HOOK)
    with django_capture_on_commit_callbacks(execute=True):
        channel = change(channel, pasted_secret="https://new")
        assert stored(secrets_folder) == [HOOK, "https://new"]
    assert read_secret(channel.secret) == "https://new"
    assert stored(secrets_folder) == ["https://new"]
    with django_capture_on_commit_callbacks(execute=True):
        assert change(channel, secret="env:SLACK_HOOK").secret == "env:SLACK_HOOK"
    assert stored(secrets_folder) == []


def test_a_secret_that_another_channel_uses_stays(
    secrets_folder: Path, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    channel = add()
    add(name="other", pasted_secret="", secret=channel.secret)
    with django_capture_on_commit_callbacks(execute=True):
        delete_channel(channel)
    assert stored(secrets_folder) == [HOOK]


def test_switching_off_ends_what_waits() -> None:
    channel = make_channel()
    waiting, sending = make_delivery(channel), make_delivery(channel, "sending")
    change(channel, is_enabled=False)
    waiting.refresh_from_db()
    sending.refresh_from_db()
    assert (waiting.state, waiting.error) == ("given_up", "The channel was switched off before this was sent.")
    assert sending.state == "sending"


def test_deleting_keeps_the_log_and_no_secret(
    secrets_folder: Path, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    channel = add()
    for state in ("queued", "sending", "sent"):
        make_delivery(channel, state, notification=make_notification())
    with django_capture_on_commit_callbacks(execute=True):
        delete_channel(channel)
        assert stored(secrets_folder) == [HOOK]
    assert stored(secrets_folder) == []
    assert states() == [("critical", "sre", state) for state in ("given_up", "given_up", "sent")]
    assert set(Delivery.objects.values_list("channel", flat=True)) == {None}


def test_a_test_goes_to_one_channel_only(slack: Channel, service: WebService, administrator: User) -> None:
    make_channel("other")
    send_test(slack, actor=administrator, now=NOW)
    work()
    assert states() == [("news", "sre", "sent")]
    assert "*News: A test of Debrief’s notifications*\nadministrator sent this" in service.bodies[0]["text"]


def test_a_test_of_pagerduty_is_opened_and_closed(pagerduty: Channel, service: WebService, administrator: User) -> None:
    for _ in range(2):
        send_test(pagerduty, actor=administrator, now=NOW)
        work()
    assert [body["event_action"] for body in service.bodies] == ["trigger", "resolve"] * 2
    assert len({body["dedup_key"] for body in service.bodies}) == 2


def test_a_test_is_tried_once(slack: Channel, service: WebService, administrator: User) -> None:
    service.says(503)
    row = send_test(slack, actor=administrator, now=NOW)
    work()
    row.refresh_from_db()
    assert (row.state, row.error) == ("given_up", "Slack did not take the message now: status 503.")


def test_a_channel_that_is_off_cannot_be_tested(administrator: User) -> None:
    told()
    with pytest.raises(DomainError, match="Switch it on"):
        send_test(make_channel(is_enabled=False), actor=administrator, now=NOW)
    assert (Notification.objects.count(), told()) == (0, [])
