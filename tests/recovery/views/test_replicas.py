"""Correcting a replica's folder, and following the example's replica until it is there."""

from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django.fixtures import DjangoCaptureOnCommitCallbacks

from recovery.models import Replica
from recovery.services import example
from tests.factories import make_database, make_replica
from tests.recovery.messages import drain

PREPARING, READY, BROKEN = Replica.Status.PREPARING, Replica.Status.READY, Replica.Status.BROKEN


@pytest.fixture
def replica(db: None) -> Replica:
    return make_replica(make_database("shop"))


def folder_address(name: str = "local") -> str:
    return reverse("recovery:replica_edit", args=["shop", name])


def preparation_address(name: str = "local") -> str:
    return reverse("recovery:replica_preparation", args=["shop", name])


def in_state(replica: Replica, status: str) -> Replica:
    replica.status, replica.problem = status, "No space left" if status == BROKEN else ""
    replica.save()
    return replica


def test_the_folder_is_corrected(as_administrator: Client, replica: Replica, tmp_path: Path) -> None:
    (tmp_path / "ltx").mkdir()
    assert folder_address() in as_administrator.get(replica.database.get_absolute_url()).content.decode()
    assert f'value="{replica.destination}"' in as_administrator.get(folder_address()).content.decode()
    response = as_administrator.post(folder_address(), {"destination": str(tmp_path)})
    assert response.url == replica.database.get_absolute_url()
    replica.refresh_from_db()
    assert replica.destination == str(tmp_path)


@pytest.mark.parametrize(
    ("destination", "words"),
    [("/gone/replica", "There is no folder"), ("/etc", "is not a Litestream replica"), ("", "This field is required")],
)
def test_a_folder_that_is_none_comes_back_with_what_was_typed(
    as_administrator: Client, replica: Replica, htmx: dict[str, str], destination: str, words: str
) -> None:
    for headers in ({}, htmx):
        response = as_administrator.post(folder_address(), {"destination": destination}, headers=headers)
        page = response.content.decode()
        assert response.status_code == 422
        assert words in page
        assert not destination or f'value="{destination}"' in page
    assert Replica.objects.get().destination == replica.destination


def test_a_replica_in_preparation_follows_by_itself(as_viewer: Client, replica: Replica, htmx: dict[str, str]) -> None:
    in_state(replica, PREPARING)
    page = as_viewer.get(replica.database.get_absolute_url()).content.decode()
    assert f'hx-get="{preparation_address()}" hx-trigger="every 1s"' in page
    assert "Try again" not in page
    assert as_viewer.get(preparation_address(), headers=htmx).status_code == 204
    for status in (READY, BROKEN):
        in_state(replica, status)
        answer = as_viewer.get(preparation_address(), headers=htmx)
        assert answer.templates[0].name == "recovery/replica/_panel.html"
        assert "every 1s" not in answer.content.decode()
    assert "No space left" in as_viewer.get(preparation_address()).content.decode()


def test_a_replica_that_is_there_now_can_be_tested_at_once(
    as_responder: Client, replica: Replica, htmx: dict[str, str]
) -> None:
    panel = as_responder.get(preparation_address(), headers=htmx).content.decode()
    assert "Run a restore test" in panel
    assert f"Restore to (in {timezone.get_current_timezone_name()})" in panel


@pytest.mark.parametrize(("status", "told"), [(BROKEN, 1), (PREPARING, 1), (READY, 0)])
def test_what_could_not_be_made_is_tried_again(
    as_administrator: Client,
    replica: Replica,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
    status: str,
    told: int,
) -> None:
    in_state(replica, status)
    page = as_administrator.get(replica.database.get_absolute_url()).content.decode()
    assert page.count("Try again") == told
    with django_capture_on_commit_callbacks(execute=True):
        response = as_administrator.post(preparation_address())
    assert response.url == replica.database.get_absolute_url()
    replica.refresh_from_db()
    assert (replica.status, replica.problem) == (PREPARING if told else READY, "")
    assert drain("default") == [(example.TASK, [replica.pk])] * told


def test_only_administrators_correct_and_try_again(as_viewer: Client, as_responder: Client, replica: Replica) -> None:
    in_state(replica, BROKEN)
    for client in (as_viewer, as_responder):
        page = client.get(replica.database.get_absolute_url()).content.decode()
        assert "Try again" not in page
        assert folder_address() not in page
        assert client.get(folder_address()).status_code == client.post(folder_address()).status_code == 403
        assert client.post(preparation_address()).status_code == 403


def test_unknown_replicas_are_404(as_administrator: Client, replica: Replica) -> None:
    for address in (folder_address("far"), preparation_address("far")):
        assert as_administrator.get(address).status_code == as_administrator.post(address).status_code == 404


def test_nobody_comes_here_without_signing_in(client: Client, replica: Replica) -> None:
    for address in (folder_address(), preparation_address()):
        for response in (client.get(address), client.post(address)):
            assert response.url.startswith(reverse("account_login"))


def test_wrong_methods_are_405(as_administrator: Client, replica: Replica) -> None:
    for address in (folder_address(), preparation_address()):
        assert as_administrator.put(address).status_code == 405
