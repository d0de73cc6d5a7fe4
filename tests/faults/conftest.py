import fcntl
import os
import shutil
import signal
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest
from pytest_django import Settings

from recovery.models import Replica
from tests.factories import make_database, make_replica
from tests.faults.backup import Backup
from tests.faults.postgresql_fixtures import copied, pair, place, running, stopped  # noqa: F401  # found by their name
from tests.faults.processes import commands_about


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three batches of users, replicated one by one: 100, 300 and 600 rows after each."""
    backup = Backup(tmp_path_factory.mktemp("template"))
    for count in (100, 200, 300):
        backup.write(count)
        backup.replicate()
    return backup.folder


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[Backup]:
    """A place for a backup. However its restore tests end, they leave no process and no scratch."""
    backup = Backup(tmp_path)
    backup.scratch.mkdir()
    yield backup
    assert list(backup.scratch.iterdir()) == []
    assert commands_about(tmp_path) == []


@pytest.fixture
def backup(empty: Backup, template: Path) -> Backup:
    """A healthy backup of 600 users."""
    shutil.copytree(template, empty.folder, dirs_exist_ok=True)
    return empty


@pytest.fixture
def replica(db: None, backup: Backup, settings: Settings) -> Replica:
    """A healthy replica of 600 users. Restore tests of it leave no process and no scratch, or the test fails."""
    settings.SCRATCH_DIR = backup.scratch
    return make_replica(make_database("shop", backup.source), backup.replica.path)


@pytest.fixture
def stuck() -> Callable[[Path], AbstractContextManager[None]]:
    """While `with stuck(path):` lasts, whoever opens the file waits, as on a network disk that has gone silent.

    The kernel gives a lease up after /proc/sys/fs/lease-break-time, 45 seconds unless changed.
    """

    @contextmanager
    def hold(path: Path) -> Iterator[None]:
        # The kernel tells the holder by a signal that would end it.
        before = signal.signal(signal.SIGIO, signal.SIG_IGN)
        descriptor = os.open(path, os.O_RDWR)
        try:
            fcntl.fcntl(descriptor, fcntl.F_SETLEASE, fcntl.F_WRLCK)
            yield
        finally:
            os.close(descriptor)
            signal.signal(signal.SIGIO, before)

    return hold
