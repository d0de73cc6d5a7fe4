"""The methods, compared."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from tests.factories import make_database, make_replica, make_restore_test

ADDRESS = reverse("recovery:method_list")


def page(client: Client, address: str = ADDRESS) -> str:
    return " ".join(client.get(address).content.decode().split())


@pytest.mark.django_db
def test_claims_stand_there_before_anything_was_measured(as_viewer: Client) -> None:
    shown = page(as_viewer)
    for words in (
        "Litestream",
        "SQLite backup files",
        "File copy",
        "PostgreSQL streaming",
        "~10 seconds",
        "~30 seconds",
    ):
        assert words in shown, words
    assert shown.count("Nothing yet: no restore test by this method has passed.") == 4


def test_each_figure_leads_to_the_tests_behind_it(as_viewer: Client) -> None:
    replica = make_replica()
    tests = [make_restore_test(replica, rto_seconds=seconds) for seconds in (6.8, 7.2, 8.5)]
    other = make_restore_test(replica, status="failed")
    shown = page(as_viewer)
    assert "6.8 s to 8.5 s, n = 3" in shown
    link = re.search(r'<a class="measured" href="([^"]+)">7.2 s</a>', shown)
    assert link
    behind = page(as_viewer, link[1].replace("&amp;", "&"))
    assert [test.get_absolute_url() in behind for test in (*tests, other)] == [True, True, True, False]


def test_reported_results_stand_apart(as_viewer: Client) -> None:
    make_restore_test(make_replica(), origin="reported")
    shown = page(as_viewer)
    assert "reported by agents" in shown
    assert shown.count("measured here") == 3


def test_demonstration_data_is_left_out_unless_asked_for(as_viewer: Client) -> None:
    make_restore_test(make_replica(make_database(is_demonstration=True)), rto_seconds=7.77)
    shown = page(as_viewer)
    assert "7.8 s" not in shown
    assert 'href="?demonstration=yes"' in shown
    shown = page(as_viewer, f"{ADDRESS}?demonstration=yes")
    assert "7.8 s" in shown
    assert "The measured figures include demonstration data" in shown


def test_nobody_reads_without_signing_in_and_nothing_is_sent(client: Client, as_viewer: Client) -> None:
    assert client.get(ADDRESS).status_code == 302
    assert as_viewer.post(ADDRESS).status_code == 405
