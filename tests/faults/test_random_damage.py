"""A replica with several levels, damaged at random: whatever passes is what was there, or says how much is missing."""

import os
import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from recovery.models import Replica, RestoreTest
from tests.factories import make_database, make_replica
from tests.faults.backup import Backup
from tests.faults.layers import Layers, copy_replica, make_layers
from tests.faults.random_damage import Damage, damages
from tests.recovery.runs import run

OBJECTIVE = 1
bounded = settings(max_examples=int(os.environ.get("N","100")), 
    suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, database=None, derandomize=True
)


@pytest.fixture(scope="module")
def layers(tmp_path_factory: pytest.TempPathFactory) -> Layers:
    return make_layers(tmp_path_factory.mktemp("layers"))


@pytest.fixture
def replica(db: None, layers: Layers, empty: Backup, settings: object) -> Iterator[Replica]:
    """A copy to be damaged, registered with an RPO objective, that has passed once."""
    settings.SCRATCH_DIR = empty.scratch  # type: ignore[attr-defined]
    shutil.copytree(layers.backup.source.parent, empty.source.parent)
    copy_replica(layers.backup.replica.path, empty.replica.path)
    database = make_database("shop", empty.source, rpo_objective_seconds=OBJECTIVE)
    registered = make_replica(database, empty.replica.path)
    before = run(registered)
    assert (before.status, before.sha256) == ("passed", layers.newest.sha256)
    return registered


def run_once(replica: Replica, **facts: object) -> RestoreTest:
    """A test whose rows are gone afterwards, so that each is compared with the healthy one."""
    with transaction.atomic():
        test = run(replica, **facts)
        transaction.set_rollback(True)
    return test


@given(done=damages())
@bounded
def test_latest(layers: Layers, replica: Replica, done: list[Damage]) -> None:
    files = copy_replica(layers.backup.replica.path, Path(replica.destination))
    for damage in done:
        damage.do(files)
    test = run_once(replica)
    if test.status != "passed":
        assert test.reasons
        return
    state = layers.find(test.sha256)
    assert state is not None, test.tables
    if state != layers.newest:
        assert test.rpo_seconds and test.rpo_seconds <= OBJECTIVE
        assert test.restored_to == state.at


@given(done=damages(), place=st.floats(0, 1, exclude_max=True), after=st.booleans())
@bounded
def test_moment(layers: Layers, replica: Replica, done: list[Damage], place: float, after: bool) -> None:
    files = copy_replica(layers.backup.replica.path, Path(replica.destination))
    at = layers.states[int(place * (len(layers.states)-1)) + 1].at + timedelta(milliseconds=after)
    for damage in done:
        damage.do(files)
    test = run_once(replica, at=at)
    if test.status != "passed":
        assert test.reasons
        return
    state = layers.find(test.sha256)
    assert state == layers.before(at)
