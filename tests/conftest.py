"""The cast of the tests, and how they open pages."""

import shutil
from collections.abc import Iterator

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from kombu.transport.memory import Channel

from accounts.models import Role, User
from tests.changes import forget_what_is_final
from tests.factories import make_user
from tests.postgresql import serving_postgresql


def pytest_unconfigure() -> None:
    """A process of a parallel run ends without its exit handlers, so its data folder is removed here."""
    shutil.rmtree(settings.DATA_DIR, ignore_errors=True)


@pytest.fixture(autouse=True)
def empty_queues() -> None:
    """What an earlier test told the workers is for nobody any more; their broker is this process's memory."""
    Channel.queues.clear()


@pytest.fixture(autouse=True)
def what_is_final_is_forgotten(request: pytest.FixtureRequest) -> Iterator[None]:
    """Tests with transactions of their own empty every table at their end; this one refuses that."""
    marker = request.node.get_closest_marker("django_db")
    is_transactional = bool(marker and marker.kwargs.get("transaction")) or "transactional_db" in request.fixturenames
    if is_transactional:
        request.getfixturevalue("_django_db_helper")
    yield
    if is_transactional:
        forget_what_is_final()


@pytest.fixture(autouse=True)
def connection_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """A test's transaction would end with its connection, which closing a response, beat and restores give back."""
    monkeypatch.setattr(connection, "close_if_unusable_or_obsolete", lambda: None)


@pytest.fixture(scope="session")
def postgresql_url() -> Iterator[str]:
    """The address of a PostgreSQL for the tests of the group “postgresql”, which one process runs."""
    with serving_postgresql() as url:
        yield url


@pytest.fixture
def administrator(db: None) -> User:
    return make_user("administrator", Role.ADMINISTRATOR)


@pytest.fixture
def responder(db: None) -> User:
    return make_user("responder", Role.RESPONDER)


@pytest.fixture
def viewer(db: None) -> User:
    return make_user("viewer", Role.VIEWER)


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


@pytest.fixture
def as_administrator(administrator: User) -> Client:
    return signed_in(administrator)


@pytest.fixture
def as_responder(responder: User) -> Client:
    return signed_in(responder)


@pytest.fixture
def as_viewer(viewer: User) -> Client:
    return signed_in(viewer)


@pytest.fixture
def htmx() -> dict[str, str]:
    """Headers of a request by htmx: `client.post(url, data, headers=htmx)`."""
    return {"HX-Request": "true"}
