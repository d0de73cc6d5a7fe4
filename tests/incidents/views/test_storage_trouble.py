"""A database that takes no more: a sentence, the typed text, and nothing half-written."""

from collections.abc import Callable, Iterator
from html import escape
from typing import Any

import pytest
from django.test import Client

from accounts.models import Role, User
from config.middleware import explain
from tests.conftest import signed_in
from tests.factories import make_user
from tests.incidents.conftest import Scene, make_scene
from tests.incidents.entries import ENTRIES, Entry
from tests.storage import no_writes, small_disk

Stored = Callable[[], dict[str, Any]]
pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)
FULL = "The disk that holds Debrief&#x27;s database is full, so nothing was saved. Free some space and send it again."
every_form = pytest.mark.parametrize("entry", ENTRIES.values(), ids=list(ENTRIES))


@pytest.fixture
def actor(transactional_db: None) -> User:
    return make_user("responder", Role.RESPONDER)


@pytest.fixture
def fill_disk(actor: User) -> Iterator[Callable[[], None]]:
    """From the call on, the database gets no further page, as on a full disk."""
    with small_disk() as fill:
        yield fill


@pytest.fixture
def scene(actor: User) -> Scene:
    return make_scene(actor)


@pytest.mark.parametrize("is_htmx", [True, False])
@pytest.mark.parametrize("route", [route for route, entry in ENTRIES.items() if entry.long])
def test_on_a_full_disk_nothing_is_saved_and_nothing_typed_is_lost(
    actor: User, scene: Scene, stored: Stored, htmx: dict[str, str], fill_disk: Any, route: str, is_htmx: bool
) -> None:
    entry, client = ENTRIES[route], signed_in(actor)
    # More than fits in the pages that are begun.
    typed = ("typed <text> \n" * 2_000)[:19_990]
    sent = entry.sent(client, scene, **{entry.long: typed})
    fill_disk()
    known = stored()
    response = client.post(entry.address(scene), sent, headers=htmx if is_htmx else None)
    page = response.content.decode()
    assert response.status_code == 503
    assert FULL in page
    assert escape(typed) in page
    assert stored() == known
    assert client.get(scene.incident.get_absolute_url()).status_code == 200


@every_form
def test_while_the_database_takes_no_write_every_form_says_so(
    actor: User, scene: Scene, stored: Stored, entry: Entry
) -> None:
    client, known = signed_in(actor), stored()
    sent = entry.sent(client, scene)
    with no_writes():
        response = client.post(entry.address(scene), sent)
    page = response.content.decode()
    assert response.status_code == 503
    assert "The database can only be read, so nothing was saved. Send it again once it takes changes." in page
    assert all(escape(entry.valid[name]) in page for name in entry.texts if entry.valid[name])
    assert stored() == known
    assert client.post(entry.address(scene), sent).status_code == 302


def test_secrets_are_not_shown_again(actor: User, scene: Scene) -> None:
    client = Client()
    with no_writes():
        response = client.post("/accounts/login/", {"login": "responder", "password": "a good password"})
    page = response.content.decode()
    assert response.status_code == 503
    assert "a good password" not in page
    assert ">responder</textarea>" in page


def test_reading_goes_on_while_nothing_can_be_written(actor: User, scene: Scene) -> None:
    client = signed_in(actor)
    with no_writes():
        for address in ("/", scene.incident.get_absolute_url(), f"/incidents/{scene.incident.number}/postmortem/"):
            assert client.get(address).status_code == 200


@pytest.mark.parametrize(
    ("error", "words"),
    [
        ("database or disk is full", "is full, so nothing was saved. Free some space"),
        ('could not extend file "base/1": No space left on device', "is full, so nothing was saved. Free some space"),
        ("attempt to write a readonly database", "can only be read, so nothing was saved. Send it again once"),
        ("cannot execute INSERT in a read-only transaction", "can only be read, so nothing was saved."),
        ("database is locked", "was busy for too long, so nothing was saved. Send it again in a moment."),
        ("connection refused", "could not be reached, so nothing was saved. Send it again once it is back."),
    ],
)
def test_the_databases_own_words_become_a_sentence(error: str, words: str) -> None:
    assert words in explain(error)
