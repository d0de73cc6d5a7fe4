"""The example: the incident, and a real database with a real Litestream replica to test."""

import fcntl
import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from itertools import chain, count
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from incidents.models import Incident
from incidents.services.example import load_example_incident
from incidents.services.example_history import load_example_history
from lib.queue import send_after_commit
from recovery.errors import RecoveryError, RestoreStopped
from recovery.methods.deadline import Deadline
from recovery.methods.litestream import FileReplica, replicate_once
from recovery.methods.process import Bounds
from recovery.models import Database, Replica

NAME = "app"
TASK = "recovery.tasks.build_example_database"
TIME_LIMIT = 300.0
# As in the guide: the restore test of 2024-03-15 counted 150,000 users.
USERS = 150_000
SCHEMA = """
CREATE TABLE users (
    id INTEGER PRIMARY KEY, name TEXT NOT NULL, email TEXT NOT NULL UNIQUE, joined_on TEXT NOT NULL
);
CREATE TABLE sessions (
    id INTEGER PRIMARY KEY, user_id INTEGER NOT NULL REFERENCES users (id), started_at TEXT NOT NULL
);
CREATE INDEX sessions_by_user ON sessions (user_id);
"""


@transaction.atomic
def load_example(*, actor: User, now: datetime | None = None) -> tuple[Incident, Replica]:
    """The example incident, others of the weeks before `now`, and the first one's database registered.

    Its replica is made by `build_example_database`. What is there already stays as it is; where a database of somebody
    else's has its name, it gets another.
    """
    incident = load_example_incident(actor=actor)
    load_example_history(actor=actor, now=now or timezone.now())
    folder = Path(settings.EXAMPLE_DIR)
    database, _is_new = Database.objects.get_or_create(
        path=str(folder / "app.db"),
        defaults={"name": _choose_name(), "rpo_objective_seconds": 1, "rto_objective_seconds": 60},
    )
    replica, _is_new = Replica.objects.get_or_create(
        database=database,
        name="local",
        defaults={"destination": str(folder / "replica"), "status": Replica.Status.PREPARING},
    )
    return incident, replica


@transaction.atomic
def queue_example(*, actor: User) -> Incident:
    """The example incident at once; a worker makes its database and replica after the commit."""
    incident, replica = load_example(actor=actor)
    queue_preparation(replica)
    return incident


@transaction.atomic
def queue_preparation(replica: Replica) -> Replica:
    """The example's replica is being prepared, and a worker hears of it after the commit; one that is ready stays."""
    replica = Replica.objects.select_for_update().get(pk=replica.pk)
    if replica.status != Replica.Status.READY:
        replica.status, replica.problem = Replica.Status.PREPARING, ""
        replica.save(update_fields=["status", "problem", "updated_at"])
        send_after_commit(TASK, replica.pk)
    return replica


def build_example_database(pk: int) -> Replica:
    """The example's database exists and is replicated with the real Litestream; a replica that is ready stays as it is.

    Raises RecoveryError when it could not be made; the reason is then on the replica's row too.
    """
    replica = Replica.objects.select_related("database").get(pk=pk)
    if replica.status == Replica.Status.READY:
        return replica
    try:
        with _alone(Path(settings.EXAMPLE_DIR)):
            replica.refresh_from_db()
            if replica.status == Replica.Status.READY:
                return replica
            _build(Path(replica.database.path), Path(replica.destination))
    except (OSError, sqlite3.Error, RestoreStopped, RecoveryError) as error:
        replica.status, replica.problem = Replica.Status.BROKEN, str(error)[:500]
        replica.save(update_fields=["status", "problem", "updated_at"])
        raise RecoveryError(_("The example database could not be made: %(reason)s") % {"reason": error}) from error
    replica.status, replica.problem = Replica.Status.READY, ""
    replica.save(update_fields=["status", "problem", "updated_at"])
    return replica


def _choose_name() -> str:
    taken = set(Database.objects.filter(name__startswith=NAME).values_list("name", flat=True))
    return next(name for name in chain([NAME], (f"{NAME}-example-{n}" for n in count(1))) if name not in taken)


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Waits until no other process makes the example; the lock goes with its holder."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (folder / "lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _build(database: Path, destination: Path) -> None:
    if not {database.parent, destination.parent} == {Path(settings.EXAMPLE_DIR)}:
        raise RecoveryError(_("%(path)s is not the example's own file, so it is left alone.") % {"path": database})
    # Begun afresh: what an interrupted start left behind would make the two differ.
    shutil.rmtree(destination, ignore_errors=True)
    database.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    for leftover in database.parent.glob(f"{database.name}*"):
        leftover.unlink() if leftover.is_file() else shutil.rmtree(leftover)
    for leftover in database.parent.glob(f".{database.name}-litestream"):
        shutil.rmtree(leftover)
    fill(database, USERS)
    written = database.stat().st_mtime_ns
    replicate_once(database, FileReplica(destination), Bounds(folder=database.parent, deadline=Deadline(TIME_LIMIT)))
    # Litestream leaves its log behind. Moved into the file only when somebody reads it, it would look like a new write.
    with closing(sqlite3.connect(database)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    # What followed was Litestream's and the checkpoint's own; on a busy machine it takes seconds, and would count as
    # data written after the replica was made.
    os.utime(database, ns=(written, written))


def fill(path: Path, users: int) -> None:
    """A new SQLite database with so many users and a session for every third of them."""
    connection = sqlite3.connect(path)
    try:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.executescript(SCHEMA)
        with connection:
            connection.executemany(
                "INSERT INTO users (id, name, email, joined_on) VALUES (?, ?, ?, date('2020-01-01', ?))",
                ((n, f"User {n}", f"user{n}@example.org", f"+{n % 1500} days") for n in range(1, users + 1)),
            )
            connection.execute(
                "INSERT INTO sessions (user_id, started_at)"
                " SELECT id, datetime(joined_on, '+1 hour') FROM users WHERE id % 3 = 0"
            )
    finally:
        connection.close()
