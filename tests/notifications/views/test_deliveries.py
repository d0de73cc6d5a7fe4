from django.test import Client
from django.urls import reverse

from notifications.models import Delivery
from tests.factories import make_channel, make_delivery, make_notification

LIST = "/notifications/"


def again(delivery: Delivery) -> str:
    return reverse("notifications:attempt_create", args=[delivery.pk])


def test_the_log_says_what_became_of_each_channel(as_administrator: Client) -> None:
    notification = make_notification("app cannot be restored", text="The replica is empty.", path="/recovery/")
    make_delivery(make_channel("a"), "sent", notification=notification)
    make_delivery(make_channel("b"), "given_up", notification=notification, error="Slack refused the message.")
    make_delivery(make_channel("c"), notification=notification, attempts=3, error="Nobody answered.")
    page = as_administrator.get(LIST).content.decode()
    assert '<a href="/recovery/">app cannot be restored</a>' in page
    assert "The replica is empty." in page
    for words in ("Sent", "Given up", "Slack refused the message.", "Waiting", "Nobody answered.", "Tried 3 times"):
        assert words in page
    assert page.count("Try again") == 1


def test_older_notifications_are_on_further_pages(as_administrator: Client) -> None:
    for number in range(30):
        make_notification(f"number {number}.")
    first, second = (as_administrator.get(f"{LIST}?page={page}").content.decode() for page in (1, 2))
    assert "number 29." in first
    assert "number 4." not in first
    assert "number 4." in second


def test_what_was_given_up_is_tried_again(as_administrator: Client) -> None:
    delivery = make_delivery(state="given_up")
    assert again(delivery) in as_administrator.get(LIST).content.decode()
    response = as_administrator.post(again(delivery), follow=True)
    assert response.redirect_chain == [(LIST, 302)]
    assert "It is on its way again." in response.content.decode()
    delivery.refresh_from_db()
    assert delivery.state == "queued"
    make_delivery(make_channel("other"), "given_up", notification=make_notification("older", dedup_key="x"))
    make_notification("newer", dedup_key="x", level="recovered")
    assert "Try again" not in as_administrator.get(LIST).content.decode()
    assert "This was not given up" in as_administrator.post(again(delivery), follow=True).content.decode()


def test_nothing_is_offered_for_a_channel_that_is_off_or_gone(as_administrator: Client) -> None:
    channel = make_channel(is_enabled=False)
    make_delivery(channel, "given_up")
    assert "Try again" not in as_administrator.get(LIST).content.decode()
    channel.delete()
    assert "Try again" not in as_administrator.get(LIST).content.decode()


def test_only_administrators(as_viewer: Client, as_responder: Client, client: Client) -> None:
    delivery = make_delivery(state="given_up")
    assert as_viewer.post(again(delivery)).status_code == as_responder.post(again(delivery)).status_code == 403
    assert client.post(again(delivery)).status_code == 302
    delivery.refresh_from_db()
    assert delivery.state == "given_up"


def test_what_is_not_there_is_404_and_wrong_methods_405(as_administrator: Client) -> None:
    assert as_administrator.post(reverse("notifications:attempt_create", args=[999])).status_code == 404
    assert as_administrator.get(again(make_delivery())).status_code == 405
