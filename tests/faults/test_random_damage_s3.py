"""Objects of a replica on S3, damaged at random: whatever passes is the newest state, or within the objective."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from pytest_django import Settings

from recovery.models import Replica, RestoreTest
from tests.factories import make_database, make_replica
from tests.faults.backup import Backup
from tests.faults.layers import Layers, make_layers
from tests.faults.random_damage import ROT, Damage, damages
from tests.faults.servers import Place, serving_s3
from tests.recovery.runs import run

OBJECTIVE = 2
# Times there are whole seconds, cut off.
COARSE_SECONDS = 1.0
Status = RestoreTest.Status


@pytest.fixture(scope="module")
def layers(tmp_path_factory: pytest.TempPathFactory) -> Layers:
    return make_layers(tmp_path_factory.mktemp("layers"))


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    with serving_s3(tmp_path_factory.mktemp("s3")) as server:
        yield server.place("bucket")


@pytest.fixture
def replica(
    db: None, layers: Layers, place: Place, empty: Backup, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> Replica:
    """The replica as objects, registered with an RPO objective, that has passed once."""
    settings.SCRATCH_DIR = empty.scratch
    settings.RECOVERY_PRIVATE_ENDPOINTS = True
    shutil.copytree(layers.backup.source.parent, empty.source.parent)
    upload(layers, place)
    names = {}
    for number, (name, secret) in enumerate(place.secrets.items()):
        names[name] = f"env:SECRET_{number}"
        monkeypatch.setenv(f"SECRET_{number}", secret)
    database = make_database("shop", empty.source, rpo_objective_seconds=OBJECTIVE)
    registered = make_replica(database, place.url, options=place.options, secrets=names)
    before = run(registered)
    assert (before.status, before.sha256) == (Status.PASSED, layers.newest.sha256)
    return registered


def upload(layers: Layers, place: Place) -> list[Path]:
    """The healthy files in place of whatever was there, named as Litestream names objects."""
    shutil.rmtree(place.stored, ignore_errors=True)
    for level in layers.backup.replica.path.glob("ltx/*"):
        shutil.copytree(level, place.stored / f"{int(level.name):04d}")
    return sorted(place.stored.rglob("*.ltx"))


@given(done=damages(*ROT))
@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    deadline=None,
    database=None,
    derandomize=True,
    max_examples=40,
    phases=[Phase.generate],
)
def test_what_passes_is_the_newest_state_or_within_the_objective(
    layers: Layers, place: Place, replica: Replica, done: list[Damage]
) -> None:
    files = upload(layers, place)
    for damage in done:
        damage.do(files)
    with transaction.atomic():
        test = run(replica)
        transaction.set_rollback(True)
    if test.status != Status.PASSED:
        assert test.reasons
    elif test.sha256 != layers.newest.sha256:
        state = layers.find(test.sha256)
        assert state, "The database never was in this state."
        missing = (layers.newest.at - state.at).total_seconds()
        assert missing - COARSE_SECONDS <= (test.rpo_seconds or 0) <= OBJECTIVE
