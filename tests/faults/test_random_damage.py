"""A replica with several levels, damaged at random: whatever passes is what was there, or says how much is missing."""

import shutil
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from pytest_django import Settings

from recovery.models import Replica, RestoreTest
from tests.factories import make_database, make_replica
from tests.faults.backup import Backup
from tests.faults.layers import Layers, copy_replica, make_layers, parts_of_compacted
from tests.faults.random_damage import Damage, damages
from tests.recovery.runs import header_of, reason_of, run

OBJECTIVE = 1
Status = RestoreTest.Status
# Nothing is shrunk: each example takes a tenth of a second, and names its damage.
bounded = settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    deadline=None,
    database=None,
    derandomize=True,
    max_examples=80,
    phases=[Phase.explicit, Phase.generate],
)


@pytest.fixture(scope="module")
def layers(tmp_path_factory: pytest.TempPathFactory) -> Layers:
    return make_layers(tmp_path_factory.mktemp("layers"))


@pytest.fixture
def replica(db: None, layers: Layers, empty: Backup, settings: Settings) -> Replica:
    """A copy to be damaged, registered with an RPO objective, that has passed once."""
    settings.SCRATCH_DIR = empty.scratch
    shutil.copytree(layers.backup.source.parent, empty.source.parent)
    copy_replica(layers.backup.replica.path, empty.replica.path)
    database = make_database("shop", empty.source, rpo_objective_seconds=OBJECTIVE)
    registered = make_replica(database, empty.replica.path)
    before = run(registered)
    assert (before.status, before.sha256) == (Status.PASSED, layers.newest.sha256)
    return registered


def damaged(layers: Layers, replica: Replica, done: list[Damage]) -> None:
    """The replica is as healthy as ever, but for this."""
    files = copy_replica(layers.backup.replica.path, Path(replica.destination))
    for damage in done:
        damage.do(files)


def run_once(replica: Replica, **facts: object) -> RestoreTest:
    """A test whose row is gone afterwards, so that each is compared with the healthy one."""
    with transaction.atomic():
        test = run(replica, **facts)  # type: ignore[arg-type]  # only `at`
        transaction.set_rollback(True)
    assert test.status == Status.PASSED or test.reasons
    return test


@given(done=damages())
@bounded
def test_what_passes_is_the_newest_state_or_within_the_objective(
    layers: Layers, replica: Replica, done: list[Damage]
) -> None:
    damaged(layers, replica, done)
    test = run_once(replica)
    if test.status == Status.PASSED and test.sha256 != layers.newest.sha256:
        state = layers.find(test.sha256)
        assert state, "The database never was in this state."
        missing = (layers.newest.at - state.at).total_seconds()
        assert missing - 0.002 <= (test.rpo_seconds or 0) <= OBJECTIVE
        assert test.restored_to == state.at


@given(done=damages(), place=st.floats(0, 1, exclude_max=True), is_after=st.booleans())
@bounded
def test_what_passes_is_the_newest_state_before_the_moment_or_says_how_far_it_is(
    layers: Layers, replica: Replica, done: list[Damage], place: float, is_after: bool
) -> None:
    number = 1 + int(place * (len(layers.states) - 1))
    at = layers.states[number].at + timedelta(milliseconds=is_after)
    damaged(layers, replica, done)
    test = run_once(replica, at=at)
    expected = layers.before(at)
    if test.status == Status.PASSED and test.sha256 != expected.sha256:
        # What is left looks as if retention had cleared the single transactions, or the replica had ended earlier.
        state = layers.find(test.sha256)
        assert state, "The database never was in this state."
        assert state.at < expected.at
        # A snapshot tells when it was taken, up to which this state stood; the next one's transaction is lost for sure.
        following = layers.states[layers.states.index(state) + 1]
        known = test.rpo_seconds or 0.0
        assert (at - following.at).total_seconds() - 0.002 <= known <= (at - state.at).total_seconds() + 0.002


def test_each_moment_of_the_healthy_replica_passes_with_its_state(layers: Layers, replica: Replica) -> None:
    for before, after in zip(layers.states, layers.states[1:], strict=False):
        test = run_once(replica, at=after.at)
        assert (test.status, test.reasons) == (Status.PASSED, [])
        assert (test.sha256, test.restored_to) == (before.sha256, before.at)


def test_a_single_transaction_lost_among_others_is_a_gap_though_a_compacted_file_has_it(
    layers: Layers, replica: Replica
) -> None:
    copy_replica(layers.backup.replica.path, Path(replica.destination))
    _, lost, after, *_ = parts_of_compacted(Path(replica.destination))
    lost.unlink()
    test = run_once(replica, at=header_of(after).at)
    assert test.status == Status.FAILED
    assert "because the replica lost what came next" in reason_of(test)


def test_a_snapshot_under_the_name_of_a_newer_one_is_not_taken_for_it(layers: Layers, replica: Replica) -> None:
    copy_replica(layers.backup.replica.path, Path(replica.destination))
    snapshots = sorted(Path(replica.destination).glob("ltx/9/*.ltx"))
    newest = layers.newest.txid
    snapshots[0].rename(snapshots[0].with_name(f"{1:016x}-{newest}.ltx"))
    test = run_once(replica)
    assert test.status == Status.FAILED
    assert f"{newest}.ltx holds other transactions than its name says" in reason_of(test)
