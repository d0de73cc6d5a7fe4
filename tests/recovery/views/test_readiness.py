"""The overview: whether each database can be brought back, in words."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from recovery.models import Alarm, Database, DiskUsage
from recovery.services.schedules import give_default_schedule
from recovery.views.databases import PAGE_SIZE
from tests.factories import make_database, make_replica, make_restore_test

LIST = reverse("recovery:database_list")


def shown_as(name: str, status: str, *, days: float = 0, **facts: object) -> Database:
    at = timezone.now() - timedelta(days=days, minutes=12)
    replica = make_replica(make_database(name))
    make_restore_test(replica, status=status, requested_at=at, finished_at=at, restored_to=at, **facts)
    return replica.database


def page(client: Client, address: str = LIST) -> str:
    return " ".join(client.get(address).content.decode().split())


@pytest.mark.parametrize(
    ("status", "days", "words"),
    [
        ("passed", 0, ["Proven", "Proven restorable to", "12 min ago", "RT-"]),
        ("passed", 12, ["Lapsed", "Not proven for 12 days (objective 8)."]),
        ("failed", 0, ["Failing", "Last test failed: Rows are gone."]),
        ("timed_out", 0, ["Failing", "Last test timed out: Rows are gone."]),
        ("inconclusive", 0, ["Never proven", "No restore test of its latest state has passed yet."]),
    ],
)
def test_how_a_database_stands_is_said_in_words(as_viewer: Client, status: str, days: float, words: list[str]) -> None:
    checks = [{"name": "x", "passed": status == "passed", "message": "Rows are gone."}]
    shown_as("shop", status, days=days, checks=checks)
    shown = page(as_viewer)
    assert [word for word in words if word not in shown] == []
    detail = page(as_viewer, reverse("recovery:database", args=["shop"]))
    assert [word for word in words if word not in detail] == []


def test_a_single_day_is_one_day(as_viewer: Client) -> None:
    database = shown_as("shop", "passed", days=1.5)
    type(database).objects.update(proof_objective_days=1)
    assert "Not proven for 1 day (objective 1)." in page(as_viewer)


def test_figures_lead_to_the_test_that_measured_them(as_viewer: Client) -> None:
    database = shown_as(
        "shop", "passed", rto_seconds=9, rto_objective_seconds=5, rpo_seconds=None, rpo_reason="No clock."
    )
    test = database.replicas.get().restore_tests.get()
    shown = page(as_viewer)
    for words in ("missed, objective 5 s", "unknown", "No clock.", f'href="{test.get_absolute_url()}"'):
        assert words in shown, words


def test_without_a_proof_the_figures_are_unknown_and_say_why(as_viewer: Client) -> None:
    make_database("shop")
    shown = page(as_viewer)
    assert "no test proves it" in shown
    assert "No replica is registered, so nothing can be restored." in shown


def test_lag_disk_and_the_next_test_are_shown(as_viewer: Client) -> None:
    now = timezone.now()
    database = shown_as("shop", "passed")
    database.replicas.update(lag_seconds=75, checked_at=now)
    DiskUsage.objects.create(path=database.path, at=now, total_bytes=100, used_bytes=83)
    give_default_schedule(database, now=now)
    shown = page(as_viewer)
    for words in ("1 min 15 s", "83 %", "nearly full"):
        assert words in shown, words
    assert "none planned" not in shown


def test_what_is_wrong_comes_first_and_open_alarms_stand_on_top(as_viewer: Client) -> None:
    shown_as("a-fine", "passed")
    failing = shown_as("z-failing", "failed")
    Alarm.objects.create(
        kind="failed", database=failing, subject="x", reason="Rows are gone.", opened_at=timezone.now()
    )
    shown = page(as_viewer)
    assert shown.index("1 open alarm") < shown.index('<td class="main"> <a href="/recovery/databases/z-failing/">')
    assert shown.index('databases/z-failing/">z-failing</a> </td>') < shown.index('databases/a-fine/">a-fine</a>')
    assert "2 databases: 1 to look after, 1 proven" in shown


def test_the_sparkline_says_in_words_what_it_draws(as_viewer: Client) -> None:
    database = shown_as("shop", "passed", rto_seconds=8)
    make_restore_test(database.replicas.get(), status="failed", rto_seconds=None)
    assert "1 of the last 2 tests passed; RTO 8 s</title>" in page(as_viewer)


def test_demonstration_data_is_marked(as_viewer: Client) -> None:
    database = shown_as("shown", "passed")
    assert "demonstration" not in page(as_viewer)
    Database.objects.update(is_demonstration=True)
    test = database.replicas.get().restore_tests.get()
    for address in (LIST, database.get_absolute_url(), test.get_absolute_url(), reverse("recovery:restore_test_list")):
        assert '<span class="demonstration">demonstration</span>' in page(as_viewer, address), address


def test_nothing_can_be_started_on_demonstration_data(as_administrator: Client) -> None:
    database = shown_as("shown", "passed")
    Database.objects.update(is_demonstration=True)
    shown = page(as_administrator, database.get_absolute_url())
    assert "Run a restore test" not in shown
    assert "Add a replica" not in shown
    test = database.replicas.get().restore_tests.get()
    assert "Attach to an incident" not in page(as_administrator, test.get_absolute_url())


def test_hundreds_of_databases_are_shown_in_pages(as_viewer: Client) -> None:
    Database.objects.bulk_create(Database(name=f"db-{n:03}", path=f"/nowhere/{n}") for n in range(PAGE_SIZE + 1))
    assert page(as_viewer).count("Never tested") == PAGE_SIZE
    assert page(as_viewer, f"{LIST}?page=2").count("Never tested") == 1
    assert page(as_viewer, f"{LIST}?page=nonsense").count("Never tested") == PAGE_SIZE
