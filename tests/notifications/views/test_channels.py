import logging
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django import DjangoCaptureOnCommitCallbacks, Settings

from accounts.models import User
from notifications.models import Channel, Delivery
from tests.factories import make_channel, make_delivery, make_notification
from tests.lib.hostile import danger_in_page
from tests.notifications.outbox import work
from tests.servers import WebService

ATTACK = "<script>alert(1)</script><img src=x onerror=alert(2)>"
HOOK = "https://hooks.slack.example/services/T0/B0/hush"
LIST = "/notifications/"
WAYS = ["channel_edit", "channel_test", "channel_delete"]


def new(kind: str = "slack") -> str:
    return reverse("notifications:channel_create", args=[kind])


def at(name: str, channel: Channel) -> str:
    return reverse(f"notifications:{name}", args=[channel.pk])


def page(client: Client, address: str = LIST) -> str:
    return client.get(address).content.decode()


def test_nothing_is_set_up_yet(as_administrator: Client) -> None:
    text = page(as_administrator)
    assert "No channel is set up yet" in text
    assert "Nothing has been told yet." in text
    assert all(new(kind) in text for kind in ("email", "slack", "pagerduty"))


def test_a_slack_channel_is_added_by_pasting(as_administrator: Client, secrets_folder: Path) -> None:
    assert "checked" in page(as_administrator, new())
    response = as_administrator.post(new(), {"name": "sre", "pasted_secret": f" {HOOK} ", "wants_news": "on"})
    assert response.url == LIST
    channel = Channel.objects.get()
    assert (channel.kind, channel.name, channel.wants_news, channel.is_enabled) == ("slack", "sre", True, True)
    assert [path.read_text() for path in secrets_folder.iterdir()] == [HOOK]
    for text in (page(as_administrator), page(as_administrator, at("channel_edit", channel))):
        assert "hush" not in text
        assert str(secrets_folder) not in text
    assert "kept in a file of Debrief’s own" in page(as_administrator)


def test_a_pagerduty_channel_is_added_by_reference(as_administrator: Client) -> None:
    assert "wants_news" not in page(as_administrator, new("pagerduty"))
    sent = {"name": "on call", "secret": "env:PAGER_KEY", "wants_news": "on"}
    assert as_administrator.post(new("pagerduty"), sent).url == LIST
    channel = Channel.objects.get()
    assert (channel.kind, channel.secret, channel.wants_news) == ("pagerduty", "env:PAGER_KEY", False)
    assert "<code>env:PAGER_KEY</code>" in page(as_administrator)


def test_a_secret_that_cannot_be_read_now_is_warned_of(
    as_administrator: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("PAGER_KEY", raising=False)
    sent = {"name": "on call", "secret": "env:PAGER_KEY"}
    warning = "The secret “on call” cannot be read. The environment variable PAGER_KEY is not set."
    assert warning in as_administrator.post(new("pagerduty"), sent, follow=True).content.decode()
    edit = at("channel_edit", Channel.objects.get())
    changed = sent | {"is_enabled": "on"}
    assert warning in as_administrator.post(edit, changed, follow=True).content.decode()
    monkeypatch.setenv("PAGER_KEY", "key")
    assert "cannot be read" not in as_administrator.post(edit, changed, follow=True).content.decode()


def test_a_webhook_without_encryption_is_taken_only_where_private_addresses_are(
    as_administrator: Client, secrets_folder: Path, settings: Settings
) -> None:
    sent = {"name": "sre", "pasted_secret": "http://127.0.0.1:9/hook"}
    settings.OUTGOING_PRIVATE = False
    answer = as_administrator.post(new(), sent)
    assert (answer.status_code, "begins with https://" in answer.content.decode()) == (422, True)
    settings.OUTGOING_PRIVATE = True
    assert as_administrator.post(new(), sent).status_code == 302


def test_an_e_mail_channel_is_added_with_its_recipients(as_administrator: Client) -> None:
    assert "checked" not in page(as_administrator, new("email"))
    as_administrator.post(
        new("email"), {"name": "owners", "address": "ann@example.org;bob@example.org\tann@example.org"}
    )
    channel = Channel.objects.get()
    assert (channel.address, channel.secret, channel.wants_news) == ("ann@example.org, bob@example.org", "", False)
    assert channel.recipients == ["ann@example.org", "bob@example.org"]


@pytest.mark.parametrize(
    ("kind", "wrong", "sentence"),
    [
        ("slack", {"name": ""}, "This field is required."),
        ("slack", {"name": "KNOWN"}, "There is already a channel with this name; choose another."),
        ("slack", {"pasted_secret": ""}, "Paste the secret, or say below where it is."),
        ("slack", {"secret": "env:SLACK_HOOK"}, "Paste the secret or say where it is, not both."),
        ("slack", {"pasted_secret": "hush"}, "begins with https://"),
        ("slack", {"pasted_secret": "", "secret": HOOK}, "Write where the secret is"),
        ("slack", {"pasted_secret": "", "secret": "file:/etc/passwd"}, "outside the folders"),
        ("pagerduty", {"pasted_secret": "", "secret": "env:DEBRIEF_SECRET_KEY"}, "own setting"),
        ("email", {"address": ""}, "This field is required."),
        ("email", {"address": " , "}, "Give between one and fifty addresses."),
        ("email", {"address": "ann@example.org, nobody"}, "“nobody” is not an e-mail address."),
        ("email", {"address": ", ".join(f"a{n}@example.org" for n in range(51))}, "Give between one and fifty"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(
    as_administrator: Client, secrets_folder: Path, kind: str, wrong: dict[str, str], sentence: str
) -> None:
    make_channel("known")
    typed = {"name": "sre", "address": "ann@example.org", "pasted_secret": HOOK, "secret": ""} | wrong
    response = as_administrator.post(new(kind), typed)
    text = response.content.decode()
    assert response.status_code == 422
    assert sentence in text
    assert f'value="{typed["name"]}"' in text or not typed["name"]
    assert kind != "email" or not typed["address"].strip(" ,") or f'value="{typed["address"]}"' in text
    assert not typed["secret"].startswith(("env:", "file:")) or f'value="{typed["secret"]}"' in text
    assert "hush" not in text
    assert Channel.objects.count() == 1
    assert not secrets_folder.exists() or list(secrets_folder.iterdir()) == []


def test_a_stale_page_shows_what_was_typed_but_no_secret(as_administrator: Client) -> None:
    client = Client(enforce_csrf_checks=True)
    client.cookies = as_administrator.cookies
    typed = {"name": "typed", "pasted_secret": HOOK, "secret": "xoxb-hush-too"}
    text = client.post(new(), typed).content.decode()
    assert "Nothing was saved" in text
    assert "typed" in text
    assert "hooks.slack" not in text
    assert "xoxb" not in text


def test_a_channel_is_changed_and_switched_off(as_administrator: Client) -> None:
    channel = make_channel("sre", "slack")
    assert 'value="sre"' in page(as_administrator, at("channel_edit", channel))
    assert as_administrator.post(at("channel_edit", channel), {"name": "all"}).url == LIST
    channel.refresh_from_db()
    assert (channel.name, channel.is_enabled, channel.wants_news) == ("all", False, False)
    assert channel.secret == "env:CHANNEL_SECRET"
    text = page(as_administrator)
    assert "Send a test" not in text
    assert ">Off<" in text


def test_a_change_that_is_wrong_changes_nothing(as_administrator: Client) -> None:
    make_channel("known")
    channel = make_channel("owners", "email")
    response = as_administrator.post(at("channel_edit", channel), {"name": "known", "address": "typed@example.org"})
    assert response.status_code == 422
    assert "already a channel" in response.content.decode()
    assert 'value="typed@example.org"' in response.content.decode()
    assert Channel.objects.get(pk=channel.pk).name == "owners"


def test_a_channel_is_deleted_after_a_question(as_administrator: Client) -> None:
    channel = make_delivery(state="sent").channel
    assert channel is not None
    assert "Delete sre?" in page(as_administrator, at("channel_delete", channel))
    assert Channel.objects.count() == 1
    assert as_administrator.post(at("channel_delete", channel)).url == LIST
    assert Channel.objects.count() == 0
    text = page(as_administrator)
    assert "A restore test failed" in text
    assert "sre" in text


def test_a_test_by_a_plain_browser(as_administrator: Client, slack: Channel, service: WebService) -> None:
    response = as_administrator.post(at("channel_test", slack), follow=True)
    assert response.redirect_chain == [(LIST, 302)]
    assert "The test is on its way." in response.content.decode()
    work(Delivery.objects.get().queued_at)
    assert len(service.requests) == 1
    assert 'data-state="sent"' in page(as_administrator)


@pytest.mark.parametrize(("status", "words"), [(200, 'data-state="sent"'), (404, "Slack refused the message")])
def test_a_test_shows_its_result_by_itself(
    as_administrator: Client, slack: Channel, service: WebService, htmx: dict[str, str], status: int, words: str
) -> None:
    service.says(status)
    here = at("channel_test", slack)
    card = as_administrator.post(here, headers=htmx)
    assert card.templates[0].name == "notifications/channel/_card.html"
    assert f'hx-get="{here}" hx-trigger="every 1s"' in card.content.decode()
    assert as_administrator.get(here, headers=htmx).status_code == 204
    work(Delivery.objects.get().queued_at)
    result = as_administrator.get(here, headers=htmx).content.decode()
    assert words in result
    assert "every 1s" not in result
    assert as_administrator.get(here).url == LIST


def test_why_no_test_was_sent(as_administrator: Client, htmx: dict[str, str]) -> None:
    here = at("channel_test", make_channel(is_enabled=False))
    assert "Switch it on, then send a test." in as_administrator.post(here, headers=htmx).content.decode()
    assert "Switch it on, then send a test." in as_administrator.post(here, follow=True).content.decode()
    assert Delivery.objects.count() == 0


def test_the_secret_is_nowhere(
    as_administrator: Client,
    slack: Channel,
    pagerduty: Channel,
    service: WebService,
    caplog: pytest.LogCaptureFixture,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    caplog.set_level(logging.DEBUG)
    service.says(400, '{"errors": ["hidden-routing-key"]} /services/T0/B0/hidden')
    for channel in (slack, pagerduty):
        with django_capture_on_commit_callbacks(execute=True):
            as_administrator.post(at("channel_test", channel))
    work(Delivery.objects.latest("queued_at").queued_at)
    assert len(service.requests) == 3
    rows = [*Delivery.objects.values(), *Channel.objects.values()]
    for text in (page(as_administrator), caplog.text, str(rows)):
        assert "B0/hidden" not in text
        assert "hidden-routing-key" not in text


def test_texts_that_attack_stay_text(as_administrator: Client) -> None:
    channel = make_channel(ATTACK[:80])
    make_delivery(channel, "given_up", notification=make_notification(ATTACK, text=ATTACK), error=ATTACK)
    for address in (LIST, *(at(name, channel) for name in ("channel_edit", "channel_delete"))):
        text = page(as_administrator, address)
        assert danger_in_page(text) == []
        assert "&lt;script&gt;" in text


@pytest.mark.parametrize("others", [1, 6])
@pytest.mark.parametrize("is_htmx", [False, True])
def test_the_page_takes_the_same_queries_for_many_rows(
    as_administrator: Client, htmx: dict[str, str], others: int, is_htmx: bool
) -> None:
    channels = [make_channel(f"c{n}", "slack") for n in range(others)]
    for number in range(others):
        notification = make_notification(dedup_key=f"app-{number}")
        for channel in channels:
            make_delivery(channel, "given_up", notification=notification)
    address = at("channel_test", channels[0]) if is_htmx else LIST
    with CaptureQueriesContext(connection) as captured:
        assert as_administrator.get(address, headers=htmx if is_htmx else {}).status_code == 200
    assert len(captured) == (5 if is_htmx else 7)


def test_only_administrators(as_viewer: Client, as_responder: Client, client: Client, administrator: User) -> None:
    channel = make_channel()
    addresses = [LIST, new(), *(at(name, channel) for name in WAYS)]
    for person in (as_viewer, as_responder):
        assert "/notifications/" not in page(person, "/")
        assert [person.get(address).status_code for address in addresses] == [403] * 5
        assert [person.post(address).status_code for address in addresses] == [405, *[403] * 4]
    for address in addresses[1:]:
        assert client.get(address).url.startswith(reverse("account_login"))
        assert client.post(address, {"name": "x"}).status_code == 401
    assert Channel.objects.count() == 1
    assert Delivery.objects.count() == 0


def test_what_is_not_there_is_404(as_administrator: Client) -> None:
    for name in WAYS:
        address = reverse(f"notifications:{name}", args=[999])
        assert as_administrator.get(address).status_code == as_administrator.post(address).status_code == 404
    assert as_administrator.get(new("telegram")).status_code == 404


def test_wrong_methods_are_405(as_administrator: Client) -> None:
    channel = make_channel()
    assert as_administrator.post(LIST).status_code == 405
    for address in (new(), *(at(name, channel) for name in WAYS)):
        assert as_administrator.put(address).status_code == 405
