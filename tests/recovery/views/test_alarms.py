"""The page of alarms."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from recovery.models import Alarm
from tests.factories import NOW, make_database, make_replica

pytestmark = pytest.mark.django_db
ADDRESS = "/recovery/alarms/"


def make_alarm(name: str, kind: str = "failed", *, is_over: bool = False) -> Alarm:
    replica = make_replica(make_database(name))
    return Alarm.objects.create(
        kind=kind,
        database=replica.database,
        replica=replica if kind in ("failed", "lagging") else None,
        subject=f"about {name}",
        reason=f"{name} is in trouble.",
        opened_at=NOW - timedelta(hours=1),
        closed_at=NOW if is_over else None,
    )


def test_what_is_wrong_and_what_was(as_viewer: Client) -> None:
    make_alarm("shop")
    make_alarm("blog", is_over=True)
    page = as_viewer.get(ADDRESS).content.decode()
    wrong, over = page.split('<h2 id="ended-title">')
    assert "shop is in trouble." in wrong
    assert "blog is in trouble." in over
    assert "22 Nov 2026, 11:00" in wrong
    assert "22 Nov 2026, 12:00" in over


@pytest.mark.parametrize(
    ("kind", "advice"),
    [
        ("failed", "The next passed test ends this."),
        ("lapsed", "A passed test of the latest state ends this."),
        ("lagging", "See whether the replication still runs"),
        ("disk", "Free space or enlarge the disk"),
    ],
)
def test_each_says_what_to_do(as_viewer: Client, kind: str, advice: str) -> None:
    make_alarm("shop", kind)
    assert advice in as_viewer.get(ADDRESS).content.decode()


def test_nothing_is_wrong(as_viewer: Client) -> None:
    assert "Nothing: every alarm is over." in as_viewer.get(ADDRESS).content.decode()


def test_it_is_only_read_and_only_by_those_who_are_signed_in(as_viewer: Client, client: Client) -> None:
    assert reverse("recovery:alarm_list") == ADDRESS
    assert as_viewer.post(ADDRESS).status_code == 405
    assert client.get(ADDRESS).status_code == 302


def test_more_alarms_take_no_more_queries(as_viewer: Client) -> None:
    counts = []
    for number in range(4):
        make_alarm(f"shop-{number}")
        make_alarm(f"blog-{number}", is_over=True)
        with CaptureQueriesContext(connection) as captured:
            as_viewer.get(ADDRESS)
        counts.append(len(captured))
    assert counts[0] == counts[-1] < 10
