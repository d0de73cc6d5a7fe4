"""The example: a real database and a real replica, made once, and nobody's data touched for it."""

import hashlib
import sqlite3
import threading
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from pytest_django.fixtures import DjangoCaptureOnCommitCallbacks, Settings

from accounts.services.people import first_administrator
from recovery.errors import RecoveryError
from recovery.methods.litestream_position import last_write
from recovery.models import Database, Replica, RestoreTest
from recovery.services import example
from recovery.services.example import build_example_database, load_example, queue_example
from tests.factories import make_database
from tests.recovery.messages import drain
from tests.recovery.methods.sqlite_files import make_database as make_file
from tests.recovery.runs import run

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, settings: Settings) -> Path:
    settings.EXAMPLE_DIR = tmp_path / "example"
    settings.SCRATCH_DIR = tmp_path / "scratch"
    return tmp_path / "example"


def all_rows() -> dict[str, list[dict[str, Any]]]:
    return {model.__name__: [*model._default_manager.order_by("pk").values()] for model in apps.get_models()}


def all_bytes(folder: Path) -> dict[str, tuple[str, int]]:
    files = [path for path in folder.rglob("*") if path.is_file() and path.name != "lock"]
    return {str(path): (hashlib.sha256(path.read_bytes()).hexdigest(), path.stat().st_mtime_ns) for path in files}


def test_a_database_of_150_000_users_is_replicated_and_can_be_restored(folder: Path) -> None:
    _incident, replica = load_example(actor=first_administrator())
    assert replica.status == Replica.Status.PREPARING
    replica = build_example_database(replica.pk)
    assert (replica.status, replica.database.name, replica.name) == (Replica.Status.READY, "app", "local")
    test = run(replica)
    assert test.status == RestoreTest.Status.PASSED
    assert test.tables == {"users": 150_000, "sessions": 50_000}
    assert test.is_rpo_met is True
    # Not merely little: how busy the machine was while the replica was made is no loss of data.
    assert test.rpo_seconds == 0
    assert not [*(folder.parent / "scratch").iterdir()]

    rows, content = all_rows(), all_bytes(folder)
    for _ in range(2):
        _incident, again = load_example(actor=first_administrator())
        build_example_database(again.pk)
    assert all_rows() == rows
    assert all_bytes(folder) == content


def test_a_worker_hears_of_it_until_it_is_ready(
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    for status, told in ((Replica.Status.PREPARING, 1), (Replica.Status.BROKEN, 1), (Replica.Status.READY, 0)):
        Replica.objects.update(status=status)
        with django_capture_on_commit_callbacks(execute=True):
            queue_example(actor=first_administrator())
        assert drain("default") == [(example.TASK, [Replica.objects.get().pk])] * told


def test_a_database_of_the_same_name_is_left_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(example, "USERS", 30)
    theirs = make_file(tmp_path / "app.db", "CREATE TABLE orders (id); INSERT INTO orders VALUES (1);")
    before = theirs.read_bytes()
    make_database("app", theirs)
    _incident, replica = load_example(actor=first_administrator())
    build_example_database(replica.pk)
    assert theirs.read_bytes() == before
    assert {*Database.objects.values_list("name", flat=True)} == {"app", "app-example-1"}
    assert load_example(actor=first_administrator())[1] == replica


def test_a_file_that_is_not_the_examples_is_never_made_anew(tmp_path: Path) -> None:
    theirs = make_file(tmp_path / "app.db", "CREATE TABLE orders (id); INSERT INTO orders VALUES (1);")
    before = theirs.read_bytes()
    database = make_database("app", theirs)
    replica = Replica.objects.create(
        database=database, name="local", destination=str(tmp_path / "replica"), status=Replica.Status.PREPARING
    )
    with pytest.raises(RecoveryError, match="is not the example's own file"):
        build_example_database(replica.pk)
    replica.refresh_from_db()
    assert theirs.read_bytes() == before
    assert replica.status == Replica.Status.BROKEN


def test_a_start_cut_short_is_begun_afresh(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(example, "USERS", 30)
    _incident, replica = load_example(actor=first_administrator())
    (folder / "replica" / "ltx" / "0").mkdir(parents=True)
    (folder / "app.db").write_bytes(b"half a database")
    (folder / "app.db-wal").write_bytes(b"and its log")
    (folder / ".app.db-litestream").mkdir()
    build_example_database(replica.pk)
    with closing(sqlite3.connect(folder / "app.db")) as connection:
        assert connection.execute("SELECT count(*) FROM users").fetchone() == (30,)


def test_reading_the_example_makes_its_backup_no_older(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(example, "USERS", 30)
    _incident, replica = load_example(actor=first_administrator())
    build_example_database(replica.pk)
    written = last_write(folder / "app.db")
    with closing(sqlite3.connect(folder / "app.db")) as connection:
        connection.execute("SELECT count(*) FROM users").fetchone()
        assert last_write(folder / "app.db") == written
    assert last_write(folder / "app.db") == written


def test_a_folder_that_cannot_be_written_leaves_its_reason(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(example, "USERS", 30)
    _incident, replica = load_example(actor=first_administrator())
    folder.write_text("a file in its place")
    with pytest.raises(RecoveryError, match="could not be made"):
        build_example_database(replica.pk)
    replica.refresh_from_db()
    assert replica.status == Replica.Status.BROKEN
    assert replica.problem
    folder.unlink()
    assert build_example_database(replica.pk).problem == ""


def test_two_builders_wait_for_each_other(folder: Path) -> None:
    def build() -> None:
        with example._alone(folder):
            pass

    second = threading.Thread(target=build)
    with example._alone(folder):
        second.start()
        second.join(0.2)
        assert second.is_alive()
    second.join(20)
    assert not second.is_alive()
