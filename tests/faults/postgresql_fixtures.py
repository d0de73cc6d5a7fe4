"""Servers that run for all tests of a module, and copies of one that a test may damage."""

import functools
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.faults.postgresql import (
    Machine,
    Pair,
    check_nothing_left,
    make_folder,
    make_pair,
    make_primary,
)


@pytest.fixture(scope="session")
def place() -> Iterator[Path]:
    """A folder that the servers' account may reach."""
    made = Path(tempfile.mkdtemp(prefix="debrief-streaming-"))
    made.chmod(0o755)
    yield made
    shutil.rmtree(made)


@pytest.fixture(scope="session")
def running(place: Path) -> Iterator[Pair]:
    pair = make_pair(place / "pair", checksums=True)
    yield pair
    for machine in (pair.standby, pair.primary):
        machine.stop("immediate")


@pytest.fixture
def pair(running: Pair) -> Iterator[Pair]:
    """A primary and its standby, which has all. Restore tests of it leave no process, no scratch and no slot."""
    running.catch_up()
    yield running
    check_nothing_left(running)


@pytest.fixture(scope="session")
def stopped(place: Path) -> Callable[[bool], Machine]:
    """The files of a server, with or without data checksums, and with a tablespace elsewhere."""

    @functools.cache
    def make(checksums: bool) -> Machine:
        machine = make_primary(place / f"stopped-{checksums}", checksums=checksums)
        elsewhere = place / f"table space={checksums}"
        make_folder(elsewhere)
        machine.execute(
            f"CREATE TABLESPACE elsewhere LOCATION '{elsewhere}'",
            "CREATE TABLE far TABLESPACE elsewhere AS SELECT 1 x",
            "CHECKPOINT",
        )
        machine.stop()
        return machine

    return make


@pytest.fixture
def copied(stopped: Callable[[bool], Machine], request: pytest.FixtureRequest) -> Iterator[Pair]:
    """A copy of those files to damage and to start, with nobody who feeds it; with checksums unless it says False."""
    folder = Path(tempfile.mkdtemp(prefix="debrief-still-"))
    folder.chmod(0o755)
    machine = stopped(getattr(request, "param", True)).copy(folder / "standby")
    pair = Pair(machine, machine, folder / "scratch")
    pair.scratch.mkdir(mode=0o700)
    try:
        yield pair
        if machine.is_running():
            check_nothing_left(pair)
    finally:
        if machine.is_running():
            machine.stop("immediate")
        shutil.rmtree(folder)
