"""Asking for a restore test, watching it, reading its result."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django.fixtures import DjangoCaptureOnCommitCallbacks

from accounts.models import User
from recovery.models import Replica, RestoreTest
from recovery.services.restore_tests import TASK
from tests.factories import NOW, make_database, make_incident, make_replica, make_restore_test
from tests.recovery.messages import drain


@pytest.fixture
def replica(db: None) -> Replica:
    return make_replica()


def address_of(replica: Replica) -> str:
    return reverse("recovery:restore_test_create", args=[replica.database.name, replica.name])


def test_a_responder_runs_a_test_and_a_worker_hears_of_it(
    as_responder: Client,
    responder: User,
    replica: Replica,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        response = as_responder.post(address_of(replica), {"at": ""})
    test = RestoreTest.objects.get()
    assert response.url == test.get_absolute_url()
    assert (test.status, test.requested_by, test.target_at) == ("pending", responder, None)
    assert drain("restores") == [(TASK, [test.number])]


def test_a_moment_is_read_in_the_readers_timezone(as_responder: Client, responder: User, replica: Replica) -> None:
    responder.time_zone = "Asia/Bangkok"
    responder.save()
    as_responder.post(address_of(replica), {"at": "2026-03-10T21:03:05"})
    assert RestoreTest.objects.get().target_at == NOW.replace(month=3, day=10, hour=14, minute=3, second=5)


@pytest.mark.parametrize(
    ("at", "words"),
    [
        ("yesterday", "Enter a valid date/time"),
        ("2999-01-01T00:00:00", "lies in the future"),
        ("1969-12-31T00:00:00", "No backup is that old"),
        ("0001-01-01T00:00:00", "Check the year"),
        ("<script>alert(1)</script>", "Enter a valid date/time"),
    ],
)
def test_a_moment_that_cannot_be_restored_to_comes_back(
    as_responder: Client, responder: User, replica: Replica, htmx: dict[str, str], at: str, words: str
) -> None:
    responder.time_zone = "Asia/Bangkok"
    responder.save()
    make_replica(replica.database, name="other")
    for headers in ({}, htmx):
        response = as_responder.post(address_of(replica), {"at": at}, headers=headers)
        page = response.content.decode()
        assert response.status_code == 422
        assert page.count(words) == 1
        assert at.replace("<", "&lt;").replace(">", "&gt;") in page
        assert "<script>alert" not in page
    assert not RestoreTest.objects.exists()


def test_a_second_test_at_once_is_refused_with_a_sentence(as_responder: Client) -> None:
    running = make_restore_test(status="running", heartbeat_at=NOW + timedelta(days=3650))
    response = as_responder.post(address_of(running.replica))
    assert response.status_code == 422
    assert f"{running.reference} of this replica has not finished yet" in response.content.decode()


def test_a_waiting_test_is_followed(as_viewer: Client, htmx: dict[str, str]) -> None:
    address = make_restore_test(status="pending").get_absolute_url()
    page, fragment = as_viewer.get(address).content.decode(), as_viewer.get(address, headers=htmx).content.decode()
    assert "<html" in page
    assert "<html" not in fragment
    for text in (page, fragment):
        assert "Waiting for a worker" in text
        assert f'hx-get="{address}"' in text


def test_a_running_test_shows_its_phase_and_bytes(as_viewer: Client, htmx: dict[str, str]) -> None:
    test = make_restore_test(
        status="running", phase="restore", bytes_done=50_000_000, bytes_expected=100_000_000, heartbeat_at=NOW
    )
    for headers in ({}, htmx):
        page = as_viewer.get(test.get_absolute_url(), headers=headers).content.decode()
        assert "50.0 MB of 100.0 MB restored" in page
        assert '<progress max="100000000" value="50000000"' in page
        assert '<li aria-current="step">Restore</li>' in page
        assert "hx-trigger" in page


def test_a_finished_test_shows_everything_and_is_followed_no_more(as_viewer: Client, htmx: dict[str, str]) -> None:
    before = make_restore_test(tables={"users": 149_000, "gone": 7})
    test = make_restore_test(
        before.replica, log_tail="level=INFO msg=done", rto_objective_seconds=5, rpo_reason="Read so.", exit_code=0
    )
    wanted = ["Passed", "8.5 s", "missed, objective 5 s", "400 ms", "150,000", "149,000", "gone", "15.2 MB", "a" * 64]
    wanted += ["Plan", "Fetch and restore", "Integrity check", "litestream 0.5.17", "level=INFO msg=done", "Read so."]
    wanted += [before.reference, "The restored file has the size announced."]
    for headers in ({}, htmx):
        page = as_viewer.get(test.get_absolute_url(), headers=headers).content.decode()
        assert "hx-trigger" not in page
        for words in wanted:
            assert words in page, words


@pytest.mark.parametrize("status", ["failed", "timed_out", "inconclusive"])
def test_a_test_that_did_not_pass_says_why(as_viewer: Client, status: str) -> None:
    checks = [{"name": "restore", "passed": False, "message": "The scratch disk was full."}]
    test = make_restore_test(status=status, checks=checks, rto_seconds=None, rpo_seconds=None, tables={}, sha256="")
    page = as_viewer.get(test.get_absolute_url()).content.decode()
    assert test.get_status_display() in page
    assert "The scratch disk was full." in page
    assert "unknown" in page


def test_what_became_of_each_check_is_said_in_words(as_viewer: Client) -> None:
    outcomes = {"passed": "holds", "failed": "does not hold", "unknown": "unknown", "skipped": "skipped"}
    outcomes["noted"] = "note"
    checks = [
        {"name": name, "passed": name not in ("failed", "unknown"), "outcome": name, "message": f"About {name}."}
        for name in outcomes
    ]
    page = as_viewer.get(make_restore_test(status="failed", checks=checks).get_absolute_url()).content.decode()
    lines = [" ".join(line.split()) for line in page.split('<li class="check">')[1:]]
    for (name, words), line in zip(outcomes.items(), lines, strict=True):
        assert f"</span> {words}</span>" in line
        assert f"About {name}." in line


@pytest.mark.parametrize(
    ("method", "words"),
    [
        ("litestream", "Transaction"),
        ("sqlite_backup", "File"),
        ("file_copy", "File"),
        ("postgresql_streaming", "Log position"),
    ],
)
def test_what_was_restored_is_called_what_it_is(as_viewer: Client, method: str, words: str) -> None:
    test = make_restore_test(make_replica(method=method), restored_txid="00002a")
    page = as_viewer.get(test.get_absolute_url()).content.decode()
    assert re.search(rf"<dt>{words}</dt>\s*<dd><code>00002a</code>", page)


def test_only_what_goes_back_in_time_is_asked_for_a_moment(as_responder: Client) -> None:
    for method in Replica.Method.values:
        replica = make_replica(make_database(f"of-{method}".replace("_", "-")), method=method)
        page = as_responder.get(replica.database.get_absolute_url()).content.decode()
        assert address_of(replica) in page
        assert ('name="at"' in page) is (method != "postgresql_streaming")


def test_tables_stand_beside_those_of_the_last_passing_test(as_viewer: Client) -> None:
    before = make_restore_test(tables={"users": 1000, "posts": 10, "gone": 7})
    test = make_restore_test(before.replica, tables={"users": 1012, "posts": 5, "new": 1})
    page = as_viewer.get(test.get_absolute_url()).content.decode()
    for words in ("+12", "+1.2 %", "−5", "−50.0 %", ">new<", ">gone<", "missing"):
        assert words in page, words


def test_a_moment_is_not_compared_with_newer_data(as_viewer: Client) -> None:
    newer = make_restore_test(tables={"users": 1000})
    test = make_restore_test(newer.replica, target_at=NOW - timedelta(days=1), tables={"users": 900})
    assert "against the last passing test" not in as_viewer.get(test.get_absolute_url()).content.decode()


def test_a_drill_says_what_would_have_been_lost(as_viewer: Client) -> None:
    tables = {"users": {"restored": 990, "compared": 1002}, "posts": {"restored": 5, "compared": 5}}
    loss = {"since": "2026-03-10T14:03:05+00:00", "compared_with": "source", "tables": tables}
    page = as_viewer.get(make_restore_test(loss=loss, trigger="incident").get_absolute_url()).content.decode()
    for words in ("What restoring to this moment would have lost", "had more: 12.", "10 Mar 2026, 14:03:05", "1,002"):
        assert words in page, words


def test_the_list_of_all_tests_is_filtered(as_viewer: Client) -> None:
    passed = make_restore_test()
    failed = make_restore_test(make_replica(make_database("blog")), status="failed")
    address = reverse("recovery:restore_test_list")
    found = {}
    for query in ("", "?status=failed", "?database=blog", "?database=gone", "?method=nonsense"):
        page = as_viewer.get(address + query).content.decode()
        found[query] = [f'"{test.get_absolute_url()}"' in page for test in (passed, failed)]
    everything, second, nothing = [True, True], [False, True], [False, False]
    assert [*found.values()] == [everything, second, second, nothing, everything]


def test_only_responders_may_attach_it(as_viewer: Client, as_responder: Client) -> None:
    make_incident()
    address = make_restore_test().get_absolute_url()
    offered = ["Attach as evidence" in client.get(address).content.decode() for client in (as_viewer, as_responder)]
    assert offered == [False, True]


def test_viewers_run_nothing(as_viewer: Client, replica: Replica) -> None:
    assert as_viewer.post(address_of(replica)).status_code == 403
    assert not RestoreTest.objects.exists()


def test_what_there_is_not_is_404(as_responder: Client, replica: Replica) -> None:
    assert as_responder.post(reverse("recovery:restore_test_create", args=["gone", "local"])).status_code == 404
    wrong = reverse("recovery:restore_test_create", args=[replica.database.name, "gone"])
    assert as_responder.post(wrong).status_code == 404
    for number in (99, 10**20):
        assert as_responder.get(reverse("recovery:restore_test", args=[number])).status_code == 404


def test_nobody_reads_without_signing_in(client: Client, replica: Replica) -> None:
    for address in (address_of(replica), make_restore_test(replica).get_absolute_url()):
        for response in (client.get(address), client.post(address)):
            assert response.status_code == 302
            assert response.url.startswith(reverse("account_login"))


def test_wrong_methods_are_405(as_responder: Client, replica: Replica) -> None:
    assert as_responder.get(address_of(replica)).status_code == 405
    assert as_responder.post(make_restore_test(replica).get_absolute_url()).status_code == 405
