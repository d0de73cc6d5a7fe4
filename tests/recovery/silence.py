"""A server that takes connections and never says a word."""

import socket
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from recovery.models import Replica
from tests.factories import make_database, make_replica


@contextmanager
def silent_server() -> Iterator[int]:
    """Its port on this machine."""
    with closing(socket.create_server(("127.0.0.1", 0), backlog=64)) as server:
        yield server.getsockname()[1]


def make_silent_replica(port: int, source: Path | str, monkeypatch: pytest.MonkeyPatch) -> Replica:
    """A replica of the source on the server at this port."""
    monkeypatch.setenv("SILENT_KEY", "key")
    return make_replica(
        make_database("silent", source),
        "s3://backup/app",
        options={"endpoint": f"http://127.0.0.1:{port}", "region": "us-east-1", "force-path-style": True},
        secrets={"access-key-id": "env:SILENT_KEY", "secret-access-key": "env:SILENT_KEY"},
    )
